//===- DiagonalKernel.h - depthwise products ------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ARRAYS_DIAGONALKERNEL_H
#define PIM_RUNTIME_SRC_ARRAYS_DIAGONALKERNEL_H

#include <cstddef>
#include <cstdint>

namespace pim::runtime {

/// out[o] (+)= sum over t < taps of in[t*period + o] * weights[t*stride + o] for o < count.
/// REQUIRES: weights fit a signed byte; 64 bytes behind the inputs can be read; `stride` is a
/// multiple of 64.
void diagonalProduct(const uint8_t *in, size_t period, const int16_t *weights, size_t stride,
                     size_t taps, size_t count, int32_t *out, bool accumulate);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_ARRAYS_DIAGONALKERNEL_H
