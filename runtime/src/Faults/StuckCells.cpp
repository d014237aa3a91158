//===- StuckCells.cpp - cells that hold one digit for ever ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/CellFaults.h"

using namespace pim::runtime;

void pim::runtime::applyStuckCells(const CellWords &cells, const Die &die, double onRate,
                                   double offRate) {
  const uint64_t on = thresholdOf(onRate), both = thresholdOf(onRate + offRate);
  const unsigned largest = (1u << cells.layout.bits) - 1;
  forEachCell(cells, die, Chance::StuckCell,
              [&](uint32_t array, uint32_t row, uint32_t column, uint32_t word) {
                if (word < both)
                  cells.setDigit(array, row, column, word < on ? largest : 0);
              });
}
