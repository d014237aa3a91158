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
// with sigma the target's cell.read_noise_sigma. Eight numbers come from one Philox counter, two
// from each word by the transform of Box and Muller: 20 bits decide on the radius (up to 5.4
// deviations), 12 on the angle. This is the scalar form; AnalogKernel.cpp does the same on vectors.
//
// Tested by runtime/tests/Faults/ReadNoiseTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FAULTS_READNOISE_H
#define PIM_RUNTIME_FAULTS_READNOISE_H

#include "pim/Runtime/Faults/Die.h"

namespace pim::runtime {

/// Two independent, nearly normal numbers.
std::array<double, 2> toNoise(uint32_t word);

/// The numbers of input steps 0 to 7 of a column: `column` is unique within the core, `vector` and
/// `sample` are those of an Occasion.
std::array<double, 8> drawNoise(const Die &die, uint32_t column, uint32_t vector, uint32_t sample);

} // namespace pim::runtime

#endif // PIM_RUNTIME_FAULTS_READNOISE_H
