//===- DigitKernel.h - input vectors as digits ------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ARRAYS_DIGITKERNEL_H
#define PIM_RUNTIME_SRC_ARRAYS_DIGITKERNEL_H

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

/// Cuts input vectors into the digits of input steps.
void cutDigits(const DigitTask &task);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_ARRAYS_DIGITKERNEL_H
