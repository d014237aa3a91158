//===- Windows.h - geometry of convolutions and pools ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// kernel_shape, strides, dilations, pads, auto_pad and ceil_mode of a node, resolved to numbers.
// Used by shape inference and by the conversions, so both mean the same window.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_IR_WINDOWS_H
#define PIM_DIALECT_ONNX_IR_WINDOWS_H

#include "pim/Dialect/ONNX/IR/NodeBinder.h"

namespace mlir::pim::onnx {

/// One spatial dimension of a sliding window.
struct WindowDim {
  int64_t input = 1, kernel = 1, stride = 1, dilation = 1;
  int64_t padBegin = 0, padEnd = 0; ///< as the node says or auto_pad makes them
  int64_t output = 1;

  /// Input elements that one window spans.
  int64_t span() const { return (kernel - 1) * dilation + 1; }
  /// What has to be added after the input (removed, if negative) so that the last window ends where
  /// the input ends. Differs from padEnd where the stride leaves a rest, or where ceil_mode starts
  /// a window that is not full.
  int64_t exactPadEnd() const { return (output - 1) * stride + span() - input - padBegin; }
};

/// The window of `binder`'s node over an input with dimensions `input` behind batch and channel.
/// `kernel` is the kernel's shape where weights give it (then kernel_shape, if any, must agree);
/// empty: kernel_shape must be there.
FailureOr<SmallVector<WindowDim>> getWindow(const NodeBinder &binder, ArrayRef<int64_t> input,
                                            ArrayRef<int64_t> kernel);

} // namespace mlir::pim::onnx

#endif // PIM_DIALECT_ONNX_IR_WINDOWS_H
