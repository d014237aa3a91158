//===- AnalogProduct.cpp - columns of imperfect cells ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/AnalogProduct.h"

#include "AnalogKernel.h"

#include "pim/Runtime/Arrays/EffectiveCells.h"
#include "pim/Runtime/Faults/ConverterErrors.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::runtime;

/// Input vectors whose digits and sums are held at a time: they stay in the cache, and tables of
/// subsets are made for each lot.
static constexpr size_t vectorsAtOnce = 64;

bool runtime::needsAnalog(const target::Target &target) {
  return !Conductance(target, {}).isIdeal() || target.cell.readNoiseSigma > 0 ||
         hasConverterErrors(target) || target.hasWireResistance();
}

//===----------------------------------------------------------------------===//
// Programming
//===----------------------------------------------------------------------===//

AnalogProduct::AnalogProduct(const fb::ArrayGroupT &group, const CellImages &cells,
                             std::span<const PhysicalArray> arrays, const ConverterSpec &converters,
                             const target::Target &target, const Die &die)
    : converters(converters), die(die), inputBits(group.input_bits),
      weightScale(group.weight_scale), hasErrors(hasConverterErrors(target)) {
  const std::vector<RowSet> sets = rowSets(arrays, converters.activeRows);
  const EffectiveCells effective(cells, sets, converters.flipsColumns, target, die);
  const Conductance &conductance = effective.conductance();
  const double sigma = target.cell.readNoiseSigma, gain = conductance.gain();
  noiseFactor = float(sigma * sigma * conductance.on() * gain);
  // A current of c steps has the variance noiseFactor / lsb * c.
  const float scale = float(std::sqrt(double(noiseFactor) / converters.adcLsb));
  for (auto member : {&NoisePieces::constant, &NoisePieces::linear})
    std::transform((noisePieces.*member).begin(), (noisePieces.*member).end(),
                   (noise.*member).begin(), [&](float value) { return value * scale; });
  // The currents of off cells, in the column and in its reference, are noisy too.
  if (conductance.subtractsReference())
    noiseBias = float(2 * conductance.off() * gain);
  for (const RowSet &set : sets)
    rowBlocks.push_back(makeRowBlock(group, cells, set, effective, target));
}

AnalogProduct::RowBlock AnalogProduct::makeRowBlock(const fb::ArrayGroupT &group,
                                                    const CellImages &cells, const RowSet &set,
                                                    const EffectiveCells &effective,
                                                    const target::Target &target) const {
  // Subsets are looked up for eight rows at a time.
  RowBlock block{.rows = DrivenRows(set.rows),
                 .pairs = looksUp() ? (set.rows.size() + 7) / 8 * 4 : (set.rows.size() + 1) / 2,
                 .plan = planColumns(group, set.arrays,
                                     converters.flipsColumns ? flippedColumns(cells, set.rows)
                                                             : ColumnPredicate())};
  block.steps = block.rows.steps(inputBits, converters.dacBits);
  for (const ColumnBlock &columns : block.plan.blocks) {
    const uint64_t codes = (uint64_t(1) << converters.bitsOf(columns.slice)) - 1;
    const uint64_t inputRange = (uint64_t(1) << (block.steps * converters.dacBits)) - 1;
    const uint64_t maxInput = (uint64_t(1) << converters.dacBits) - 1;
    if (codes * converters.adcLsb * (inputRange / maxInput) >= uint64_t(1) << 31)
      fail("an ADC of ", converters.bitsOf(columns.slice), " bits with an lsb of ",
           converters.adcLsb, " makes sums that do not fit 32 bits");
    block.largestCodes.push_back(float(codes));
  }
  fillCells(block, set, effective);
  fillConverters(block, set, target);
  return block;
}

void AnalogProduct::fillCells(RowBlock &block, const RowSet &set,
                              const EffectiveCells &effective) const {
  // A cell whose conductance is this many digits is no cell any more but a short circuit.
  const double most = 64 * effective.conductance().on();
  const size_t count = set.rows.size(), columns = block.plan.places.size();
  std::vector<float> digits(columns * count);
  double largest = 1;
  for (size_t column = 0; column < columns; ++column) {
    const CellColumn &place = block.plan.places[column];
    if (!place.isRead)
      continue;
    for (size_t r = 0; r < count; ++r) {
      const double value = effective(place, set.rows[r].row);
      digits[column * count + r] = float(std::clamp(value, -most, most));
      largest = std::max(largest, std::fabs(double(digits[column * count + r])));
    }
  }
  block.middle = looksUp() ? float(effective.conductance().on() / 2) : 0;
  block.unit = unitOf(digits, count, largest, block.middle);
  block.cells.assign(columns * block.pairs * 2);
  const auto middle = int32_t(std::lround(block.middle / block.unit));
  for (size_t column = 0; column < columns; ++column)
    for (size_t r = 0; r < count; ++r)
      block.cells[((column / blockColumns * block.pairs + r / 2) * blockColumns +
                   column % blockColumns) *
                      2 +
                  r % 2] = int16_t(std::lround(digits[column * count + r] / block.unit) - middle);
}

