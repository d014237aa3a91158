//===- ReadNoise.h - noise from read to read --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The current of a column fluctuates from conversion to conversion. Its variance is proportional to
// the current, as that of shot noise is, so the sum of a column knows its own noise:
//   variance = sigma^2 * current of a cell at its largest digit * current of the column
// with sigma the target's cell.read_noise_sigma. Eight numbers come from one Philox counter, of 16
// bits each: quantiles of the normal distribution in pieces. This is the scalar form;
// NoiseLanes-inl.h does the same on vectors.
//
// Tested by runtime/tests/Faults/ReadNoiseTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FAULTS_READNOISE_H
#define PIM_RUNTIME_FAULTS_READNOISE_H

#include "pim/Runtime/Faults/Die.h"

#include <bit>

namespace pim::runtime {

/// A normal number as a function of a place f, an odd multiple of 2^15 between -2^31 and 2^31:
/// Q^-1(|f|/2^32) with the sign of f, Q the tail of the normal distribution. In straight pieces:
/// constant, with the sign of f, + f linear. Piece i is that of the places whose exponent and upper
/// bit of the mantissa, as those of a float, end in the five bits of i. Least squares over the
/// places of a piece; the largest error is 0.0064, that of the root of the mean square 0.0018. All
/// together have a variance of 1.
struct NoisePieces {
  std::array<float, 32> constant, linear;
};
extern const NoisePieces noisePieces;

/// The deviation of a current of at least 0, in units of that of a current of 1: its root, nearly,
/// by one step of Newton's method for the reciprocal root, from a start that the bits of the number
/// give (Lomont, "Fast inverse square root", 2003). Between -0.127 and 0.063 % off, 0.063 % in the
/// root of the mean square, and right in the mean of the squares, which are variances. A root to
/// the last bit takes a processor several times as long. REQUIRES: no contraction of products and
/// differences.
inline constexpr uint32_t deviationStart = 0x5f0b0200;
inline constexpr float deviationStep = 1.8906703f;
inline float deviationOf(float current) {
  const auto start = std::bit_cast<float>(deviationStart - (std::bit_cast<uint32_t>(current) >> 1));
  const float root = current * start; // times the cube root of a half
  return root * (deviationStep - root * start);
}

/// Two independent, nearly normal numbers, from the lower and the upper 16 bits: a half h, with a
/// sign, is the place (2h + 1) 2^15. The largest is 4.3 deviations.
std::array<double, 2> toNoise(uint32_t word);

/// The numbers of input steps 0 to 7 of a column: `column` is unique within the core, `vector` and
/// `sample` are those of an Occasion.
std::array<double, 8> drawNoise(const Die &die, uint32_t column, uint32_t vector, uint32_t sample);

} // namespace pim::runtime

#endif // PIM_RUNTIME_FAULTS_READNOISE_H
