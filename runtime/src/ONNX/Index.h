//===- Index.h - where elements lie -----------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Strides, broadcasting, and moving elements of any type.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_INDEX_H
#define PIM_RUNTIME_SRC_ONNX_INDEX_H

#include "Call.h"

#include <array>
#include <numeric>

namespace pim::onnx {

/// Elements between neighbours along each dimension of a row-major tensor.
Shape rowMajorStrides(const Shape &shape);
/// The product of sizes [first, last).
int64_t product(const Shape &shape, size_t first, size_t last);
inline int64_t product(const Shape &shape) { return product(shape, 0, shape.size()); }

/// A tensor seen as [outer, size, inner] around one dimension.
struct AxisView {
  AxisView(const Shape &shape, int64_t axis)
      : outer(product(shape, 0, axis)), size(shape[axis]),
        inner(product(shape, axis + 1, shape.size())) {}
  int64_t outer, size, inner;
};

/// The shape that `a` and `b` broadcast to; fails if they do not (ONNX, "Multidirectional").
Shape broadcastShape(const Call &call, const Shape &a, const Shape &b);
/// Strides of a tensor of shape `from` read as one of shape `to`, 0 where it is repeated.
Shape broadcastStrides(const Shape &from, const Shape &to);

/// Calls body(offset in each of the N tensors, step along the last dimension, its size) for each
/// row of `shape`; dimensions that lie alike in all tensors are walked as one.
template <size_t N, typename Body>
void forEachRow(const Shape &shape, const std::array<Shape, N> &strides, Body &&body) {
  // Merge neighbouring dimensions.
  Shape sizes;
  std::array<Shape, N> steps;
  for (size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 0)
      return;
    if (shape[d] == 1)
      continue;
    bool merge = !sizes.empty();
    for (size_t n = 0; n < N && merge; ++n)
      merge = steps[n].back() == strides[n][d] * shape[d];
    if (!merge) {
      sizes.push_back(shape[d]);
      for (size_t n = 0; n < N; ++n)
        steps[n].push_back(strides[n][d]);
    } else {
      sizes.back() *= shape[d];
      for (size_t n = 0; n < N; ++n)
        steps[n].back() = strides[n][d];
    }
  }
  if (sizes.empty()) {
    sizes = {1};
    for (Shape &step : steps)
      step = {0};
  }
  size_t last = sizes.size() - 1;
  Shape index(sizes.size(), 0);
  std::array<int64_t, N> offsets{}, inner;
  for (size_t n = 0; n < N; ++n)
    inner[n] = steps[n][last];
  while (true) {
    body(offsets, inner, sizes[last]);
    size_t d = last;
    while (true) {
      if (d == 0)
        return;
      --d;
      for (size_t n = 0; n < N; ++n)
        offsets[n] += steps[n][d];
      if (++index[d] < sizes[d])
        break;
      for (size_t n = 0; n < N; ++n)
        offsets[n] -= steps[n][d] * sizes[d];
      index[d] = 0;
    }
  }
}

/// Copies `count` elements of any type. REQUIRES: the same element type; both ranges inside.
void copyElements(const Tensor &source, int64_t from, Tensor &target, int64_t to, int64_t count);

/// target[row-major] = source[offset + strides * index]: transposes, slices, repetitions.
void copyStrided(const Tensor &source, int64_t offset, const Shape &strides, Tensor &target);

/// Element i of the result is element indices[i] of `source`, or `fill`'s one element where the
/// index is -1. REQUIRES: indices inside; `fill` of the same element type where there is a -1.
Tensor takeElements(const Tensor &source, const std::vector<int64_t> &indices, Shape shape,
                    const Tensor *fill = nullptr);

/// Every element the number zero, or an empty text.
void fillZero(Tensor &tensor);

/// A copy that shares nothing.
Tensor cloned(const Tensor &source);

/// The same tensor with its dimensions in another order: dimension i is the source's
/// permutation[i].
Tensor transposed(const Tensor &source, const std::vector<int64_t> &permutation);

/// Tensors joined along dimension `axis`; fails if they differ otherwise. REQUIRES: one or more
/// parts.
Tensor concatenated(const Call &call, const std::vector<Tensor> &parts, int64_t axis);

/// Converted as the operator Cast does.
Tensor castTo(const Call &call, const Tensor &source, ElementType element,
              SmallFloatOptions options = {});

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_INDEX_H
