//===- ONNXDialect.h - the onnx dialect ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX graphs as they are in the file: see ONNXDialect.td. Tested by test/Dialect/ONNX/ops.mlir and
// ops-errors.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_IR_ONNXDIALECT_H
#define PIM_DIALECT_ONNX_IR_ONNXDIALECT_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "pim/Dialect/ONNX/IR/ONNXDialect.h.inc"

#define GET_TYPEDEF_CLASSES
#include "pim/Dialect/ONNX/IR/ONNXTypes.h.inc"

#define GET_OP_CLASSES
#include "pim/Dialect/ONNX/IR/ONNXOps.h.inc"

#endif // PIM_DIALECT_ONNX_IR_ONNXDIALECT_H
