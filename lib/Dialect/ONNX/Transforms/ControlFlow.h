//===- ControlFlow.h - control flow that constants decide -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_ONNX_TRANSFORMS_CONTROLFLOW_H
#define PIM_LIB_DIALECT_ONNX_TRANSFORMS_CONTROLFLOW_H

#include "pim/Dialect/ONNX/IR/NodeBinder.h"

namespace mlir::pim::onnx {

/// The branch of an If whose condition is constant takes its place. False, and nothing is changed,
/// for any other node.
bool inlineIf(NodeOp node);

/// The body of a Loop of constant count whose condition stays true takes its place, once for each
/// iteration, and so does that of a Scan over inputs of known length. False, and nothing is
/// changed, for any other node and for more than maxUnrolledNodes nodes.
bool unroll(NodeOp node);

constexpr int64_t maxUnrolledNodes = 4096;

} // namespace mlir::pim::onnx

#endif // PIM_LIB_DIALECT_ONNX_TRANSFORMS_CONTROLFLOW_H
