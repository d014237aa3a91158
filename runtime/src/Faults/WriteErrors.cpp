//===- WriteErrors.cpp - cells that were written wrong --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/CellFaults.h"

using namespace pim::runtime;

void pim::runtime::applyWriteErrors(const CellWords &cells, const Die &die, double rate) {
  const uint64_t threshold = thresholdOf(rate);
  const unsigned largest = (1u << cells.layout.bits) - 1;
  forEachCell(cells, die, Chance::WriteError,
              [&](uint32_t array, uint32_t row, uint32_t column, uint32_t word) {
                if (word >= threshold)
                  return;
                const unsigned digit = cells.digit(array, row, column);
                const bool isUp = digit == 0 || (digit != largest && word % 2 == 0);
                cells.setDigit(array, row, column, isUp ? digit + 1 : digit - 1);
              });
}
