//===- Handlers.h - the supported operators -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One list of handlers per family, each in its file. docs/adding-an-operator.md walks through
// adding one.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_CONVERSION_ONNXTOTOSA_HANDLERS_H
#define PIM_LIB_CONVERSION_ONNXTOTOSA_HANDLERS_H

#include "NodeConverter.h"

namespace mlir::pim {

/// Builds the TOSA form of a node and returns its first result; no handler supports another one
/// that is used. On failure an error was emitted.
using ConvertFunction = FailureOr<Value> (*)(NodeConverter &);

struct OperatorHandler {
  StringLiteral name;
  int64_t firstOpset, lastOpset;
  ConvertFunction convert;
  StringLiteral restrictions; ///< what of the operator is not supported
  StringLiteral test;         ///< under test/Conversion/ONNXToTosa
};

constexpr int64_t anyOpset = INT64_MAX;

/// The handler of an operator, or null.
const OperatorHandler *lookupHandler(onnx::NodeOp node);

ArrayRef<OperatorHandler> activationHandlers();
ArrayRef<OperatorHandler> convolutionHandlers();
ArrayRef<OperatorHandler> elementwiseHandlers();
ArrayRef<OperatorHandler> matrixHandlers();
ArrayRef<OperatorHandler> normalizationHandlers();
ArrayRef<OperatorHandler> poolingHandlers();
ArrayRef<OperatorHandler> quantizationHandlers();
ArrayRef<OperatorHandler> reductionHandlers();
ArrayRef<OperatorHandler> shapeHandlers();

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_ONNXTOTOSA_HANDLERS_H
