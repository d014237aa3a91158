//===- Windows.h - windows that slide over images ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions and poolings over any number of spatial dimensions.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_KERNELS_WINDOWS_H
#define PIM_RUNTIME_SRC_ONNX_KERNELS_WINDOWS_H

#include "../Index.h"

namespace pim::onnx {

/// Where the windows of each output position lie in the input. All lists have one entry for each
/// spatial dimension.
struct Windows {
  Shape input, output, kernel, strides, dilations;
  Shape before, after; ///< padding

  int64_t inputs() const { return product(input); }
  int64_t outputs() const { return product(output); }
  int64_t taps() const { return product(kernel); }

  /// Offsets in the input of the taps of the windows [first, last), tap by tap: entry
  /// [tap * (last - first) + window - first]; -1 outside.
  std::vector<int64_t> offsets(int64_t first, int64_t last) const;

  /// How many taps of window `index` lie in the padded input.
  int64_t paddedTaps(int64_t index) const;
};

/// Windows with the attributes strides, dilations, pads, auto_pad and ceil_mode of the node over an
/// input whose shape is [N, C, spatial...]. Fails if they do not fit.
Windows bindWindows(const Call &call, const Shape &input, const Shape &kernel);

/// The windows of the convolution that a transposed one is the transpose of: its input is the
/// transposed one's output. `small` is [N, C, spatial...] of the transposed one's operand.
Windows bindTransposedWindows(const Call &call, const Shape &small, const Shape &kernel);

/// One window that is the whole image [N, C, spatial...].
Windows wholeImage(const Shape &input);

/// The attribute kernel_shape; fails unless it has `rank` positive entries.
Shape kernelShape(const Call &call, int64_t rank);

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_KERNELS_WINDOWS_H
