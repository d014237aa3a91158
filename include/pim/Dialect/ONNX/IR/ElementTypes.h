//===- ElementTypes.h - element types by their numbers ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_IR_ELEMENTTYPES_H
#define PIM_DIALECT_ONNX_IR_ELEMENTTYPES_H

#include "mlir/IR/Types.h"

namespace mlir::pim::onnx {

/// The element type with number `dataType` in onnx.proto (TensorProto.DataType); null for numbers
/// that are none and for complex ones, which have no form here.
Type elementTypeOf(MLIRContext *context, int64_t dataType);

/// "FLOAT", "INT4", or the number of a type without a name.
std::string dataTypeName(int64_t dataType);

} // namespace mlir::pim::onnx

#endif // PIM_DIALECT_ONNX_IR_ELEMENTTYPES_H
