//===- Weight.h - a layer's weights as the patterns see them ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A convolution's weights are (filters, channels, kernel rows, kernel columns), row-major as ONNX
// stores them; a fully connected layer is the case of a 1x1 kernel. As a matrix the same memory has
// one row per filter and one column per (channel, kernel row, kernel column). On arrays filters are
// columns and matrix columns are rows, taken tap by tap, channels innermost: `arrayOrder` says
// which.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SPARSITY_WEIGHT_H
#define PIM_SPARSITY_WEIGHT_H

#include <cstdint>
#include <span>
#include <vector>

namespace pim::sparsity {

/// Extents of a weight; all at least 1. `channels` are those of one group.
struct WeightShape {
  int64_t filters = 1, channels = 1, kernelRows = 1, kernelCols = 1;

  int64_t taps() const { return kernelRows * kernelCols; }
  int64_t columns() const { return channels * taps(); }
  int64_t count() const { return filters * columns(); }
  /// Matrix column of a channel at a tap (tap = kernel row * kernelCols + kernel column).
  int64_t column(int64_t channel, int64_t tap) const { return channel * taps() + tap; }
  /// Matrix columns in the order of array rows: position i holds column arrayOrder()[i].
  std::vector<int64_t> arrayOrder() const;

  friend bool operator==(const WeightShape &, const WeightShape &) = default;
};

/// Weights that are read. REQUIRES: values.size() == shape.count().
struct WeightView {
  std::span<const float> values;
  WeightShape shape;

  float at(int64_t filter, int64_t column) const {
    return values[size_t(filter * shape.columns() + column)];
  }
};

/// 1 = kept, 0 = zero; one byte per weight, in the weight's order.
using Mask = std::vector<uint8_t>;

} // namespace pim::sparsity

#endif // PIM_SPARSITY_WEIGHT_H
