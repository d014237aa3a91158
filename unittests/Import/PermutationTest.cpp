//===- PermutationTest.cpp - elements in another order --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Elements/Permutation.h"

#include "llvm/ADT/STLExtras.h"

#include <gtest/gtest.h>
#include <numeric>
#include <random>

using namespace llvm;
using mlir::pim::permuteElements;

namespace {

/// Element by element, from positions of the result to positions of the source.
template <typename T>
std::vector<T> permuteOneByOne(const std::vector<T> &values, ArrayRef<int64_t> shape,
                               ArrayRef<int64_t> permutation) {
  std::vector<T> out(values.size());
  for (size_t to = 0; to < out.size(); ++to) {
    SmallVector<int64_t> index(shape.size());
    size_t rest = to;
    for (size_t dim = permutation.size(); dim-- > 0;) {
      index[permutation[dim]] = int64_t(rest % size_t(shape[permutation[dim]]));
      rest /= size_t(shape[permutation[dim]]);
    }
    size_t from = 0;
    for (auto [size, position] : zip_equal(shape, index))
      from = from * size_t(size) + size_t(position);
    out[to] = values[from];
  }
  return out;
}

template <typename T> class Permutation : public testing::Test {};
using Widths = testing::Types<uint8_t, uint16_t, uint32_t, uint64_t>;
TYPED_TEST_SUITE(Permutation, Widths);

TYPED_TEST(Permutation, MovesEachElementToItsPlace) {
  std::mt19937 random(11);
  // Around the sizes of blocks, with dimensions of one, and with dimensions that stay neighbours.
  const int64_t sizes[] = {1, 2, 3, 15, 16, 17, 65};
  for (int trial = 0; trial < 300; ++trial) {
    SmallVector<int64_t> shape;
    size_t count = 1;
    for (size_t rank = random() % 6; shape.size() < rank && count < 20000;) {
      shape.push_back(sizes[random() % std::size(sizes)]);
      count *= size_t(shape.back());
    }
    SmallVector<int64_t> permutation(shape.size());
    std::iota(permutation.begin(), permutation.end(), 0);
    std::shuffle(permutation.begin(), permutation.end(), random);
    std::vector<TypeParam> values(count);
    for (TypeParam &value : values)
      value = TypeParam(random());
    EXPECT_EQ(permuteElements(ArrayRef<TypeParam>(values), shape, permutation),
              permuteOneByOne(values, shape, permutation));
  }
}

} // namespace
