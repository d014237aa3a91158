//===- ReadNoise.cpp - noise from read to read ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/ReadNoise.h"

#include <bit>

using namespace pim::runtime;

// Pieces 1 to 3 hold one place each, 30 and 31 the smallest place and none.
const NoisePieces pim::runtime::noisePieces = {
    .constant = {0,          4.0762065f, 3.955753f,  3.8745737f, 4.0373426f, 3.9569761f, 3.9947192f,
                 3.9130577f, 3.8287449f, 3.743581f,  3.6556935f, 3.566871f,  3.4751015f, 3.3822214f,
                 3.2860891f, 3.1886097f, 3.0874978f, 2.984738f,  2.8778757f, 2.7689847f, 2.6554061f,
                 2.5393133f, 2.4177971f, 2.2931383f, 2.1620995f, 2.0270223f, 1.884004f,  1.7345883f,
                 1.5696711f, 1.3687903f, 4.324919f,  0},
    .linear = {0,
               0,
               0,
               0,
               -0.024934751f,
               -0.01814504f,
               -0.025337355f,
               -0.018389448f,
               -0.01325228f,
               -0.0096256701f,
               -0.0069468896f,
               -0.0050552665f,
               -0.0036565947f,
               -0.0026675564f,
               -0.0019349875f,
               -0.0014159997f,
               -0.0010307617f,
               -0.0007572272f,
               -0.00055366747f,
               -0.00040875023f,
               -0.00030058236f,
               -0.00022333805f,
               -0.00016547993f,
               -0.00012401215f,
               -9.2819808e-05f,
               -7.0356288e-05f,
               -5.3338469e-05f,
               -4.0920876e-05f,
               -3.1127559e-05f,
               -2.2839508e-05f,
               0,
               0},
    .square = {0,
               0,
               0,
               0,
               0,
               0,
               0.00030722773f,
               0.00015880303f,
               8.0194609e-05f,
               4.1443457e-05f,
               2.0944875e-05f,
               1.0838022e-05f,
               5.486527e-06f,
               2.8443851e-06f,
               1.4429895e-06f,
               7.4980232e-07f,
               3.8134557e-07f,
               1.9868285e-07f,
               1.0134339e-07f,
               5.2959871e-08f,
               2.7099809e-08f,
               1.4206089e-08f,
               7.2905892e-09f,
               3.8299999e-09f,
               1.9660896e-09f,
               1.0289015e-09f,
               5.2057239e-10f,
               2.6166811e-10f,
               1.1567797e-10f,
               2.9871212e-11f,
               0,
               0}};

/// A number of 16 bits, the upper one the sign.
static double toNormal(uint32_t half) {
  const float place = float((half & 0x7fff) << 1 | 1);
  const uint32_t piece = std::bit_cast<uint32_t>(place) >> 22 & 31;
  const double size =
      (double(noisePieces.square[piece]) * place + noisePieces.linear[piece]) * place +
      noisePieces.constant[piece];
  return half & 0x8000 ? -size : size;
}

std::array<double, 2> pim::runtime::toNoise(uint32_t word) {
  return {toNormal(word & 0xffff), toNormal(word >> 16)};
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
