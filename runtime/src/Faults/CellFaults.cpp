//===- CellFaults.cpp - cells that do not hold what was written -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/CellFaults.h"

#include "pim/Target/Target.h"

using namespace pim;
using namespace pim::runtime;

unsigned CellWords::digit(uint32_t array, uint32_t row, uint32_t column) const {
  unsigned result = 0;
  for (unsigned bit = 0; bit < layout.bits; ++bit)
    result |= unsigned(words[array * layout.words() + layout.planeOffset(column, bit) + row / 64] >>
                           (row % 64) &
                       1)
              << bit;
  return result;
}

void CellWords::setDigit(uint32_t array, uint32_t row, uint32_t column, unsigned digit) const {
  for (unsigned bit = 0; bit < layout.bits; ++bit) {
    uint64_t &word = words[array * layout.words() + layout.planeOffset(column, bit) + row / 64];
    const uint64_t mask = uint64_t(1) << (row % 64);
    word = digit >> bit & 1 ? word | mask : word & ~mask;
  }
}

static bool hasFlips(const target::Target &target) {
  return target.cell.retentionTimeS > 0 && target.cell.thermalStability > 0;
}

bool runtime::hasCellFaults(const target::Target &target) {
  return target.cell.writeErrorRate > 0 || target.cell.stuckOnRate > 0 ||
         target.cell.stuckOffRate > 0 || hasFlips(target);
}

std::vector<uint64_t> runtime::faultyCells(std::span<const uint64_t> words,
                                           const program::CellLayout &layout,
                                           const target::Target &target, const Die &die) {
  std::vector<uint64_t> result(words.begin(), words.end());
  const CellWords cells{result, layout};
  if (target.cell.writeErrorRate > 0)
    applyWriteErrors(cells, die, target.cell.writeErrorRate);
  if (hasFlips(target))
    applyRetention(cells, die, target.cell.retentionTimeS, target.cell.thermalStability);
  if (target.cell.stuckOnRate > 0 || target.cell.stuckOffRate > 0)
    applyStuckCells(cells, die, target.cell.stuckOnRate, target.cell.stuckOffRate);
  return result;
}
