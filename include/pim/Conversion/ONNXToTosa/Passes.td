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

    A node without a handler, or one that its handler refuses, becomes a `tosa.custom` that the host runs with the kernel of
    the ONNX operator: `pim.graph` holds the node as a graph, `pim.reason` says why it is not in TOSA. 64-bit and unsigned integers are
    i32 between nodes.

    Assumes static shapes, as import leaves them. Operators that the host does not know either are listed in one error, with
    operator, opset and name. Locations keep the names of nodes; the function keeps the names of its arguments and results.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect", "::mlir::quant::QuantDialect"];
  let statistics = [Statistic<"numConverted", "converted", "nodes converted">,
                    Statistic<"numOnHost", "on-host", "nodes left to the host">];
}

#endif // PIM_CONVERSION_ONNXTOTOSA_PASSES_TD
