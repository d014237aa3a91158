//===- BitPlaneProductTest.cpp - column sums through an ADC -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lossy path equals the exact one where the ADC is exact, and a reference that visits every
// cell where it is not.
//
//===----------------------------------------------------------------------===//

#include "Support/MappedMatrix.h"

#include "pim/Support/Error.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace fb = pim::fb;
using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

std::vector<int32_t> run(const MappedMatrix &matrix, const ConverterSpec &converters,
                         const uint8_t *inputs, size_t count) {
  const BitPlaneProduct product(matrix.group, matrix.cells(), physicalArrays(matrix.group),
                                converters);
  std::vector<int32_t> results(count * matrix.group.matrix_cols);
  ArrayScratch scratch;
  product.addTo({inputs, count, matrix.group.matrix_rows},
                {results.data(), matrix.group.matrix_cols}, scratch);
  for (size_t p = 0; p < count; ++p)
    for (const OffsetTerm &term : offsetTerms(matrix.group))
      for (uint32_t row : term.rows)
        for (uint32_t output : term.outputs)
          results[p * matrix.group.matrix_cols + output] +=
              inputs[p * matrix.group.matrix_rows + row] * matrix.group.weight_offset;
  return results;
}

struct Case {
  size_t rows, cols;
  MappingOptions mapping;
  ConverterSpec converters;
};

void expectReference(const Case &test) {
  std::mt19937 random(11);
  constexpr size_t count = 35; // more than are held at a time
  const MappedMatrix matrix =
      mapMatrix(randomWeights(random, test.rows, test.cols, test.mapping.weightBits), test.mapping);
  const auto inputs = randomInputs(random, count, test.rows, test.mapping.inputBits);
  EXPECT_EQ(run(matrix, test.converters, inputs.data(), count),
            lossyProduct(matrix, test.converters, inputs.data(), count))
      << test.rows << " rows, adc of " << test.converters.adcBits << " bits, lsb "
      << test.converters.adcLsb << ", dac " << test.converters.dacBits << ", cells of "
      << test.mapping.cellBits;
}

TEST(BitPlaneProductTest, ExactConvertersGiveTheIntegerProduct) {
  std::mt19937 random(12);
  for (size_t rows : {5, 16, 25, 100, 128, 200})
    for (Sign sign : {Sign::Offset, Sign::TwosComplement, Sign::Differential}) {
      const WeightMatrix weights = randomWeights(random, rows, 21, 8);
      const MappedMatrix matrix = mapMatrix(weights, {.sign = sign});
      const auto inputs = randomInputs(random, 9, rows, 8);
      EXPECT_EQ(run(matrix, {.adcBits = 8}, inputs.data(), 9),
                plainProduct(weights, inputs.data(), 9));
    }
}

TEST(BitPlaneProductTest, EveryProcessorGenerationAgrees) {
  for (int64_t generation : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(generation));
    hwy::SetSupportedTargetsForTest(generation);
    expectReference({144, 20, {}, {.adcBits = 6, .adcLsb = 2}});
    expectReference({200, 9, {.cellBits = 2}, {.adcBits = 7, .adcLsb = 3, .dacBits = 3}});
    expectReference(
        {2100, 3, {.arrayRows = 2112, .arrayColumns = 64}, {.adcBits = 9, .activeRows = 2112}});
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(BitPlaneProductTest, ClippingAdc) {
  for (unsigned bits : {1, 3, 5, 6, 7})
    for (size_t rows : {16, 25, 128, 144, 300})
      expectReference({rows, 20, {}, {.adcBits = bits}});
}

TEST(BitPlaneProductTest, QuantizingAdc) {
  for (uint32_t lsb : {2, 4, 16, 3, 10})
    for (unsigned bits : {3, 6})
      expectReference({200, 20, {}, {.adcBits = bits, .adcLsb = lsb}});
}

TEST(BitPlaneProductTest, SlicesInArrays) {
  expectReference({150, 140, {.slicesInArrays = true}, {.adcBits = 6, .adcLsb = 4}});
}

TEST(BitPlaneProductTest, FewerBits) {
  for (unsigned bits : {1, 2, 4})
    expectReference({100, 12, {.weightBits = bits, .inputBits = bits}, {.adcBits = 4}});
}

TEST(BitPlaneProductTest, CellsAndDriversOfSeveralBits) {
  for (unsigned cell : {1, 2, 4})
    for (unsigned dac : {1, 2, 3, 8})
      for (Sign sign : {Sign::Offset, Sign::Differential})
        expectReference({130,
                         9,
                         {.sign = sign, .cellBits = cell},
                         {.adcBits = 7, .adcLsb = 2, .dacBits = dac}});
}

TEST(BitPlaneProductTest, TallArraysNeedWideLanes) {
  expectReference({700, 5, {.arrayRows = 1024}, {.adcBits = 9}});
  expectReference(
      {700, 5, {.arrayRows = 1024, .arrayColumns = 64}, {.adcBits = 12, .activeRows = 1024}});
  expectReference(
      {2500, 3, {.arrayRows = 2560, .arrayColumns = 64}, {.adcBits = 11, .activeRows = 2560}});
}

TEST(BitPlaneProductTest, FewActiveRows) {
  for (uint32_t active : {9, 16, 64})
    expectReference({150, 10, {}, {.adcBits = 3, .activeRows = active}});
}

TEST(BitPlaneProductTest, ScatteredRowsAndOutputs) {
  std::mt19937 random(13);
  MappedMatrix matrix = mapMatrix(randomWeights(random, 60, 8, 8), {});
  matrix.group.matrix_cols = 24;
  auto &tile = *matrix.group.tiles[0];
  for (uint32_t r = 0; r < 60; ++r)
    tile.rows.push_back(59 - r);
  for (uint32_t o = 0; o < 8; ++o)
    tile.outputs.push_back(o * 3);
  const auto inputs = randomInputs(random, 4, 60, 8);
  const ConverterSpec converters{.adcBits = 4};
  EXPECT_EQ(run(matrix, converters, inputs.data(), 4),
            lossyProduct(matrix, converters, inputs.data(), 4));
}

TEST(BitPlaneProductTest, LateInputsShiftsSignsAndPhases) {
  std::mt19937 random(16);
  for (uint32_t fragmentRows : {0, 4, 9})
    for (unsigned dac : {1, 2}) {
      const MappedMatrix matrix = mapOddly(random, fragmentRows);
      const WeightMatrix weights =
          decodeWeights(matrix.group, matrix.cells(), physicalArrays(matrix.group));
      const auto inputs = randomInputs(random, 9, 140, 8);
      for (bool flips : {false, true})
        EXPECT_EQ(
            run(matrix, {.adcBits = 10, .dacBits = dac, .flipsColumns = flips}, inputs.data(), 9),
            plainProduct(weights, inputs.data(), 9))
            << "fragments of " << fragmentRows << " rows, dac of " << dac << " bits";
      // What the tile says of one weight: the cells', twice for its shift, and so on.
      const fb::TileT &tile = *matrix.group.tiles[0];
      for (uint32_t r : {0u, 37u, 69u})
        for (uint32_t o : {0u, 5u}) {
          int32_t expected = matrix.weights.at(r, o) * (2 << tile.delays[r]);
          if (fragmentRows > 0 && tile.signs[r / fragmentRows * 6 + o])
            expected = -expected;
          EXPECT_EQ(weights.at(r, o), expected);
          EXPECT_EQ(weights.at(70 + r, o), expected);
        }
    }
}

TEST(BitPlaneProductTest, CountsPhasesAndDelays) {
  std::mt19937 random(17);
  const MappedMatrix matrix = mapOddly(random, 9);
  const std::vector<ArrayUse> uses = arrayUses(matrix.group, 128);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].rows, 140u);
  EXPECT_EQ(uses[0].rowSets, 16u); // two phases of eight fragments
  EXPECT_EQ(uses[0].mostDelay, 2u);
}

