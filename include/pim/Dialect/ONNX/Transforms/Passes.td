//===- Passes.td - passes on the onnx dialect --------------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_TRANSFORMS_PASSES_TD
#define PIM_DIALECT_ONNX_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def ONNXSimplify : Pass<"pim-onnx-simplify", "::mlir::func::FuncOp"> {
  let summary = "Infer shapes, fold constant sub-graphs, unroll loops";
  let description = [{
    One walk in order does both, because each needs the other: the shape of a Reshape comes from a folded constant, and a
    Shape folds because the type of its input is known. Nodes of constants become `onnx.constant`; so the shape
    arithmetic of exporters (Shape, Gather, Unsqueeze, Concat, Reshape) disappears. The importer runs the same code.

    The branch of an If whose condition is constant takes its place; so do the iterations of a Loop of constant count whose
    condition stays true, and of a Scan, up to 4,096 nodes. Others remain and run on the host.

    QuantizeLinear of a constant always folds. DequantizeLinear of a constant folds only in a function that quantizes no
    activation: there it is a way to store weights, elsewhere it says how the layer is to be computed.

    Results of operators that inference does not know keep their type if it is static, and become `!onnx.unknown` otherwise.
    Assumes static types on the function's arguments; the types of its results follow those of what it returns.
  }];
  let statistics = [Statistic<"numFolded", "folded", "nodes replaced by constants">];
}

def ONNXExpandQuantized : Pass<"pim-onnx-expand-quantized", "::mlir::func::FuncOp"> {
  let summary = "Write quantized operators as float ones in Q/DQ";
  let description = [{
    QLinearConv, QLinearMatMul and their relatives of com.microsoft become DequantizeLinear, the float operator and
    QuantizeLinear: what quantizes a network is said in one way from here on. ConvInteger and MatMulInteger become float
    products too; a constant scale that follows them is taken over by the weights. DynamicQuantizeLinear disappears: the
    ranges that it would choose for each input are frozen by calibration.

    What only moves 8-bit integers (MaxPool, Concat, Slice, Pad, ...) moves the reals that they stand for, between Q/DQ with the
    parameters that the integers have.

    What is no constant where a constant is needed (scales), or used in another way, stays as it is.
  }];
  let statistics = [Statistic<"numExpanded", "expanded", "quantized nodes written as Q/DQ">,
                    Statistic<"numMoved", "moved", "nodes that move reals instead of integers">];
}

#endif // PIM_DIALECT_ONNX_TRANSFORMS_PASSES_TD
