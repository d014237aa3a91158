//===- Passes.td - from the onnx dialect to TOSA -----------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_CONVERSION_ONNXTOTOSA_PASSES_TD
#define PIM_CONVERSION_ONNXTOTOSA_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertONNXToTosaPass : Pass<"convert-onnx-to-tosa", "::mlir::ModuleOp"> {
  let summary = "Convert onnx.node ops to float TOSA";
  let description = [{
    Each node goes to the handler registered for its operator and opset; `docs/operators.md` lists them with their
    restrictions. Convolutions and pools become NHWC ops between transpositions, which `pim-sink-transposes` removes; products with
    a constant become 1x1 `tosa.conv2d` on `[1, rows, 1, K]`; QuantizeLinear and DequantizeLinear become `quant.qcast` and
    `quant.dcast`, unsigned storage moved to the signed one. Weights are transposed here, as constants. Floats of any width
    become f32.

    Assumes static shapes, as import leaves them. Nodes without a handler are listed in one error, with operator, opset
    and name. Locations keep the names of nodes; the function keeps the names of its arguments and results.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect", "::mlir::quant::QuantDialect"];
  let statistics = [Statistic<"numConverted", "converted", "nodes converted">];
}

#endif // PIM_CONVERSION_ONNXTOTOSA_PASSES_TD
