//===- Slices.h - the ranges of a Slice node -------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_IR_SLICES_H
#define PIM_DIALECT_ONNX_IR_SLICES_H

#include "pim/Dialect/ONNX/IR/NodeBinder.h"

namespace mlir::pim::onnx {

/// Elements start, start + step, ... (`count` of them) of one dimension; all of them lie inside it.
struct SliceDim {
  int64_t start = 0, step = 1, count = 1;
};

/// The ranges of a Slice (attributes up to opset 9, inputs from 10 on), one per dimension of its
/// data input. Fails on ranges that are not constant, and on empty ones.
FailureOr<SmallVector<SliceDim>> getSlice(const NodeBinder &binder, ArrayRef<int64_t> shape);

/// What a Pad (attributes up to opset 10, inputs from 11 on) adds to each dimension; negative
/// amounts remove.
struct PadDim {
  int64_t begin = 0, end = 0;
};
FailureOr<SmallVector<PadDim>> getPads(const NodeBinder &binder, int64_t rank);

} // namespace mlir::pim::onnx

#endif // PIM_DIALECT_ONNX_IR_SLICES_H
