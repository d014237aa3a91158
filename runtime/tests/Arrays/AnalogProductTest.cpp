//===- AnalogProductTest.cpp - columns of imperfect cells -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/MappedMatrix.h"

#include "pim/Runtime/Arrays/AnalogProduct.h"
#include "pim/Runtime/Faults/Conductance.h"
#include "pim/Runtime/Faults/ConverterErrors.h"
#include "pim/Runtime/Faults/ReadNoise.h"
#include "pim/Runtime/Faults/WireResistance.h"

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cmath>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

target::Target targetFor(const MappingOptions &mapping) {
  target::Target target;
  target.array.rows = mapping.arrayRows;
  target.array.cols = mapping.arrayColumns;
  target.cell.bits = mapping.cellBits;
  target.adc.perArray = 4;
  return target;
}

std::vector<int32_t> run(const MappedMatrix &matrix, const ConverterSpec &converters,
                         const target::Target &target, const Die &die, const uint8_t *inputs,
                         size_t count, Occasion occasion = {}) {
  const AnalogProduct product(matrix.group, matrix.cells(), physicalArrays(matrix.group),
                              converters, target, die);
  ArrayScratch scratch;
  std::vector<int32_t> results(count * matrix.group.matrix_cols);
  product.addTo({inputs, count, matrix.group.matrix_rows, occasion},
                {results.data(), matrix.group.matrix_cols}, scratch);
  return results;
}

/// What the formulas of AnalogProduct.h say in double precision, cell by cell, without the offset
/// of the weights.
std::vector<int32_t> plainAnalog(const MappedMatrix &matrix, const ConverterSpec &converters,
                                 const target::Target &target, const Die &die,
                                 const uint8_t *inputs, size_t count, Occasion occasion) {
  const fb::ArrayGroupT &group = matrix.group;
  const Conductance conductance(target, die);
  const double gain = conductance.gain(), sigma = target.cell.readNoiseSigma;
  const unsigned d = converters.dacBits;
  std::vector<int32_t> result(count * group.matrix_cols);
  for (size_t p = 0; p < count; ++p)
    for (const PhysicalArray &array : physicalArrays(group))
      for (const PhysicalArray::Column &column : array.columns) {
        const ConverterError error = converterError(target, die, array.ordinal, column.column);
        const double codes = std::exp2(converters.bitsOf(column.slice)) - 1;
        for (const auto &rows : activeSets(array, converters.activeRows)) {
          const uint32_t number =
              (array.ordinal * target.array.cols + column.column) * target.array.rows + rows[0].row;
          const auto noise = drawNoise(die, number, occasion.vector + uint32_t(p), occasion.sample);
          for (unsigned t = 0; t * d < group.input_bits; ++t) {
            double sum = 0, inputSum = 0;
            for (const PhysicalArray::Row &row : rows) {
              const unsigned x =
                  inputs[p * group.matrix_rows + row.source] >> (t * d) & ((1u << d) - 1);
              const double cell =
                  conductance.cell(array.ordinal, row.row, column.column,
                                   matrix.cells().cell(array.ordinal, row.row, column.column));
              sum += x * (cell - conductance.reference(array.ordinal, row.row)) * gain;
              inputSum += x;
            }
            const double off = conductance.subtractsReference() ? 2 * conductance.off() : 0;
            double steps = sum / converters.adcLsb;
            const double current = (sum + off * gain * inputSum) / converters.adcLsb;
            const double one = sigma * std::sqrt(conductance.on() * gain / converters.adcLsb);
            steps += deviationOf(float(std::max(current, 0.0))) * one * noise[t];
            if (hasConverterErrors(target)) {
              steps = error.gain * steps + error.offset;
              const double part = std::clamp(steps / codes, 0.0, 1.0);
              steps += error.bend * 4 * part * (1 - part);
            }
            const int64_t code =
                int64_t(std::clamp(std::floor(steps + 0.5), 0.0, codes)) * converters.adcLsb;
            const fb::Slice slice = group.slices[column.slice];
            const int64_t worth = code << (slice.shift() + t * d);
            result[p * group.matrix_cols + column.output] +=
                int32_t((slice.negative() ? -worth : worth) * group.weight_scale);
          }
        }
      }
  return result;
}

struct Case {
  size_t rows, cols;
  MappingOptions mapping;
  ConverterSpec converters;
  double variation = 0, noise = 0, onOffRatio = 0, offset = 0, gain = 0, bend = 0;
};

