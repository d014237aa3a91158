//===- TensorView.h - the values of one tensor -----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the evaluators take and give: element type, shape and bytes of a tensor that somebody else
// owns.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_GRAPH_TENSORVIEW_H
#define PIM_RUNTIME_GRAPH_TENSORVIEW_H

#include "pim/Program/Graph.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace pim::graph {

/// The values of a tensor, row-major and little-endian; borrows shape and bytes.
struct TensorView {
  ElementType element = ElementType::F32;
  std::span<const int64_t> shape;
  std::span<const std::byte> bytes;

  /// The values as an array of T. REQUIRES: T has the size and meaning of `element` (I1 is a
  /// uint8_t of 0 or 1).
  template <typename T> std::span<const T> values() const {
    return {reinterpret_cast<const T *>(bytes.data()), bytes.size() / sizeof(T)};
  }
};

} // namespace pim::graph

#endif // PIM_RUNTIME_GRAPH_TENSORVIEW_H