/// The finest power of two that leaves 16 bits for what is added up in them and 31 bits for a
/// column: of the conductances `digits`, `rows` a column, less `middle` each.
float AnalogProduct::unitOf(std::span<const float> digits, size_t rows, double largest,
                            double middle) const {
  double most = largest;
  if (looksUp())
    // Eight rows in any combination.
    for (size_t begin = 0; begin < digits.size(); begin += rows)
      for (size_t r = 0; r < rows; r += 8) {
        double above = 0, below = 0;
        for (float digit : digits.subspan(begin + r, std::min<size_t>(8, rows - r)))
          (digit > middle ? above : below) += std::fabs(digit - middle);
        most = std::max({most, above, below});
      }
  const double sums = (largest + middle) * double(rows) * ((1u << converters.dacBits) - 1);
  // Each of eight numbers, and the middle, are rounded by half a unit.
  const int fraction = int(std::floor(std::log2(std::min(32759 / most, 0x7fffffff / sums))));
  return float(std::exp2(-fraction));
}

void AnalogProduct::fillConverters(RowBlock &block, const RowSet &set,
                                   const target::Target &target) const {
  const size_t columns = block.plan.places.size();
  block.numbers.assign(columns);
  block.phases.assign(columns);
  block.gains.assign(columns);
  block.offsets.assign(columns);
  block.bends.assign(columns);
  for (size_t column = 0; column < columns; ++column) {
    const CellColumn &place = block.plan.places[column];
    block.numbers[column] =
        (place.array * target.array.cols + place.column) * target.array.rows + set.rows[0].row;
    block.phases[column] = uint32_t(place.phase) << 24;
    const ConverterError error = converterError(target, die, place.array, place.column);
    block.gains[column] = error.gain;
    block.offsets[column] = error.offset;
    block.bends[column] = error.bend;
  }
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

void AnalogProduct::addTo(InputVectors inputs, OutputVectors outputs, ArrayScratch &scratch) const {
  for (size_t begin = 0; begin < inputs.count; begin += vectorsAtOnce) {
    const InputVectors some{inputs.data + begin * inputs.stride,
                            std::min(vectorsAtOnce, inputs.count - begin),
                            inputs.stride,
                            {inputs.occasion.sample, inputs.occasion.vector + uint32_t(begin)}};
    const OutputVectors to{outputs.data + begin * outputs.stride, outputs.stride};
    for (const RowBlock &block : rowBlocks)
      addBlock(block, some, to, scratch);
  }
}

void AnalogProduct::addBlock(const RowBlock &block, InputVectors inputs, OutputVectors outputs,
                             ArrayScratch &scratch) const {
  const InputVectors driven = block.rows.select(inputs, scratch);
  float *digitSums = scratch.digitSums.reserve(inputs.count * block.steps);
  uint8_t used[vectorsAtOnce];
  DigitTask task{.inputs = driven.data,
                 .delays = block.rows.delays().data(),
                 .inputStride = driven.stride,
                 .count = driven.count,
                 .rows = block.rows.count(),
                 .pairs = block.pairs,
                 .steps = block.steps,
                 .dacBits = converters.dacBits,
                 .sums = digitSums,
                 .used = used};
  int16_t *table = nullptr;
  if (looksUp()) {
    const size_t groups = (block.steps + maxSteps - 1) / maxSteps;
    task.patterns = scratch.patterns.reserve(inputs.count * groups * block.pairs / 4 + 8);
    if (block.rows.mostDelay() > 0)
      task.late = scratch.late.reserve(2 * (task.rows + 64));
    table = scratch.subsets.reserve(block.pairs / 2 * (size_t(16) << subsetShift));
  } else {
    task.digits = scratch.digits.reserve(inputs.count * block.steps * block.pairs * 2);
  }
  cutDigits(task);
  // A column without current has no noise; a converter with an offset reads it all the same.
  if (hasErrors)
    std::fill_n(used, inputs.count, uint8_t(block.steps));
  // In steps of the converter.
  const float perStep = 1 / float(converters.adcLsb);
  float *noiseBiases = scratch.noiseBiases.reserve(inputs.count * block.steps);
  for (size_t i = 0; i < inputs.count * block.steps; ++i) {
    noiseBiases[i] = (block.middle + noiseBias) * digitSums[i] * perStep;
    digitSums[i] = block.middle * digitSums[i] * perStep + (hasErrors ? 0.0f : 0.5f);
  }
  const size_t columns = block.plan.places.size();
  uint32_t *sums = scratch.planes.reserve(inputs.count * columns);
  sumAnalog(
      {.digits = task.digits,
       .patterns = task.patterns,
       .table = table,
       .middles = digitSums,
       .noiseBiases = noiseBiases,
       .used = used,
       .count = inputs.count,
       .pairs = block.pairs,
       .steps = block.steps,
       .dacBits = converters.dacBits,
       .cells = block.cells.data(),
       .blocks = block.plan.blocks.size(),
       .unit = block.unit,
       .lsb = converters.adcLsb,
       .largestCodes = block.largestCodes.data(),
       .hasErrors = hasErrors,
       .gains = block.gains.data(),
       .offsets = block.offsets.data(),
       .bends = block.bends.data(),
       .noise = noiseFactor > 0 ? &noise : nullptr,
       .numbers = block.numbers.data(),
       .key = die.key(),
       .chances = {chanceWord(die, Chance::ReadNoise), chanceWord(die, Chance::LateReadNoise)},
       .phases = block.phases.data(),
       .occasion = inputs.occasion,
       .sums = sums});
  addFlipWorth(block.plan, driven, block.rows, weightScale, outputs);
  spliceAndAdd(block.plan, sums, true, columns, weightScale, inputs.count, outputs, scratch);
}
