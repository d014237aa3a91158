//===- ElementTypes.h - element types as types of MLIR ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_IR_ELEMENTTYPES_H
#define PIM_DIALECT_ONNX_IR_ELEMENTTYPES_H

#include "mlir/IR/Types.h"
#include "pim/Program/ElementTypes.h"

namespace mlir::pim::onnx {

/// The type that stands for `element`: integers are signless where signed.
Type typeOf(MLIRContext *context, ::pim::ElementType element);

/// That of the element type with number `dataType` in onnx.proto; null where there is none.
Type elementTypeOf(MLIRContext *context, int64_t dataType);

} // namespace mlir::pim::onnx

#endif // PIM_DIALECT_ONNX_IR_ELEMENTTYPES_H
