//===- StridedCopy.h - copies boxes of elements ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_GRAPH_KERNELS_STRIDEDCOPY_H
#define PIM_RUNTIME_SRC_GRAPH_KERNELS_STRIDEDCOPY_H

#include "../Binding.h"

#include <cstddef>
#include <cstdint>

namespace pim::graph {

/// The strides of a row-major tensor, in elements.
Shape rowMajorStrides(const Shape &shape);

/// A box of elements with its place in the source and in the destination; offsets and strides in
/// elements.
struct StridedCopy {
  Shape sizes;
  Shape sourceStrides, targetStrides;
  int64_t sourceOffset = 0, targetOffset = 0;

  /// Copies elements of `elementBytes` (1, 2, 4 or 8) bytes each.
  void run(const std::byte *source, std::byte *target, size_t elementBytes) const;
};

} // namespace pim::graph

#endif // PIM_RUNTIME_SRC_GRAPH_KERNELS_STRIDEDCOPY_H
