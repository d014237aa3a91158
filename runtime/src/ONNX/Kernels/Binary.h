//===- Binary.h - operators of two operands that broadcast ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_KERNELS_BINARY_H
#define PIM_RUNTIME_SRC_ONNX_KERNELS_BINARY_H

#include "../Index.h"

namespace pim::onnx {

/// target[i] = function(a[i], b[i]), both broadcast to `shape`; W is what they are computed in, R
/// what the results are.
template <typename W, typename R, typename Function>
void combine(const Tensor &a, const Tensor &b, const Shape &shape, R *target, Function &&function) {
  Reader<W> left(a), right(b);
  forEachRow<3>(shape,
                {rowMajorStrides(shape), broadcastStrides(a.shape(), shape),
                 broadcastStrides(b.shape(), shape)},
                [&](const auto &offsets, const auto &steps, int64_t size) {
                  R *to = target + offsets[0];
                  const W *x = left.data() + offsets[1], *y = right.data() + offsets[2];
                  if (steps[1] == 1 && steps[2] == 1) {
                    for (int64_t i = 0; i < size; ++i)
                      to[i] = function(x[i], y[i]);
                  } else if (steps[1] == 1 && steps[2] == 0) {
                    for (int64_t i = 0; i < size; ++i)
                      to[i] = function(x[i], *y);
                  } else {
                    for (int64_t i = 0; i < size; ++i)
                      to[i] = function(x[i * steps[1]], y[i * steps[2]]);
                  }
                });
}

/// Operand 1 as an operator before opset 7 wants it: without broadcast, or its dimensions put at
/// `axis` of operand 0's.
Tensor legacyOperand(const Call &call);

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_KERNELS_BINARY_H
