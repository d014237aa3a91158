//===- ReadNoise.cpp - noise from read to read ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/ReadNoise.h"

#include <cmath>
#include <numbers>

using namespace pim::runtime;

std::array<double, 2> pim::runtime::toNoise(uint32_t word) {
  const double radius = std::sqrt(-2 * std::log(((word >> 12) + 0.5) * 0x1p-20));
  // An angle of the right quarter of a circle; two more bits turn it to any quarter.
  const double angle = (((word >> 2 & 0x3ff) + 0.5) * 0x1p-10 - 0.5) * (std::numbers::pi / 2);
  double a = radius * std::cos(angle), b = radius * std::sin(angle);
  if (word & 1)
    std::swap(a, b);
  return word & 2 ? std::array{-a, -b} : std::array{a, b};
}

std::array<double, 8> pim::runtime::drawNoise(const Die &die, uint32_t column, uint32_t vector,
                                              uint32_t sample) {
  const PhiloxCounter words =
      philox({column, vector, sample, chanceWord(die, Chance::ReadNoise)}, die.key());
  std::array<double, 8> result;
  for (size_t i = 0; i < 4; ++i) {
    const auto [a, b] = toNoise(words[i]);
    result[2 * i] = a;
    result[2 * i + 1] = b;
  }
  return result;
}
