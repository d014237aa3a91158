//===- AnalogKernel.h - sums of imperfect columns ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ARRAYS_ANALOGKERNEL_H
#define PIM_RUNTIME_SRC_ARRAYS_ANALOGKERNEL_H

#include "pim/Runtime/Arrays/ColumnPlan.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace pim::runtime {

/// Input vectors of bytes and where their digits go.
struct DigitTask {
  const uint8_t *inputs; ///< of vector p, from p*inputStride
  const uint8_t *delays; ///< of rows, in bit-steps
  size_t inputStride, count, rows, pairs;
  unsigned steps, dacBits;
  int16_t *digits; ///< [p][step][pair][2]
  float *sums;     ///< [p][step], over all rows
  uint8_t *used;   ///< of vector p: steps up to the last one with a digit that is not zero
};

/// Cuts input vectors into the digits of input steps.
void cutDigits(const DigitTask &task);

/// What the columns of a row block make of the digits of some input vectors.
struct AnalogSums {
  const int16_t *digits;
  const float *digitSums;
  const uint8_t *used; ///< steps to convert
  size_t count, pairs;
  unsigned steps, dacBits; ///< at most 16 steps
  const int16_t *cells;    ///< [block][pair][column][2]
  size_t blocks;
  float unit;
  uint32_t lsb;
  const float *largestCodes; ///< of each block
  // Of each column.
  bool hasErrors;
  const float *gains, *offsets, *bends;
  float noiseFactor, noiseBias; ///< see AnalogProduct; no noise if the factor is 0
  const uint32_t *numbers;
  PhiloxKey key;
  // Last words of the counters: of steps 0 to 7 and of those from 8 on, and what each column adds.
  std::array<uint32_t, 2> chances;
  const uint32_t *phases;
  Occasion occasion;
  uint32_t *sums; ///< [p][column]
};

/// sums[p][column] = sum over steps t of adc(sum of x_t * cell) << (t*dacBits).
void sumAnalog(const AnalogSums &task);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_ARRAYS_ANALOGKERNEL_H
