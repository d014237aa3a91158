//===- Convolution.h - the sum behind all convolutions ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_KERNELS_CONVOLUTION_H
#define PIM_RUNTIME_SRC_ONNX_KERNELS_CONVOLUTION_H

#include "Products.h"
#include "Windows.h"

namespace pim::onnx {

/// A convolution of an input [N, C, spatial...] with weights [O, C / groups, kernel...].
struct Convolution {
  Windows windows;
  int64_t batch, channels, outputs, groups;

  /// Reads the attributes of the node; fails if they and the shapes do not fit.
  Convolution(const Call &call, const Shape &input, const Shape &weights);

  Shape resultShape() const;

  /// The sums without bias; padding counts as zero. T is float, double or int32_t.
  template <typename T> void run(const T *input, const T *weights, T *result) const;
};

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_KERNELS_CONVOLUTION_H
