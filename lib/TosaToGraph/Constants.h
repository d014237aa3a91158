//===- Constants.h - bytes of MLIR constants -------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_TOSATOGRAPH_CONSTANTS_H
#define PIM_LIB_TOSATOGRAPH_CONSTANTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "pim/Program/Graph.h"

namespace mlir::pim {

/// The element type of a graph's tensor for an MLIR element type, quantized types by their storage;
/// nothing if there is none.
std::optional<::pim::ElementType> graphElementType(Type type);

/// Points `tensor`, whose element type and shape are set, at the bytes of `values`, or gives it a
/// copy where the graph's layout is another. On failure returns what is wrong.
std::optional<std::string> setConstantData(::pim::graph::Tensor &tensor, ElementsAttr values);

} // namespace mlir::pim

#endif // PIM_LIB_TOSATOGRAPH_CONSTANTS_H
