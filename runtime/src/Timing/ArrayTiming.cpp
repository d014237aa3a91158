//===- ArrayTiming.cpp - times of array kinds -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/InstructionTiming.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;

static uint32_t ceilDivide(uint32_t a, uint32_t b) { return (a + b - 1) / b; }

/// For each input step and each set of active rows, drive and read, while the step before is
/// converted. The arrays of a group work side by side; the slowest decides.
static MatrixVectorTime xbarTime(const target::Target &target, const fb::ArrayGroupT &group,
                                 std::span<const ArrayUse> uses) {
  MatrixVectorTime time;
  for (const ArrayUse &use : uses) {
    const uint32_t steps = ceilDivide(group.input_bits + use.mostDelay, target.dac.bits);
    const uint32_t rowsAtOnce = std::min(use.rows, target.array.activeRows);
    // Rows that share a driver are set one after the other, a clock cycle each.
    const double drive = (ceilDivide(rowsAtOnce, target.dac.perArray) - 1) * target.cycleNs();
    const double read = target.array.readLatencyNs + drive;
    const double convert = ceilDivide(use.columns, target.adc.perArray) * target.adc.conversionNs;
    time.perPositionNs =
        std::max(time.perPositionNs, double(steps) * use.rowSets * std::max(read, convert));
    // The last step is still to be converted, shifted and added.
    time.fillNs = std::max(time.fillNs, std::min(read, convert) + target.cycleNs());
  }
  return time;
}

/// Every stored row is ANDed with every input plane. Planes of the next position are written
/// meanwhile, into the other half of the rows kept free for them.
static MatrixVectorTime andTime(const target::Target &target, const fb::ArrayGroupT &group,
                                std::span<const ArrayUse> uses) {
  MatrixVectorTime time;
  for (const ArrayUse &use : uses) {
    const double planes = double(group.input_bits + use.mostDelay) * use.rowSets;
    const double write = planes * target.andArray.writeRowNs;
    time.perPositionNs =
        std::max({time.perPositionNs, write, planes * use.columns * target.andArray.cycleNs});
    time.fillNs = std::max(time.fillNs, write + target.cycleNs());
  }
  return time;
}

/// The layers settle one after another; then converters read the last one, which holds its neurons
/// as long.
static MatrixVectorTime imacTime(const target::Target &target, const fb::ArrayGroupT &group) {
  const double convert =
      ceilDivide(group.matrix_cols, target.imacArray.converters) * target.adc.conversionNs;
  return {double(group.neurons.size()) * target.imacArray.layerNs + convert, target.cycleNs()};
}

MatrixVectorTime runtime::matrixVectorTime(const target::Target &target,
                                           const fb::ArrayGroupT &group,
                                           std::span<const ArrayUse> uses) {
  switch (target.array.kind) {
  case target::ArrayKind::And:
    return andTime(target, group, uses);
  case target::ArrayKind::Xbar:
    return xbarTime(target, group, uses);
  case target::ArrayKind::Imac:
    return imacTime(target, group);
  }
  __builtin_unreachable(); // targets are checked when they are read
}
