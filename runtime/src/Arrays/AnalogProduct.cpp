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

/// Input vectors whose digits and sums are held at a time: they stay in the first-level cache.
static constexpr size_t vectorsAtOnce = 16;

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
  RowBlock block{.rows = DrivenRows(set.rows),
                 .pairs = (set.rows.size() + 1) / 2,
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
  // Units as fine as 16 bits for a cell and 31 bits for a sum allow.
  const double sums = largest * double(count) * ((1u << converters.dacBits) - 1);
  const int fraction = int(std::floor(std::log2(std::min(32767 / largest, 0x7fffffff / sums))));
  block.unit = float(std::exp2(-fraction));
  block.cells.assign(columns * block.pairs * 2);
  for (size_t column = 0; column < columns; ++column)
    for (size_t r = 0; r < count; ++r)
      block.cells[((column / blockColumns * block.pairs + r / 2) * blockColumns +
                   column % blockColumns) *
                      2 +
                  r % 2] = int16_t(std::lround(digits[column * count + r] / block.unit));
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
  int16_t *digits = scratch.digits.reserve(inputs.count * block.steps * block.pairs * 2);
  float *digitSums = scratch.digitSums.reserve(inputs.count * block.steps);
  uint8_t used[vectorsAtOnce];
  cutDigits({driven.data, block.rows.delays().data(), driven.stride, driven.count,
             block.rows.count(), block.pairs, block.steps, converters.dacBits, digits, digitSums,
             used});
  // A column without current has no noise; a converter with an offset reads it all the same.
  if (hasErrors)
    std::fill_n(used, inputs.count, uint8_t(block.steps));
  const size_t columns = block.plan.places.size();
  uint32_t *sums = scratch.planes.reserve(inputs.count * columns);
  sumAnalog(
      {.digits = digits,
       .digitSums = digitSums,
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
       .noiseFactor = noiseFactor,
       .noiseBias = noiseBias,
       .numbers = block.numbers.data(),
       .key = die.key(),
       .chances = {chanceWord(die, Chance::ReadNoise), chanceWord(die, Chance::LateReadNoise)},
       .phases = block.phases.data(),
       .occasion = inputs.occasion,
       .sums = sums});
  addFlipWorth(block.plan, driven, block.rows, weightScale, outputs);
  spliceAndAdd(block.plan, sums, true, columns, weightScale, inputs.count, outputs, scratch);
}
