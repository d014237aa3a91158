//===- IntegerProductTest.cpp - the exact product of a group ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/MappedMatrix.h"

#include <gtest/gtest.h>

using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

void expectProduct(const WeightMatrix &weights) {
  std::mt19937 random(3);
  constexpr size_t count = 7;
  const auto inputs = randomInputs(random, count, weights.rows, 8);
  const std::vector<int32_t> expected = plainProduct(weights, inputs.data(), count);
  const IntegerProduct product(weights);
  ArrayScratch scratch;
  std::vector<int32_t> results(count * weights.cols, 5);
  product.multiply({inputs.data(), count, weights.rows}, {results.data(), weights.cols}, false,
                   scratch);
  EXPECT_EQ(results, expected);
  product.multiply({inputs.data(), count, weights.rows}, {results.data(), weights.cols}, true,
                   scratch);
  for (size_t i = 0; i < results.size(); ++i)
    ASSERT_EQ(results[i], 2 * expected[i]);
}

/// taps x channels rows; channel c of a core that holds `cols` of them from `first` on.
WeightMatrix depthwise(size_t taps, size_t channels, size_t first, size_t cols) {
  std::mt19937 random(4);
  WeightMatrix weights{taps * channels, cols, std::vector<int32_t>(taps * channels * cols)};
  for (size_t t = 0; t < taps; ++t)
    for (size_t o = 0; o < cols; ++o)
      weights.at(t * channels + first + o, o) = int32_t(random() % 256) - 128;
  return weights;
}

TEST(IntegerProductTest, Dense) {
  std::mt19937 random(5);
  expectProduct(randomWeights(random, 150, 40, 8));
}

TEST(IntegerProductTest, Zero) { expectProduct({30, 20, std::vector<int32_t>(600)}); }

TEST(IntegerProductTest, Depthwise) {
  expectProduct(depthwise(9, 37, 0, 37));
  expectProduct(depthwise(25, 4, 0, 4));
}

TEST(IntegerProductTest, DepthwiseSliceOfTheChannels) {
  expectProduct(depthwise(9, 96, 32, 20));
  expectProduct(depthwise(9, 96, 76, 20));
}

TEST(IntegerProductTest, DepthwiseWithTapsThatAreZero) {
  WeightMatrix weights = depthwise(9, 24, 0, 24);
  for (size_t o = 0; o < 24; o += 3)
    weights.at(4 * 24 + o, o) = 0;
  expectProduct(weights);
  WeightMatrix first = depthwise(9, 24, 0, 24);
  for (size_t t = 0; t < 9; ++t)
    first.at(t * 24, 0) = 0;
  expectProduct(first);
}

TEST(IntegerProductTest, GroupsOfChannels) {
  std::mt19937 random(6);
  WeightMatrix weights{9 * 32, 64, std::vector<int32_t>(9 * 32 * 64)};
  for (size_t r = 0; r < weights.rows; ++r)
    for (size_t o = 0; o < weights.cols; ++o)
      if (r % 32 / 4 == o / 8)
        weights.at(r, o) = int32_t(random() % 256) - 128;
  expectProduct(weights);
}

TEST(IntegerProductTest, DecodesWhatWasMapped) {
  std::mt19937 random(8);
  for (Sign sign : {Sign::Offset, Sign::TwosComplement, Sign::Differential})
    for (unsigned bits = sign == Sign::Offset ? 1 : 2; bits <= 8; ++bits)
      for (unsigned cellBits : {1, 2, 3}) {
        // Differential magnitudes reach 2^(bits-1), which `bits` bits hold.
        const WeightMatrix weights = randomWeights(random, 140, 9, bits);
        const MappedMatrix matrix =
            mapMatrix(weights, {.sign = sign, .weightBits = bits, .cellBits = cellBits});
        WeightMatrix decoded =
            decodeWeights(matrix.group, matrix.cells(), physicalArrays(matrix.group));
        addOffsets(decoded, matrix.group);
        EXPECT_EQ(decoded.entries, weights.entries)
            << int(sign) << ", " << bits << " bits in cells of " << cellBits;
      }
}

} // namespace
