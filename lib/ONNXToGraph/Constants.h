//===- Constants.h - constants of onnx as a graph's tensors ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_ONNXTOGRAPH_CONSTANTS_H
#define PIM_LIB_ONNXTOGRAPH_CONSTANTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "pim/Program/Graph.h"

namespace mlir::pim {

/// The inverse of onnx::typeOf; nothing for other types.
std::optional<::pim::ElementType> onnxElementType(Type type);

/// The constant `values`, which borrows their bytes where it can; nothing if they have no form in a
/// graph.
std::optional<::pim::graph::Tensor> onnxConstant(ElementsAttr values);

} // namespace mlir::pim

#endif // PIM_LIB_ONNXTOGRAPH_CONSTANTS_H
