//===- Target.cpp - what a target means -----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Target/Target.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace pim::target {

void checkKeyRanges(const Target &target);

/// Fails with "key 'KEY': " in front.
template <typename... Parts>
[[noreturn]] static void failKey(const char *key, const Parts &...parts) {
  std::ostringstream message;
  message << "key '" << key << "': ";
  (message << ... << parts);
  throw KeyError(key, message.str());
}

uint32_t Target::matrixRows() const {
  return array.kind == ArrayKind::And ? array.cols : array.rows;
}

uint32_t Target::matrixColumns() const {
  return array.kind == ArrayKind::And ? array.rows - andArray.inputRows : array.cols;
}

uint64_t Target::fullRange() const {
  const uint64_t range =
      uint64_t(array.activeRows) * ((1u << cell.bits) - 1) * ((1u << dac.bits) - 1);
  return adc.coding == ColumnCoding::Flip ? range / 2 : range;
}

uint32_t lsbToSpan(uint64_t range, uint32_t bits) {
  const uint32_t rangeBits = range == 0 ? 0 : std::bit_width(range - 1);
  return rangeBits <= bits ? 1 : uint32_t(1) << (rangeBits - bits);
}

uint32_t Target::adcLsb() const {
  if (adc.lsb != 0)
    return adc.lsb;
  return adc.lsbPolicy == LsbPolicy::Unit ? 1 : lsbToSpan(fullRange(), adc.bits);
}

bool Target::hasWireResistance() const {
  return array.rowWireOhm > 0 || array.columnWireOhm > 0 || array.driverOhm > 0 ||
         array.senseOhm > 0;
}

bool Target::isAdcExact() const { return adcLsb() == 1 && fullRange() < (uint64_t(1) << adc.bits); }

double Target::adcEnergyPj() const { return adc.energyPjByBits.at(adc.bits - 1); }

double Target::adcAreaUm2() const { return adc.areaUm2ByBits.at(adc.bits - 1); }

uint32_t Target::rowGroups() const {
  if (array.kind != ArrayKind::Xbar)
    return 1;
  return (array.rows + array.activeRows - 1) / array.activeRows;
}

uint64_t Target::cyclesFor(double ns) const {
  // A time that is a whole number of cycles on paper must not become one more by rounding.
  return static_cast<uint64_t>(std::ceil(ns * chip.clockMhz / 1e3 - 1e-9));
}

static void validateAnd(const Target &target) {
  if (target.cell.bits != 1)
    failKey("cell.bits", "arrays of kind 'and' hold one bit in a cell, found ", target.cell.bits);
  if (target.andArray.inputRows >= target.array.rows)
    failKey("and.input_rows", target.andArray.inputRows, " rows for inputs leave none of the ",
            target.array.rows, " rows of the array for weights");
  if (target.andArray.inputRows % 2 != 0)
    failKey("and.input_rows", target.andArray.inputRows,
            " is odd; expected two sets of rows, one written while the other is used");
}

static void validateConverters(const Target &target) {
  auto checkList = [&](const char *key, const std::vector<double> &list) {
    if (list.size() < target.adc.bits)
      failKey(key, "lists ", list.size(), " resolutions, but adc.bits is ", target.adc.bits);
  };
  checkList("adc.energy_pj_by_bits", target.adc.energyPjByBits);
  checkList("adc.area_um2_by_bits", target.adc.areaUm2ByBits);
}

static void validateXbar(const Target &target) {
  if (target.array.activeRows > target.array.rows)
    failKey("array.active_rows", target.array.activeRows, " is more than the ", target.array.rows,
            " rows of the array");
  if (target.dac.perArray > target.array.rows)
    failKey("dac.per_array", target.dac.perArray, " is more than the ", target.array.rows,
            " rows of the array");
  if (target.adc.perArray > target.array.cols)
    failKey("adc.per_array", target.adc.perArray, " is more than the ", target.array.cols,
            " columns of the array");
  validateConverters(target);
}

static void validateImac(const Target &target) {
  if (target.cell.bits != 1)
    failKey("cell.bits", "arrays of kind 'imac' hold one bit in a cell, found ", target.cell.bits);
  if (target.array.cols % 2 != 0)
    failKey("array.cols", target.array.cols,
            " is odd; weights of 'imac' arrays are pairs of cells");
  if (target.cell.onOhm == 0)
    failKey("cell.on_ohm", "is 0; the currents of 'imac' arrays follow from it");
  if (target.cell.onOffRatio == 0)
    failKey("cell.on_off_ratio", "is 0; cells of 'imac' arrays conduct when they are off");
  if (target.mapping.sign != SignScheme::Differential)
    failKey("mapping.sign", "arrays of kind 'imac' have pairs of cells; expected differential");
  if (target.mapping.slicing != Slicing::Columns)
    failKey("mapping.slicing", "the cells of a pair are neighbours; expected columns");
  validateConverters(target);
}

static void validateFaults(const Target &target) {
  if (target.cell.stuckOnRate + target.cell.stuckOffRate > 1)
    failKey("cell.stuck_off_rate", target.cell.stuckOffRate, " and a cell.stuck_on_rate of ",
            target.cell.stuckOnRate, " are more than all cells");
  if (target.cell.thermalStability > 0 && target.cell.bits != 1)
    failKey("cell.thermal_stability", "is for magnetic cells, which hold one bit; cell.bits is ",
            target.cell.bits);
  if (target.cell.driftExponent > 0 && target.cell.retentionTimeS == 0)
    failKey(
        "cell.drift_exponent",
        "has no effect on cells that have just been programmed; give cell.retention_time_s too");
  if (target.cell.onOffRatio != 0 && target.cell.onOffRatio <= 1)
    failKey(
        "cell.on_off_ratio", target.cell.onOffRatio,
        " leaves nothing between on and off; expected more than 1, or 0 for no current when off");
}

static void validateWires(const Target &target) {
  if (target.hasWireResistance() && target.cell.onOhm == 0)
    failKey("cell.on_ohm", "is 0; wires with resistance need cells with one");
}

void Target::validate() const {
  checkKeyRanges(*this);
  validateFaults(*this);
  validateWires(*this);
  if (name.empty())
    failKey("name", "is empty");
  if (array.kind == ArrayKind::And)
    validateAnd(*this);
  else if (array.kind == ArrayKind::Imac)
    validateImac(*this);
  else
    validateXbar(*this);
  if (power.onV <= power.offV)
    failKey("power.on_v", "the chip starts at ", power.onV, " V and stops at ", power.offV,
            " V; expected more to start than to stop");
  if (matrixColumns() < 8)
    failKey(array.kind == ArrayKind::And ? "array.rows" : "array.cols", "leaves ", matrixColumns(),
            " columns of an array for weights; expected at least 8");
}

} // namespace pim::target