TEST(BitPlaneProductTest, KnowsWhichArraysAreExact) {
  std::mt19937 random(14);
  const MappedMatrix matrix = mapMatrix(randomWeights(random, 128 + 15, 4, 8), {});
  const std::vector<PhysicalArray> arrays = physicalArrays(matrix.group);
  const CellImages cells = matrix.cells();
  EXPECT_TRUE(convertsExactly(arrays[0], matrix.group, cells, {.adcBits = 8}));
  EXPECT_FALSE(convertsExactly(arrays[0], matrix.group, cells, {.adcBits = 4}));
  EXPECT_TRUE(convertsExactly(arrays[1], matrix.group, cells, {.adcBits = 4}));
  EXPECT_FALSE(convertsExactly(arrays[1], matrix.group, cells, {.adcBits = 8, .adcLsb = 2}));
  EXPECT_FALSE(convertsExactly(arrays[1], matrix.group, cells, {.adcBits = 4, .dacBits = 2}));
}

TEST(BitPlaneProductTest, FewerBitsForSomeSlices) {
  for (bool isTall : {false, true}) {
    const MappingOptions mapping{.arrayRows = isTall ? 2560u : 128u, .arrayColumns = 64};
    const uint32_t rows = mapping.arrayRows;
    expectReference(
        {rows, 5, mapping, {.adcBits = 8, .activeRows = rows, .bitsBySlice = {3, 4, 5, 8}}});
  }
}

TEST(BitPlaneProductTest, FlipCodingSavesABit) {
  std::mt19937 random(16);
  for (unsigned cell : {1, 2})
    for (Sign sign : {Sign::Offset, Sign::TwosComplement, Sign::Differential}) {
      const WeightMatrix weights = randomWeights(random, 300, 21, 8);
      const MappedMatrix matrix = mapMatrix(weights, {.sign = sign, .cellBits = cell});
      const auto inputs = randomInputs(random, 9, 300, 8);
      // Sums of up to 128 * (2^cell - 1) would need 8 or 9 bits.
      const ConverterSpec flipping{.adcBits = 6 + cell, .flipsColumns = true};
      EXPECT_EQ(run(matrix, flipping, inputs.data(), 9), plainProduct(weights, inputs.data(), 9));
      for (const PhysicalArray &array : physicalArrays(matrix.group))
        EXPECT_TRUE(convertsExactly(array, matrix.group, matrix.cells(), flipping));
    }
}

TEST(BitPlaneProductTest, RefusesSumsThatLeave32Bits) {
  std::mt19937 random(15);
  const MappedMatrix matrix = mapMatrix(randomWeights(random, 10, 2, 8), {});
  EXPECT_THROW(run(matrix, {.adcBits = 24, .adcLsb = 1u << 31}, nullptr, 0), pim::Error);
}

} // namespace