MappedMatrix matrixOf(const Case &test, target::Target &target) {
  std::mt19937 random(21);
  target = targetFor(test.mapping);
  target.cell.variationSigma = test.variation;
  target.cell.readNoiseSigma = test.noise;
  target.cell.onOffRatio = test.onOffRatio;
  target.adc.offsetLsb = test.offset;
  target.adc.gainSigma = test.gain;
  target.adc.inlLsb = test.bend;
  return mapMatrix(randomWeights(random, test.rows, test.cols, test.mapping.weightBits),
                   test.mapping);
}

/// Sums of floats and of doubles, and conductances of 16 bits and of 53, differ at the border
/// between two codes: one conversion in some thousands.
void expectReference(const Case &test) {
  target::Target target;
  const MappedMatrix matrix = matrixOf(test, target);
  std::mt19937 random(22);
  constexpr size_t count = 19;
  const Die die{5, 3};
  const Occasion occasion{9, 1000};
  const auto inputs = randomInputs(random, count, test.rows, test.mapping.inputBits);
  const auto found = run(matrix, test.converters, target, die, inputs.data(), count, occasion);
  const auto expected =
      plainAnalog(matrix, test.converters, target, die, inputs.data(), count, occasion);
  // Each result adds up some dozens of conversions.
  size_t differing = 0;
  for (size_t i = 0; i < found.size(); ++i)
    differing += found[i] != expected[i];
  EXPECT_LT(double(differing), 0.15 * double(found.size()));
  double squares = 0, errors = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    squares += double(expected[i]) * expected[i];
    errors += std::pow(double(found[i]) - expected[i], 2);
  }
  EXPECT_LT(std::sqrt(errors / squares), 1e-2);
}

TEST(AnalogProductTest, IdealCellsGiveWhatBitPlanesGive) {
  for (unsigned bits : {5, 8})
    for (Sign sign : {Sign::Offset, Sign::TwosComplement, Sign::Differential})
      for (unsigned dac : {1, 3})
        for (unsigned cell : {1, 2}) {
          const Case test{
              200, 21, {.sign = sign, .cellBits = cell}, {.adcBits = bits, .dacBits = dac}};
          target::Target target;
          const MappedMatrix matrix = matrixOf(test, target);
          std::mt19937 random(23);
          const auto inputs = randomInputs(random, 20, 200, 8);
          const BitPlaneProduct planes(matrix.group, matrix.cells(), physicalArrays(matrix.group),
                                       test.converters);
          ArrayScratch scratch;
          std::vector<int32_t> expected(20 * 21);
          planes.addTo({inputs.data(), 20, 200}, {expected.data(), 21}, scratch);
          EXPECT_EQ(run(matrix, test.converters, target, {}, inputs.data(), 20), expected);
        }
}

TEST(AnalogProductTest, FlippedColumnsGiveWhatBitPlanesGive) {
  const Case test{200, 21, {}, {.adcBits = 6, .bitsBySlice = {5, 6}, .flipsColumns = true}};
  target::Target target;
  const MappedMatrix matrix = matrixOf(test, target);
  std::mt19937 random(26);
  const auto inputs = randomInputs(random, 20, 200, 8);
  const BitPlaneProduct planes(matrix.group, matrix.cells(), physicalArrays(matrix.group),
                               test.converters);
  ArrayScratch scratch;
  std::vector<int32_t> expected(20 * 21);
  planes.addTo({inputs.data(), 20, 200}, {expected.data(), 21}, scratch);
  EXPECT_EQ(run(matrix, test.converters, target, {}, inputs.data(), 20), expected);
}

TEST(AnalogProductTest, LateInputsShiftsSignsAndPhasesGiveWhatBitPlanesGive) {
  std::mt19937 random(27);
  for (uint32_t fragmentRows : {0, 9})
    for (bool flips : {false, true}) {
      const MappedMatrix matrix = mapOddly(random, fragmentRows);
      const ConverterSpec converters{.adcBits = 5, .flipsColumns = flips};
      const auto inputs = randomInputs(random, 20, 140, 8);
      const BitPlaneProduct planes(matrix.group, matrix.cells(), physicalArrays(matrix.group),
                                   converters);
      ArrayScratch scratch;
      std::vector<int32_t> expected(20 * 6);
      planes.addTo({inputs.data(), 20, 140}, {expected.data(), 6}, scratch);
      EXPECT_EQ(run(matrix, converters, targetFor({}), {}, inputs.data(), 20), expected);
    }
}

