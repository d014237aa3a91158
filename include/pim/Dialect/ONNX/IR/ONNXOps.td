//===- ONNXOps.td - the ops of the onnx dialect ------------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_IR_ONNXOPS_TD
#define PIM_DIALECT_ONNX_IR_ONNXOPS_TD

include "pim/Dialect/ONNX/IR/ONNXDialect.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def ONNX_Value : AnyTypeOf<[AnyRankedTensor, ONNX_UnknownType], "a ranked tensor or !onnx.unknown">;

def ONNX_NodeOp : ONNX_Op<"node", [Pure]> {
  let summary = "One node of an ONNX graph";
  let description = [{
    `op_type`, `domain` (absent for the default domain `ai.onnx`) and the inputs and outputs, in order, are those of the node;
    `opset` is the version of the domain that the model imports. `node_attrs` holds the node's attributes under their ONNX
    names: INT as `i64`, FLOAT as `f32`, STRING as a string, INTS as `array<i64>`, FLOATS as `array<f32>`, STRINGS as an
    array, TENSOR as a dense or resource attribute. An input that the node leaves out is the result of `onnx.none`; trailing
    ones are not there at all. The location is the name of the node (its operator and index where it has none).

    - (C1) `op_type` is not empty.
    - (C2) `opset` is positive.
    - (C3) Each attribute has one of the forms above.

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
    DictionaryAttr:$node_attrs);
  let results = (outs Variadic<ONNX_Value>:$outputs);
  let assemblyFormat = [{
    $op_type `(` $inputs `)` (`domain` $domain^)? `opset` custom<OpsetAndAttributes>($opset, $node_attrs)
    attr-dict-with-keyword `:` functional-type($inputs, $outputs)
  }];
  let hasVerifier = 1;
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
