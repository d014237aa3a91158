//===- Retention.cpp - cells that change with time ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/CellFaults.h"
#include "pim/Runtime/Faults/Conductance.h"

#include <algorithm>
#include <cmath>

using namespace pim::runtime;

double pim::runtime::flippedPart(double seconds, double stability) {
  return -std::expm1(-2 * seconds / (1e-9 * std::exp(stability))) / 2;
}

void pim::runtime::applyRetention(const CellWords &cells, const Die &die, double seconds,
                                  double stability) {
  const uint64_t threshold = thresholdOf(flippedPart(seconds, stability));
  forEachCell(cells, die, Chance::Retention,
              [&](uint32_t array, uint32_t row, uint32_t column, uint32_t word) {
                if (word < threshold)
                  cells.setDigit(array, row, column, cells.digit(array, row, column) ^ 1);
              });
}

double pim::runtime::driftFactor(double seconds, double exponent) {
  return std::pow(std::max(seconds, 1.0), -exponent);
}
