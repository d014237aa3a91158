//===- GatherKernel.h - windows to input vectors --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_FUNCTIONAL_GATHERKERNEL_H
#define PIM_RUNTIME_SRC_FUNCTIONAL_GATHERKERNEL_H

#include "pim/Program/Program.h"

#include <cstddef>
#include <cstdint>

namespace pim::runtime {

/// How stored inputs become what drives an array: (x + offset) modulo 2^bits.
struct InputCode {
  uint8_t offset;
  uint8_t mask;
};

/// Bytes between two gathered vectors of `length` inputs: copies run over the end of a vector, not
/// into the next.
inline size_t gatherStride(size_t length) { return (length + 64 + 63) / 64 * 64; }

/// The input vectors of the output positions (outRow, colBegin) to (outRow, colBegin + count - 1)
/// in matrix row order, gatherStride() apart. REQUIRES: 64 bytes behind the scratchpad can be read;
/// the window has elements i8.
void gatherVectors(const fb::WindowDescriptorT &window, const uint8_t *scratchpad, int32_t firstRow,
                   uint32_t outRow, uint32_t colBegin, uint32_t count, InputCode code,
                   uint8_t *vectors);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_FUNCTIONAL_GATHERKERNEL_H
