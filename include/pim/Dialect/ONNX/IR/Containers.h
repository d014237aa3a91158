//===- Containers.h - inputs that are no tensors ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_IR_CONTAINERS_H
#define PIM_DIALECT_ONNX_IR_CONTAINERS_H

#include "llvm/ADT/StringRef.h"

namespace mlir::pim::onnx {

/// The attribute of an argument of type !onnx.unknown that is a sequence of tensors, an optional
/// one, or an optional sequence: a dictionary with a unit for each that it is, `sequence` and
/// `optional`, and the type of the tensors' elements, `element`.
constexpr llvm::StringLiteral containerAttrName = "onnx.container";

} // namespace mlir::pim::onnx

#endif // PIM_DIALECT_ONNX_IR_CONTAINERS_H
