//===- pim-operators.cpp - the table of supported ONNX operators ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints docs/operators.md from the handlers of convert-onnx-to-tosa. Run by the build for the
// documentation.
//
//===----------------------------------------------------------------------===//

#include "pim/Conversion/ONNXToTosa/Passes.h"
#include "llvm/Support/raw_ostream.h"

int main() {
  llvm::outs() << R"(# Supported ONNX operators

Of the domain `ai.onnx`, opsets 7 to 24. Generated from the handlers of `convert-onnx-to-tosa`. A model with any
other operator is refused with one error that lists all such nodes. Floats of any width are computed as f32. Operators on
constants alone are computed at import, among them Shape, Gather, Cast, ConstantOfShape, Range, Expand, Where and comparisons.

)";
  mlir::pim::printOperatorTable(llvm::outs());
}
