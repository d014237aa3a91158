//===- HostKernels.h - which nodes the host has kernels for -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ONNXTOGRAPH_HOSTKERNELS_H
#define PIM_ONNXTOGRAPH_HOSTKERNELS_H

#include "mlir/IR/BuiltinOps.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"

namespace mlir::pim {

/// Whether the host has a kernel for `node`.
bool hasHostKernel(onnx::NodeOp node);

/// Fails if there are nodes, in bodies too, that neither the host has a kernel for nor
/// `hasOtherForm` holds for: with one error for all of them, so that a user learns at once what a
/// model would need.
LogicalResult refuseUnsupported(ModuleOp module,
                                llvm::function_ref<bool(onnx::NodeOp)> hasOtherForm);

} // namespace mlir::pim

#endif // PIM_ONNXTOGRAPH_HOSTKERNELS_H