TEST(AnalogProductTest, PhasesAndLateStepsHaveNoiseOfTheirOwn) {
  std::mt19937 random(28);
  MappedMatrix matrix = mapOddly(random, 0);
  target::Target target = targetFor({});
  target.cell.readNoiseSigma = 0.5;
  // Both phases drive the same cells; the same inputs in each, late so that no bit comes early.
  for (auto &tile : matrix.group.tiles)
    tile->delays.assign(70, 7);
  AlignedBuffer<uint8_t> inputs(2 * 140);
  std::fill_n(inputs.data(), 70, 0x81);            // first phase alone
  std::fill_n(inputs.data() + 140 + 70, 70, 0x81); // second phase alone
  const auto noisy = run(matrix, {.adcBits = 10}, target, {}, inputs.data(), 2);
  const auto again = run(matrix, {.adcBits = 10}, target, {}, inputs.data() + 140, 1, {0, 1});
  const std::vector<int32_t> first(noisy.begin(), noisy.begin() + 6),
      second(noisy.begin() + 6, noisy.end());
  EXPECT_EQ(second, again);
  EXPECT_NE(first, run(matrix, {.adcBits = 10}, target, {}, inputs.data() + 140, 1));
  const auto exact = run(matrix, {.adcBits = 10}, targetFor({}), {}, inputs.data(), 1);
  // The last step counts 2^14 times, and it too is noisy.
  bool isLateNoisy = false;
  for (size_t i = 0; i < 6; ++i)
    isLateNoisy |= std::abs(first[i] - exact[i]) > 1 << 13;
  EXPECT_TRUE(isLateNoisy);
}

TEST(AnalogProductTest, FollowsItsFormulas) {
  const ConverterSpec eight{.adcBits = 8}, six{.adcBits = 6, .adcLsb = 2};
  expectReference({144, 20, {}, eight, 0.1});
  expectReference({144, 20, {}, six, 0.1, 0.2});
  expectReference({144, 20, {}, eight, 0, 0.1, 10});
  expectReference({100, 9, {.cellBits = 2}, {.adcBits = 10, .dacBits = 2}, 0.05, 0.05, 5});
  expectReference({144, 20, {}, eight, 0, 0, 0, 1, 0.02, 1});
  expectReference({144,
                   20,
                   {.sign = Sign::Differential},
                   {.adcBits = 5, .activeRows = 16},
                   0.1,
                   0.1,
                   3,
                   1,
                   0.02,
                   1});
}

/// The sums of one array, from the circuit of all its cells and the reference beside them.
std::vector<double> circuitSums(const MappedMatrix &matrix, const target::Target &target,
                                std::span<const double> volts) {
  const Conductance conductance(target, {});
  const uint32_t rows = matrix.layout.rows, columns = matrix.layout.columns;
  const double siemens = 1 / (conductance.on() * target.cell.onOhm);
  std::vector<double> network;
  for (uint32_t r = 0; r < rows; ++r) {
    for (uint32_t c = 0; c < columns; ++c)
      network.push_back(conductance.cell(0, r, c, matrix.cells().cell(0, r, c)) * siemens);
    network.push_back(conductance.reference(0, r) * siemens);
  }
  std::vector<double> sums =
      WireNetwork(rows, columns + 1, network, wireOhms(target)).currents(volts);
  const double reference = sums.back();
  sums.pop_back();
  for (double &sum : sums)
    sum = (sum - reference) / siemens * conductance.gain();
  return sums;
}

TEST(AnalogProductTest, WiresDropVoltage) {
  std::mt19937 random(29);
  const MappingOptions mapping{.sign = Sign::TwosComplement,
                               .weightBits = 4,
                               .inputBits = 4,
                               .arrayRows = 40,
                               .arrayColumns = 24};
  const MappedMatrix matrix = mapMatrix(randomWeights(random, 40, 6, 4), mapping);
  target::Target target = targetFor(mapping);
  target.cell.onOffRatio = 3;
  target.cell.onOhm = 8488;
  target.array.rowWireOhm = 8;
  target.array.columnWireOhm = 10;
  target.array.driverOhm = 100;
  const auto inputs = randomInputs(random, 5, 40, 4);
  const auto found = run(matrix, {}, target, {}, inputs.data(), 5);
  const PhysicalArray array = physicalArrays(matrix.group)[0];
  std::vector<int32_t> expected(5 * 6);
  for (size_t p = 0; p < 5; ++p)
    for (unsigned t = 0; t < 4; ++t) {
      std::vector<double> volts;
      for (size_t r = 0; r < 40; ++r)
        volts.push_back(inputs[p * 40 + r] >> t & 1);
      const auto sums = circuitSums(matrix, target, volts);
      for (const PhysicalArray::Column &column : array.columns) {
        const auto [shift, negative] = columnWorth(matrix.group, column);
        const int32_t code = int32_t(std::max(std::floor(sums[column.column] + 0.5), 0.0));
        expected[p * 6 + column.output] += (negative ? -code : code) * (1 << (shift + t));
      }
    }
  EXPECT_EQ(found, expected);
  EXPECT_NE(found, plainProduct(matrix.weights, inputs.data(), 5));
}

