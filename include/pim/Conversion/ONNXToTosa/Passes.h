//===- Passes.h - from the onnx dialect to TOSA ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_CONVERSION_ONNXTOTOSA_PASSES_H
#define PIM_CONVERSION_ONNXTOTOSA_PASSES_H

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::pim {

#define GEN_PASS_DECL
#include "pim/Conversion/ONNXToTosa/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "pim/Conversion/ONNXToTosa/Passes.h.inc"

/// Writes the supported operators as a Markdown table: operator, opsets, restrictions, test.
void printOperatorTable(llvm::raw_ostream &stream);

} // namespace mlir::pim

#endif // PIM_CONVERSION_ONNXTOTOSA_PASSES_H
