//===- ArrayKindsTest.cpp - the kinds behind their interface ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/MappedMatrix.h"

#include "pim/Target/Target.h"

#include <gtest/gtest.h>

using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

pim::target::Target targetWithAdc(unsigned bits, unsigned lsb) {
  pim::target::Target target;
  target.array.rows = target.array.cols = target.array.activeRows = 128;
  target.cell.bits = 1;
  target.dac.bits = 1;
  target.adc.bits = bits;
  target.adc.lsb = lsb;
  return target;
}

std::vector<int32_t> run(const ProgrammedGroup &group, const MappedMatrix &matrix,
                         const uint8_t *inputs, size_t count) {
  ArrayScratch scratch;
  std::vector<int32_t> results(count * matrix.group.matrix_cols, 77);
  const InputVectors vectors{inputs, count, matrix.group.matrix_rows};
  group.multiply(vectors, {results.data(), matrix.group.matrix_cols}, false, scratch);
  std::vector<int32_t> twice = results;
  group.multiply(vectors, {twice.data(), matrix.group.matrix_cols}, true, scratch);
  for (size_t i = 0; i < results.size(); ++i)
    EXPECT_EQ(twice[i], 2 * results[i]) << "accumulation";
  return results;
}

class ArrayKindsTest : public ::testing::TestWithParam<const char *> {};

TEST_P(ArrayKindsTest, GoodConvertersGiveTheIntegerProduct) {
  std::mt19937 random(1);
  const WeightMatrix weights = randomWeights(random, 200, 30, 8);
  const MappedMatrix matrix = mapMatrix(weights, {});
  const auto inputs = randomInputs(random, 10, 200, 8);
  const auto group =
      findArrayKind(GetParam()).program(matrix.group, matrix.cells(), targetWithAdc(8, 0));
  EXPECT_TRUE(group->isExact());
  EXPECT_EQ(run(*group, matrix, inputs.data(), 10), plainProduct(weights, inputs.data(), 10));
}

TEST_P(ArrayKindsTest, ResultsComeFromTheCells) {
  std::mt19937 random(2);
  MappedMatrix matrix = mapMatrix(randomWeights(random, 100, 10, 8), {});
  matrix.words[0] ^= 1; // row 0, least significant bit of output 0
  const auto inputs = randomInputs(random, 1, 100, 8);
  const auto group =
      findArrayKind(GetParam()).program(matrix.group, matrix.cells(), targetWithAdc(8, 0));
  const std::vector<int32_t> plain = plainProduct(matrix.weights, inputs.data(), 1);
  const std::vector<int32_t> results = run(*group, matrix, inputs.data(), 1);
  const int change = matrix.words[0] & 1 ? 1 : -1;
  EXPECT_EQ(results[0], plain[0] + change * inputs[0]);
  EXPECT_EQ(results[1], plain[1]);
}

INSTANTIATE_TEST_SUITE_P(Kinds, ArrayKindsTest, ::testing::Values("and", "xbar"));

TEST(XbarArraysTest, WeakConvertersFollowTheReference) {
  std::mt19937 random(3);
  // 128 rows that clip beside 20 that never do: both paths in one group.
  const MappedMatrix matrix = mapMatrix(randomWeights(random, 148, 20, 8), {});
  const auto inputs = randomInputs(random, 40, 148, 8);
  const auto target = targetWithAdc(5, 1);
  const auto group = xbarArrayKind().program(matrix.group, matrix.cells(), target);
  EXPECT_FALSE(group->isExact());
  EXPECT_EQ(run(*group, matrix, inputs.data(), 40),
            lossyProduct(matrix, {.adcBits = 5}, inputs.data(), 40));
}

TEST(XbarArraysTest, DepthwiseBlocksShareAnArray) {
  // Fourteen channels of nine taps on the diagonal of one array.
  std::mt19937 random(4);
  WeightMatrix weights{126, 14, std::vector<int32_t>(126 * 14)};
  for (size_t t = 0; t < 9; ++t)
    for (size_t c = 0; c < 14; ++c)
      weights.at(t * 14 + c, c) = int32_t(random() % 255) - 127;
  MappedMatrix matrix = mapMatrix(weights, {.sign = Sign::Differential});
  const auto inputs = randomInputs(random, 12, 126, 8);
  for (unsigned bits : {8, 2}) {
    const auto group =
        xbarArrayKind().program(matrix.group, matrix.cells(), targetWithAdc(bits, 1));
    EXPECT_EQ(run(*group, matrix, inputs.data(), 12),
              lossyProduct(matrix, {.adcBits = bits}, inputs.data(), 12));
  }
}

TEST(XbarArraysTest, LsbForColumnsFitsWhatIsProgrammed) {
  std::mt19937 random(6);
  // Weights of 0 and 1 leave columns with few ones: 5 bits are exact, and the policy knows it.
  WeightMatrix weights{128, 8, std::vector<int32_t>(128 * 8)};
  for (size_t i = 0; i < 30; ++i)
    for (size_t c = 0; c < 8; ++c)
      weights.at(i, c) = 1;
  const MappedMatrix matrix = mapMatrix(weights, {.sign = Sign::TwosComplement});
  pim::target::Target target = targetWithAdc(5, 0);
  EXPECT_FALSE(xbarArrayKind().program(matrix.group, matrix.cells(), target)->isExact());
  target.adc.lsbPolicy = pim::target::LsbPolicy::Columns;
  const auto group = xbarArrayKind().program(matrix.group, matrix.cells(), target);
  EXPECT_TRUE(group->isExact());
  const auto inputs = randomInputs(random, 4, 128, 8);
  EXPECT_EQ(run(*group, matrix, inputs.data(), 4), plainProduct(weights, inputs.data(), 4));
}

} // namespace
