//===- Windows.h - sliding windows of convolution and pooling --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_GRAPH_KERNELS_WINDOWS_H
#define PIM_RUNTIME_SRC_GRAPH_KERNELS_WINDOWS_H

#include "../Binding.h"

#include <algorithm>
#include <cstdint>

namespace pim::graph {

/// One spatial dimension of a sliding window.
struct WindowDimension {
  int64_t input = 1;
  int64_t output = 1;
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
  int64_t padBefore = 0;
  int64_t padAfter = 0;

  /// Position of tap `tap` for output `position`; outside 0..input-1 it lies in the padding.
  int64_t at(int64_t position, int64_t tap) const {
    return position * stride - padBefore + tap * dilation;
  }
  bool inside(int64_t position) const { return position >= 0 && position < input; }
};

/// Batch, the two spatial dimensions and the channels of an NHWC operand with its window.
struct Windows {
  int64_t batch = 1;
  WindowDimension rows, cols;
  int64_t channels = 1;
};

/// Checks the window in attributes "pad", "stride", ("dilation") of an NHWC operand 0 and computes
/// the output sizes.
Windows bindWindows(const Binding &op, int64_t kernelRows, int64_t kernelCols, bool dilated);

} // namespace pim::graph

#endif // PIM_RUNTIME_SRC_GRAPH_KERNELS_WINDOWS_H
