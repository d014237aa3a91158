//===- AnalogKernel.h - sums of imperfect columns ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ARRAYS_ANALOGKERNEL_H
#define PIM_RUNTIME_SRC_ARRAYS_ANALOGKERNEL_H

#include "pim/Runtime/Arrays/ColumnPlan.h"
#include "pim/Runtime/Faults/ReadNoise.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace pim::runtime {

/// Input steps that are summed at a time; one draw of noise is enough for them.
inline constexpr size_t maxSteps = 8;

/// Input vectors of bytes and where their digits go.
struct DigitTask {
  const uint8_t *inputs; ///< of vector p, from p*inputStride
  const uint8_t *delays; ///< of rows, in bit-steps
  size_t inputStride, count, rows, pairs;
  unsigned steps, dacBits;
  int16_t *digits = nullptr; ///< [p][step][pair][2]; or, for digits of one bit:
  /// [p][step / maxSteps][octet of rows] and eight words more, where byte t holds the digits of
  /// step t. Those of rows behind the last one may be anything.
  uint64_t *patterns = nullptr;
  uint8_t *late =
      nullptr;   ///< 2 x (rows + 64) bytes of room, if rows have delays and there are patterns
  float *sums;   ///< [p][step], over all rows
  uint8_t *used; ///< of vector p: steps up to the last one with a digit that is not zero
};

/// Four rows have 16 subsets; the sums of one are 2^subsetShift numbers, one for each column of two
/// blocks.
inline constexpr int subsetShift = 5;

/// Cuts input vectors into the digits of input steps.
void cutDigits(const DigitTask &task);

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
