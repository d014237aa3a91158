//===- ReadNoise.cpp - noise from read to read ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/ReadNoise.h"

#include <bit>
#include <cmath>

using namespace pim::runtime;

// Pieces 0, 1, 28 and 31 hold one place each, 29 and 30 none.
const NoisePieces pim::runtime::noisePieces = {
    .constant = {3.95579982f, 3.87461948f, 4.03739023f, 3.95702291f, 3.87340999f, 3.78939509f,
                 3.70216131f, 3.61452723f, 3.52346826f, 3.43188071f, 3.33655667f, 3.24050975f,
                 3.14033389f, 3.03918076f, 2.93341589f, 2.82635069f, 2.71408057f, 2.60010409f,
                 2.4802022f,  2.35810447f, 2.22925329f, 2.09771562f, 1.95871198f, 1.81702149f,
                 1.66859114f, 1.52095652f, 1.37819958f, 1.27124703f, 4.32497025f, 0,
                 0,           4.07625484f},
    .linear = {0,
               0,
               -7.60957221e-07f,
               -5.53749203e-07f,
               -3.982056e-07f,
               -2.89812959e-07f,
               -2.08642334e-07f,
               -1.52101492e-07f,
               -1.09733648e-07f,
               -8.01873981e-08f,
               -5.80117359e-08f,
               -4.25197868e-08f,
               -3.08681081e-08f,
               -2.27107417e-08f,
               -1.65602341e-08f,
               -1.22434169e-08f,
               -8.97924401e-09f,
               -6.68166011e-09f,
               -4.93875918e-09f,
               -3.70819797e-09f,
               -2.77177037e-09f,
               -2.10895035e-09f,
               -1.60384861e-09f,
               -1.24682942e-09f,
               -9.77056991e-10f,
               -7.90896182e-10f,
               -6.60750565e-10f,
               -5.92464244e-10f,
               0,
               0,
               0,
               0}};

/// A number of 16 bits.
static double toNormal(uint16_t half) {
  const float place = float(int32_t(uint32_t(half) << 16 | 0x8000));
  const uint32_t piece = std::bit_cast<uint32_t>(place) >> 22 & 31;
  return std::copysign(double(noisePieces.constant[piece]), place) +
         double(noisePieces.linear[piece]) * place;
}

std::array<double, 2> pim::runtime::toNoise(uint32_t word) {
  return {toNormal(uint16_t(word)), toNormal(uint16_t(word >> 16))};
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
