//===- DpuKernels.h - loops of the vector unit ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vector loops over runs of elements, compiled for every processor generation. All pointers may be
// unaligned; 128 bytes behind a source can be read, nothing behind a destination is written. Tested
// by runtime/tests/Functional/ElementwiseTest.cpp and PoolingTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_FUNCTIONAL_DPUKERNELS_H
#define PIM_RUNTIME_SRC_FUNCTIONAL_DPUKERNELS_H

#include "pim/Runtime/Functional/RequantizeTable.h"

#include <cstddef>
#include <cstdint>

namespace pim::runtime {

enum class BinaryOp { Add, Sub, Mul, Min, Max };

/// out[i] = a[i] op b[i]. REQUIRES: element is i8, i16 or i32; Add, Sub and Mul are for i32.
void binaryRun(BinaryOp op, fb::ElementType element, uint8_t *out, const uint8_t *a,
               const uint8_t *b, size_t count);

/// Requantizes `count` elements, the first of which has index `firstIndex` in a run that begins
/// with channel 0.
void requantizeRun(const RequantizeTable &table, fb::ElementType outElement, uint8_t *out,
                   fb::ElementType inElement, const uint8_t *in, size_t count,
                   size_t firstIndex = 0);

/// One output position of a pooling: the taps that lie inside the map.
struct PoolTaps {
  const uint8_t *const
      *rows; ///< first element of channel 0 of the first column, for each kernel row
  size_t rowCount;
  size_t colCount;
  size_t colPitch; ///< bytes from one tap to the next
};

/// out[c] = the largest tap of channel c, the smallest number if there is none.
void maxPoolRun(fb::ElementType element, uint8_t *out, const PoolTaps &taps, size_t channels);

/// TOSA's avg_pool2d of i8 or i16.
void avgPoolRun(const RequantizeTable &table, fb::ElementType element, uint8_t *out,
                const PoolTaps &taps, size_t channels);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_FUNCTIONAL_DPUKERNELS_H
