//===- PIMOps.td - operations of the pim dialect -----------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_IR_PIMOPS_TD
#define PIM_DIALECT_PIM_IR_PIMOPS_TD

include "pim/Dialect/PIM/IR/PIMAttrs.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def PIM_Int : TypedSignlessIntegerAttrBase<I64, "int64_t", "64-bit signless integer attribute">;

class PIM_Op<string mnemonic, list<Trait> traits = []> : Op<PIM_Dialect, mnemonic, traits>;

def PIM_Conv2DOp : PIM_Op<"conv2d", [Pure]> {
  let summary = "integer convolution with constant weights";
  let description = [{
    `result[0, i, j, o] = bias[o] + sum_{a, b, c} weights[o, a, b, c] * (input[0, i*stride0 +
    a*dilation0 - pad_top, j*stride1 + b*dilation1 - pad_left, g*C + c] - input_zero_point)` where g
    is the group of output o, C the number of channels of a group, and taps outside the input count
    0. A fully connected layer is a 1x1 convolution of a 1x1 map, a depthwise one has as many groups
    as channels.

    Constraints:
    - (C1) input is 1xHxWxC of i8, result 1xHxWxO of i32, both static
    - (C2) weights are O x kernel_rows x kernel_cols x C/groups of i8
    - (C3) bias has O elements of i32
    - (C4) pad is top, bottom, left, right, at least 0; stride and dilation are at least 1
    - (C5) groups divides C and O
    - (C6) the result has the shape that the window gives
    - (C7) 1 <= weight_bits <= 8
    - (C8) input_zero_point is an i8 value
    - (C9) `slicing` holds weights of weight_bits
    - (C10) `tiling` is of the matrix of this layer, has as many planes as `slicing` asks for, and its
      tiles hold slices that there are

    ```mlir
    %acc = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
             {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
              groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
             : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, ElementsAttr:$weights, ElementsAttr:$bias,
                       DenseI64ArrayAttr:$pad, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$dilation,
                       PIM_Int:$groups, PIM_Int:$input_zero_point, PIM_Int:$weight_bits,
                       OptionalAttr<PIM_SlicingAttr>:$slicing, OptionalAttr<PIM_TilingAttr>:$tiling);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `weights` `(` $weights `)` `bias` `(` $bias `)` attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    int64_t getKernelRows() { return getWeights().getShapedType().getDimSize(1); }
    int64_t getKernelCols() { return getWeights().getShapedType().getDimSize(2); }
    int64_t getInputChannels() { return getInput().getType().getDimSize(3); }
    int64_t getOutputChannels() { return getWeights().getShapedType().getDimSize(0); }
    /// Inputs and outputs of the matrix of one group.
    int64_t getMatrixRows() { return getKernelRows() * getKernelCols() * getInputChannels() / getGroups(); }
    int64_t getMatrixCols() { return getOutputChannels() / getGroups(); }
    /// The input channels [first, second) that the outputs [begin, end) depend on.
    std::pair<int64_t, int64_t> getInputChannels(int64_t begin, int64_t end);
    /// Products of one inference.
    int64_t getMacs();
  }];
}

def PIM_AnalogLayersOp : PIM_Op<"analog_layers", [Pure]> {
  let summary = "fully connected layers with sigmoid neurons, analog from end to end";
  let description = [{
    For layer l with inputs x (those of the op in the first layer, the neurons y of the layer before
    in the others) `y[o] = 1 / (1 + exp(slopes[l] * (sum_i weights[l][o, i]*x[i] + biases[l][o])))`;
    the result is the last y, as converters with the codes 0 to `levels` read it, spread over 0 to
    65535. Weights and biases are what the cells hold; a falling sigmoid is what the neurons of an
    `imac` array compute (docs/imac.md).

    `pim-tile` adds `tiling`, one matrix of lines and neurons (see `isa.array_group`) in which each
    stack holds some neurons of one layer, and `feedback_ohm`, the resistors that give the slopes.

    Constraints:
    - (C1) input holds i8, the result i32, both static; there is at least one layer
    - (C2) weights[l] are outputs x inputs of i8, biases[l] outputs of i8, all of them -1, 0 or 1
    - (C3) inputs are as many as the layer before has outputs, the result has those of the last
    - (C4) slopes are above 0, one for each layer; so is levels
    - (C5) `tiling` is of as many lines and neurons as there are, each tile of neurons of one layer and
      lines that drive it; `feedback_ohm` has one number for each layer
  }];
  let arguments = (ins AnyRankedTensor:$input, ArrayAttr:$weights, ArrayAttr:$biases,
                       DenseF64ArrayAttr:$slopes, PIM_Int:$levels,
                       OptionalAttr<PIM_TilingAttr>:$tiling,
                       OptionalAttr<DenseF64ArrayAttr>:$feedback_ohm);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `weights` `(` $weights `)` `biases` `(` $biases `)` attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    int64_t getLayerCount() { return getWeights().size(); }
    /// Outputs and inputs of layer `index`.
    int64_t getOutputs(int64_t index);
    int64_t getInputs(int64_t index);
    /// Lines: the inputs, the one that carries 1, the neurons of all layers.
    int64_t getLines() { return getInputs(0) + 1 + getNeurons(); }
    int64_t getNeurons();
    /// Products of one inference.
    int64_t getMacs();
  }];
}

def PIM_LayerOp : PIM_Op<"layer", [IsolatedFromAbove, SingleBlock]> {
  let summary = "one scheduling unit";
  let description = [{
    Computes `results` from `inputs`; both lie in global memory. The body names the inputs as block
    arguments and ends in `pim.yield`. Kinds: `matrix` (one pim.conv2d and what follows it element
    by element), `pool`, `elementwise`, `movement` (one copy, concatenation, slice, padding or
    transposition), `host` (a graph for the host CPU), `analog` (one pim.analog_layers).

    Constraints:
    - (C1) block arguments have the types of `inputs`, yielded values those of `results`
    - (C2) a layer has one result; a host layer at least one
    - (C3) a matrix layer holds one pim.conv2d, an analog one one pim.analog_layers, other layers none
    - (C4) `placement` covers the channels of the result, each part whole stacks, or a share of one,
      with the arrays that they take; an analog layer is one part
    - (C5) the buffers of `schedule` are as large as the blocks need
    - (C6) a layer that is `in_place` slices a feature map, or joins maps by their channels

    ```mlir
    %y = pim.layer "conv1" matrix(%x) : (tensor<1x6x6x4xi8>) -> tensor<1x6x6x8xi32> {
    ^bb0(%a: tensor<1x6x6x4xi8>):
      %acc = pim.conv2d %a ...
      pim.yield %acc : tensor<1x6x6x8xi32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, PIM_LayerKindAttr:$kind, Variadic<AnyRankedTensor>:$inputs,
                       OptionalAttr<PIM_PlacementAttr>:$placement, OptionalAttr<PIM_ScheduleAttr>:$schedule);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $name $kind `(` $inputs `)` attr-dict `:` functional-type($inputs, $results) $body
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// The matrix op of a matrix layer, null for others.
    Conv2DOp getMatrixOp();
    /// The chain of an analog layer, null for others.
    AnalogLayersOp getAnalogOp();
    /// The arrays that either is cut into, null before tiling and for other layers.
    TilingAttr getTiling();
    /// The op that gives the layer its meaning and its name in reports: the convolution, the pooling, the
    /// first op of two operands, or the first op of all.
    Operation *getAnchor();
    /// "conv2d", "depthwise_conv2d", "matmul", "add", ..., "host".
    std::string getOperatorName();
    /// Where result `index` lies behind the first, in global memory, and the bytes of all of them.
    int64_t getResultOffset(unsigned index);
    int64_t getResultBytes() { return getResultOffset(getNumResults()); }
    RankedTensorType getResultType() { return cast<RankedTensorType>(getResult(0).getType()); }
    YieldOp getYield();
  }];
}

def PIM_YieldOp : PIM_Op<"yield", [Pure, Terminator, HasParent<"LayerOp">]> {
  let summary = "results of a layer";
  let description = "Ends the body of a `pim.layer`; `values` are its results, in order.";
  let arguments = (ins Variadic<AnyRankedTensor>:$values);
  let assemblyFormat = "$values attr-dict `:` type($values)";
}

#endif // PIM_DIALECT_PIM_IR_PIMOPS_TD
