//===- HostIslands.h - nodes without a form in TOSA -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_CONVERSION_ONNXTOTOSA_HOSTISLANDS_H
#define PIM_LIB_CONVERSION_ONNXTOTOSA_HOSTISLANDS_H

#include "NodeConverter.h"

namespace mlir::pim {

/// `node` as a tosa.custom, which the host runs with the kernel of the ONNX operator: the op
/// carries the node as a graph (attribute pim.graph, see ONNXToGraph) and why it is there
/// (pim.reason). Gives one value for each result. On failure an error was emitted.
FailureOr<SmallVector<Value>> convertToHostIsland(NodeConverter &node, StringRef reason);

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_ONNXTOTOSA_HOSTISLANDS_H
