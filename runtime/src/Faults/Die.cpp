//===- Die.cpp - what chance decides about one chip -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/Die.h"

#include <cmath>
#include <numbers>

using namespace pim::runtime;

std::array<double, 2> pim::runtime::toGaussian(uint32_t first, uint32_t second) {
  const double radius = std::sqrt(-2 * std::log(toUnit(first)));
  const double angle = 2 * std::numbers::pi * toUnit(second);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

double pim::runtime::drawCellGaussian(const Die &die, Chance chance, uint32_t array, uint32_t row,
                                      uint32_t column) {
  const PhiloxCounter words = draw(die, chance, array, column, row / 4);
  const uint32_t pair = row % 4 / 2 * 2;
  return toGaussian(words[pair], words[pair + 1])[row % 2];
}
