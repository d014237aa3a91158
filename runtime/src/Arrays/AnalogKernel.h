//===- AnalogKernel.h - sums of imperfect columns ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ARRAYS_ANALOGKERNEL_H
#define PIM_RUNTIME_SRC_ARRAYS_ANALOGKERNEL_H

#include "DigitKernel.h"

#include "pim/Runtime/Arrays/ColumnPlan.h"
#include "pim/Runtime/Faults/ReadNoise.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace pim::runtime {

/// Four rows have 16 subsets; the sums of one are 2^subsetShift numbers, one for each column of two
/// blocks.
inline constexpr int subsetShift = 5;

/// What the columns of a row block make of the digits of some input vectors.
struct AnalogSums {
  const int16_t *digits; ///< or patterns
  const uint64_t *patterns;
  int16_t *table; ///< for patterns: room for [quad of rows][subset][column of two blocks]
  /// [p][step], in steps of the converter: what sums that are counted from the middle of a cell are
  /// short of, with the half step of rounding unless hasErrors; and what such sums are short of the
  /// current that is noisy.
  const float *middles, *noiseBiases;
  const uint8_t *used;     ///< steps to convert
  size_t count, pairs;     ///< a multiple of 4 pairs of rows for patterns
  unsigned steps, dacBits; ///< at most 16 steps
  const int16_t *cells;    ///< [block][pair][column][2]
  size_t blocks;
  float unit; ///< a cell is worth unit * its count + middle, in digits
  uint32_t lsb;
  const float *largestCodes; ///< of each block
  // Of each column.
  bool hasErrors;
  const float *gains, *offsets, *bends;
  /// Of numbers whose variance is that of a current of one step; null without noise.
  const NoisePieces *noise;
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
