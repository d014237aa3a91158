//===- SensedProductTest.cpp - AND with errors in sensing -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/MappedMatrix.h"

#include "pim/Runtime/Arrays/SensedProduct.h"

#include <gtest/gtest.h>

using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

const MappingOptions subArrays{.sign = Sign::TwosComplement, .arrayRows = 512, .arrayColumns = 240};

std::vector<int32_t> run(const MappedMatrix &matrix, const SenseErrorRates &rates,
                         const uint8_t *inputs, size_t count, Occasion occasion = {}) {
  const SensedProduct product(matrix.group, matrix.cells(), rates, {});
  std::vector<int32_t> results(count * matrix.group.matrix_cols);
  product.addTo({inputs, count, matrix.group.matrix_rows, occasion},
                {results.data(), matrix.group.matrix_cols});
  return results;
}

TEST(SensedProductTest, WithoutErrorsItIsTheIntegerProduct) {
  std::mt19937 random(31);
  for (size_t rows : {30, 512, 700}) {
    const WeightMatrix weights = randomWeights(random, rows, 40, 8);
    const MappedMatrix matrix = mapMatrix(weights, subArrays);
    const auto inputs = randomInputs(random, 5, rows, 8);
    EXPECT_EQ(run(matrix, {}, inputs.data(), 5), plainProduct(weights, inputs.data(), 5));
  }
}

TEST(SensedProductTest, CertainErrorsInvertTheAnd) {
  std::mt19937 random(32);
  const WeightMatrix weights = randomWeights(random, 100, 4, 8);
  const MappedMatrix matrix = mapMatrix(weights, subArrays);
  const auto inputs = randomInputs(random, 3, 100, 8);
  // 100 - popcount for each plane: the constants of all planes add up to 255 * 100 * (127 - 128).
  std::vector<int32_t> expected = plainProduct(weights, inputs.data(), 3);
  for (int32_t &x : expected)
    x = -255 * 100 - x;
  EXPECT_EQ(run(matrix, {1, 1, 1}, inputs.data(), 3), expected);
}

TEST(SensedProductTest, ErrorsOccurAtTheirRates) {
  // One stored row of ones, one input plane of ones: the result is 512 less the lost ones.
  MappingOptions mapping = subArrays;
  mapping.inputBits = 1;
  mapping.weightBits = 2;
  const MappedMatrix matrix = mapMatrix({512, 1, std::vector<int32_t>(512, 1)}, mapping);
  constexpr size_t count = 5000;
  AlignedBuffer<uint8_t> inputs(count * 512);
  std::fill_n(inputs.data(), count * 512, 1);
  double sum = 0;
  for (int32_t x : run(matrix, {0, 0, 0.01}, inputs.data(), count))
    sum += x;
  EXPECT_NEAR(sum / count, 512 * 0.99, 0.15);
}

TEST(SensedProductTest, ErrorsBelongToTheOccasion) {
  std::mt19937 random(33);
  const MappedMatrix matrix = mapMatrix(randomWeights(random, 300, 6, 8), subArrays);
  const auto inputs = randomInputs(random, 10, 300, 8);
  const SenseErrorRates rates{0.001, 0.01, 0.01};
  const auto all = run(matrix, rates, inputs.data(), 10, {4, 0});
  EXPECT_EQ(std::vector<int32_t>(all.begin() + 3 * 6, all.end()),
            run(matrix, rates, inputs.data() + 3 * 300, 7, {4, 3}));
  EXPECT_NE(all, run(matrix, rates, inputs.data(), 10, {5, 0}));
}

} // namespace
