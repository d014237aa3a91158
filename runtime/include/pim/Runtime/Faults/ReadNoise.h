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

namespace pim::runtime {

/// The size of a normal number as a function of a place f, an odd number below 2^16: Q^-1(f/2^17),
/// Q the tail of the normal distribution, in pieces constant + f (linear + f square). Piece i is
/// that of the numbers whose exponent and upper bit of the mantissa, as those of a float, end in
/// the five bits of i. Least squares over the places of a piece; the largest error is 0.0006.
struct NoisePieces {
  std::array<float, 32> constant, linear, square;
};
extern const NoisePieces noisePieces;

/// Two independent, nearly normal numbers, of 16 bits each: a sign and a place. The largest is 4.3
/// deviations.
std::array<double, 2> toNoise(uint32_t word);

/// The numbers of input steps 0 to 7 of a column: `column` is unique within the core, `vector` and
/// `sample` are those of an Occasion.
std::array<double, 8> drawNoise(const Die &die, uint32_t column, uint32_t vector, uint32_t sample);

} // namespace pim::runtime

#endif // PIM_RUNTIME_FAULTS_READNOISE_H
