//===- ONNXOps.td - the ops of the onnx dialect ------------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_IR_ONNXOPS_TD
#define PIM_DIALECT_ONNX_IR_ONNXOPS_TD

include "pim/Dialect/ONNX/IR/ONNXDialect.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def ONNX_Value : AnyTypeOf<[AnyTensor, ONNX_UnknownType], "a tensor or !onnx.unknown">;

def ONNX_NodeOp : ONNX_Op<"node", [Pure]> {
  let summary = "One node of an ONNX graph";
  let description = [{
    `op_type`, `domain` (absent for the default domain `ai.onnx`) and the inputs and outputs, in order, are those of the node;
    `opset` is the version of the domain that the model imports. `node_attrs` holds the node's attributes under their ONNX
    names: INT as `i64`, FLOAT as `f32`, STRING as a string, INTS as `array<i64>`, FLOATS as `array<f32>`, STRINGS as an
    array, TENSOR (also a sparse one) as a dense or resource attribute, TYPE_PROTO as the string of the type, as in
    `"seq(tensor(float))"`. An input that the node leaves out is the result of `onnx.none`; trailing ones are not there at
    all. The location is the name of the node (its operator and index where it has none).

    A GRAPH attribute (the branches of If, the bodies of Loop and Scan) is a region: `graph_names` lists the names of these
    attributes, one for each region. The arguments of the region are the graph's inputs, its `onnx.yield` names the outputs,
    and values of the graphs around it are used as they are.

    - (C1) `op_type` is not empty.
    - (C2) `opset` is positive.
    - (C3) Each attribute has one of the forms above.
    - (C4) There are as many names in `graph_names` as regions, and each region ends in `onnx.yield`.

    Example:

    ```mlir
    %y = onnx.node "Conv"(%x, %w) opset 13 {strides = array<i64: 2, 2>}
        : (tensor<1x3x8x8xf32>, tensor<4x3x1x1xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins
    StrAttr:$op_type,
    Variadic<AnyTypeOf<[ONNX_Value, NoneType]>>:$inputs,
    OptionalAttr<StrAttr>:$domain,
    ConfinedAttr<I64Attr, [IntPositive]>:$opset,
    DictionaryAttr:$node_attrs,
    DefaultValuedAttr<StrArrayAttr, "{}">:$graph_names);
  let results = (outs Variadic<ONNX_Value>:$outputs);
  let regions = (region VariadicRegion<SizedRegion<1>>:$graphs);
  let assemblyFormat = [{
    $op_type `(` $inputs `)` (`domain` $domain^)? `opset` custom<OpsetAndAttributes>($opset, $node_attrs)
    attr-dict-with-keyword `:` functional-type($inputs, $outputs) custom<Graphs>($graph_names, $graphs)
  }];
  let builders = [OpBuilder<(ins "TypeRange":$outputs, "StringAttr":$op_type, "ValueRange":$inputs,
                             "StringAttr":$domain, "IntegerAttr":$opset, "DictionaryAttr":$node_attrs), [{
    build($_builder, $_state, outputs, op_type, inputs, domain, opset, node_attrs,
          $_builder.getArrayAttr({}), /*graphsCount=*/0);
  }]>];
  let hasVerifier = 1;
}

def ONNX_YieldOp : ONNX_Op<"yield", [Pure, Terminator, ReturnLike, HasParent<"NodeOp">]> {
  let summary = "The outputs of a sub-graph";
  let description = [{
    Example:

    ```mlir
    %y = onnx.node "If"(%c) opset 16 : (tensor<i1>) -> tensor<2xf32>
        graph "then_branch" { onnx.yield %a : tensor<2xf32> }
        graph "else_branch" { onnx.yield %b : tensor<2xf32> }
    ```
  }];
  let arguments = (ins Variadic<AnyTypeOf<[ONNX_Value, NoneType]>>:$outputs);
  let assemblyFormat = "($outputs^ `:` type($outputs))? attr-dict";
}

def ONNX_ConstantOp : ONNX_Op<"constant", [Pure, ConstantLike]> {
  let summary = "A tensor known at compile time";
  let description = [{
    An initializer, a Constant node, or a constant sub-graph that import has folded. Large values are resources, so they are neither
    copied nor printed.

    Example:

    ```mlir
    %w = onnx.constant dense_resource<conv1.weight> : tensor<64x3x7x7xf32>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs AnyStaticShapeTensor:$output);
  let assemblyFormat = "attr-dict custom<TypedElements>($value, type($output))";
  let builders = [OpBuilder<(ins "ElementsAttr":$value), [{
    build($_builder, $_state, value.getShapedType(), value);
  }]>];
  let hasFolder = 1;
  let hasVerifier = 1;
}

def ONNX_NoneOp : ONNX_Op<"none", [Pure]> {
  let summary = "The absence of an optional input";
  let description = [{
    Example:

    ```mlir
    %absent = onnx.none
    %y = onnx.node "Clip"(%x, %absent, %max) opset 13 {} : (tensor<4xf32>, none, tensor<f32>) -> tensor<4xf32>
    ```
  }];
  let results = (outs NoneType:$output);
  let assemblyFormat = "attr-dict";
}

#endif // PIM_DIALECT_ONNX_IR_ONNXOPS_TD