TEST(AnalogProductTest, FlippedColumnsSurviveShortWires) {
  const Case test{200, 21, {}, {.adcBits = 6, .activeRows = 64, .flipsColumns = true}};
  target::Target target;
  const MappedMatrix matrix = matrixOf(test, target);
  std::mt19937 random(30);
  const auto inputs = randomInputs(random, 4, 200, 8);
  const auto expected = run(matrix, test.converters, target, {}, inputs.data(), 4);
  target.cell.onOhm = 1e6;
  target.array.rowWireOhm = target.array.columnWireOhm = 1e-4;
  EXPECT_EQ(run(matrix, test.converters, target, {}, inputs.data(), 4), expected);
}

TEST(AnalogProductTest, EveryProcessorGenerationAgrees) {
  const Case test{150, 20, {}, {.adcBits = 6}, 0.1, 0.1, 8, 0.5, 0.02, 0.5};
  target::Target target;
  const MappedMatrix matrix = matrixOf(test, target);
  std::mt19937 random(24);
  const auto inputs = randomInputs(random, 20, 150, 8);
  std::vector<int32_t> first;
  for (int64_t generation : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(generation));
    hwy::SetSupportedTargetsForTest(generation);
    const auto found = run(matrix, test.converters, target, {2, 0}, inputs.data(), 20);
    if (first.empty())
      first = found;
    EXPECT_EQ(found, first);
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(AnalogProductTest, NoiseBelongsToTheOccasion) {
  const Case test{100, 8, {}, {}, 0, 0.3};
  target::Target target;
  const MappedMatrix matrix = matrixOf(test, target);
  std::mt19937 random(25);
  const auto inputs = randomInputs(random, 40, 100, 8);
  auto multiply = [&](size_t begin, size_t count, Occasion occasion) {
    return run(matrix, {}, target, {}, inputs.data() + begin * 100, count, occasion);
  };
  const auto all = multiply(0, 40, {1, 0});
  // Cut anywhere, the vectors have the noise of their place.
  const auto rest = multiply(7, 33, {1, 7});
  EXPECT_EQ(std::vector<int32_t>(all.begin() + 7 * 8, all.end()), rest);
  EXPECT_NE(all, multiply(0, 40, {2, 0}));
  EXPECT_NE(all, multiply(0, 40, {1, 1}));
}

TEST(AnalogProductTest, NoiseGrowsWithTheRootOfTheSum) {
  // One column of ones; n rows driven.
  MappingOptions mapping{.sign = Sign::TwosComplement, .weightBits = 2, .inputBits = 1};
  const WeightMatrix weights{128, 1, std::vector<int32_t>(128, 1)};
  const MappedMatrix matrix = mapMatrix(weights, mapping);
  target::Target target = targetFor(mapping);
  target.cell.readNoiseSigma = 0.5;
  for (size_t driven : {16, 100}) {
    constexpr size_t count = 4000;
    AlignedBuffer<uint8_t> inputs(count * 128);
    for (size_t p = 0; p < count; ++p)
      std::fill_n(inputs.data() + p * 128, driven, 1);
    const auto results = run(matrix, {}, target, {}, inputs.data(), count);
    double sum = 0, squares = 0;
    for (int32_t x : results) {
      sum += x;
      squares += double(x) * x;
    }
    const double mean = sum / count, variance = squares / count - mean * mean;
    EXPECT_NEAR(mean, double(driven), 0.3);
    EXPECT_NEAR(variance, 0.25 * double(driven) + 1 / 12.0, 0.06 * 0.25 * double(driven));
  }
}

} // namespace
