//===- Passes.h - passes on the onnx dialect -------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_TRANSFORMS_PASSES_H
#define PIM_DIALECT_ONNX_TRANSFORMS_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::pim::onnx {

#define GEN_PASS_DECL
#include "pim/Dialect/ONNX/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "pim/Dialect/ONNX/Transforms/Passes.h.inc"

/// What pim-onnx-simplify does. Returns the number of nodes folded; on failure an error was
/// emitted.
FailureOr<int64_t> simplify(func::FuncOp function);

} // namespace mlir::pim::onnx

#endif // PIM_DIALECT_ONNX_TRANSFORMS_PASSES_H
