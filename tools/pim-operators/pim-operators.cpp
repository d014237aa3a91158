//===- pim-operators.cpp - the table of supported ONNX operators ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints docs/operators.md from the handlers of convert-onnx-to-tosa and the kernels of the
// host. Run by the build for the documentation.
//
//===----------------------------------------------------------------------===//

#include "pim/Conversion/ONNXToTosa/Passes.h"
#include "llvm/Support/raw_ostream.h"

int main() {
  llvm::outs() << R"(# Supported ONNX operators

Generated from the handlers of `convert-onnx-to-tosa` and the kernels of the host. What has a handler becomes arrays and
vector instructions, as far as its restrictions go; beyond them, and where there is none, the host runs the operator's kernel:
as an island among layers of a chip, or with `--target host` as part of the whole model. A model with an operator in neither
table is refused with one error that lists all such nodes. On chips floats of any width are computed as f32; operators on
constants alone are computed at import. Q/DQ, QOperator, `com.microsoft` and QONNX forms of quantized layers are rewritten to
those of the first table by `pim-onnx-expand-quantized`.

Every kernel is tried by `test/e2e/run_backend.py`, as far as the ONNX backend suite has cases, and by `runtime/tests/ONNX`.

)";
  mlir::pim::printOperatorTable(llvm::outs());
}
