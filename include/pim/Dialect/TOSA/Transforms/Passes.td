//===- Passes.td - clean-ups of TOSA -----------------------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_TOSA_TRANSFORMS_PASSES_TD
#define PIM_DIALECT_TOSA_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def PimRemoveIdentitiesPass : Pass<"pim-remove-identities", "::mlir::func::FuncOp"> {
  let summary = "Remove ops that change nothing";
  let description = [{
    Sums with zero, products with one, first powers, bounds that bound nothing, empty padding, slices of everything, pooling over one
    element, reductions of a dimension of one, casts, transpositions and reshapes to what is there already, concatenations of one
    tensor. An op that also broadcasts stays. A sum with zero turns -0 into 0, a product with one keeps it; both count as nothing.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
}

def PimFoldConstantsPass : Pass<"pim-fold-constants", "::mlir::func::FuncOp"> {
  let summary = "Compute ops on constants alone";
  let description = [{
    Evaluates every TOSA op whose operands are constants, as the host does, and puts constants in its place. ONNX models have had this
    done at import; other front ends leave transposed or scaled weights to be computed.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
  let statistics = [Statistic<"numFolded", "folded", "ops folded">];
}

def PimFoldPadPass : Pass<"pim-fold-pad", "::mlir::func::FuncOp"> {
  let summary = "Merge padding into convolutions and maxima";
  let description = [{
    Zeros (of integers: the zero point) around the rows and columns of an image become the `pad` of the convolution that reads it, and
    what is below every element, or zeros around elements that are not negative, that of `tosa.max_pool2d`. Two pads become one; casts
    with a scale move above padding with zeros, which they keep. Padding as wide as the window stays, and so does that of averages: TOSA
    leaves padding out of the count.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect", "::mlir::quant::QuantDialect"];
}

def PimFuseActivationsPass : Pass<"pim-fuse-activations", "::mlir::func::FuncOp"> {
  let summary = "Bring bounds into one clamp next to the op that they bound";
  let description = [{
    Maxima and minima with one number become `tosa.clamp`, clamps of clamps one, and a clamp of `tosa.max_pool2d` moves above it, where
    quantization makes it part of the rescale of what is pooled. Exact.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
}

def PimStripQuantTypesPass : Pass<"pim-strip-quant-types", "::mlir::func::FuncOp"> {
  let summary = "Replace quantized element types by their storage integers";
  let description = [{
    Integer TOSA has its scales in rescales and its zero points in operands; front ends may leave them in the element types too
    (`!quant.uniform<...>`). Arguments and results remember them as `pim.quant`. What casts of the quant dialect read and make keeps its
    type, between two `quant.scast`.
  }];
  let dependentDialects = ["::mlir::quant::QuantDialect"];
}

def PimMatmulToConvPass : Pass<"pim-matmul-to-conv", "::mlir::func::FuncOp"> {
  let summary = "Make integer products with constants convolutions";
  let description = [{
    `tosa.matmul` of integers by a constant becomes a `tosa.conv2d` with a window of one element, which arrays compute; a constant that
    is added to its sums becomes the bias. Rescales, clamps and tables that follow stay next to it. For models that arrive as integer
    TOSA: of float ones, `pim-quantize` makes convolutions. Exact.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
}

def PimFoldBatchPass : Pass<"pim-fold-batch", "::mlir::func::FuncOp"> {
  let summary = "Compute several images as the rows of one";
  let description = [{
    A convolution of N images becomes one of a single image that holds them below each other, with zeros (of integers: the zero point)
    between them for padding: its weights are on arrays once. The rows that mix two images are cut out of the result. Elementwise ops
    that follow stay with the convolution. Pools are repeated, one for each image. Before quantization, which then sees the result; exact.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect", "::mlir::quant::QuantDialect"];
}

def PimSinkTransposesPass : Pass<"pim-sink-transposes", "::mlir::func::FuncOp"> {
  let summary = "Move transpositions down until they cancel";
  let description = [{
    Convolutions of channels-first models sit between transpositions. Each one moves towards its uses: through elementwise
    ops (the other operand a constant, transposed by the same permutation, or small enough that transposing it is a reshape),
    quant casts, concatenations, slices, pads, reductions, and reshapes that only add or drop dimensions of one. Two that meet
    become one or none. One before the reshape in front of a fully connected layer becomes a permutation of the layer's
    constant weights. A transposition that moves only dimensions of one becomes a reshape.

    What is left below an argument with nothing but elementwise ops in between moves up to the argument; from there it is a matter
    of the layout in memory. Transpositions of arguments do not move down.

    `tosa-reduce-transposes` of upstream covers elementwise ops alone.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect", "::mlir::quant::QuantDialect"];
}

def PimSinkAffinePass : Pass<"pim-sink-affine", "::mlir::func::FuncOp"> {
  let summary = "Move scales and sums behind means";
  let description = [{
    A product of floats with a constant, and a sum with one, that alone are read by a mean (`tosa.avg_pool2d`, `tosa.reduce_sum`) move
    behind it, if all that one mean is taken of has one constant: as batch norms of layers that activate first. There are fewer elements,
    a convolution behind can take it in (`pim-fold-linear`), and what is averaged keeps its exact zeros when it is quantized; where
    most of a channel had one value off the grid, all of it would be off by the same. Where zeros are padded and count, products move and
    sums stay. What `pim-fold-linear` merges into a convolution above stays. Integers stay: nothing moves across a cast of the
    quant dialect.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
}

def PimFoldLinearPass : Pass<"pim-fold-linear", "::mlir::func::FuncOp"> {
  let summary = "Merge scales and biases into convolutions";
  let description = [{
    A product with a constant per channel, and a sum with one, that alone use the result of a convolution with constant weights
    are merged into its weights and bias: batch normalization, and the bias of layers whose exporter writes it as an Add.
    Products are not merged into weights kept as integers; sums are merged if the bias is a float constant. Reshapes that
    only add or drop dimensions of one move down past elementwise ops, so that those follow their convolution.

    A product with positive numbers moves above a clamp from zero upwards and above pooling, towards the convolution: so the
    normalization of layers that activate first is merged too; a sum behind such a clamp becomes the bias and a maximum with the
    sum's constant. A product before a convolution is merged into its weights, and a
    sum before one without padding into its bias, also where a reshape that leaves the channels innermost lies in between, and also
    where several convolutions and nothing else read the value, as those of attention do.

    Computed in double precision, rounded to f32 once.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect", "::mlir::quant::QuantDialect"];
}

def PimEqualizeLayersPass : Pass<"pim-equalize-layers", "::mlir::func::FuncOp"> {
  let summary = "Give channels alike sizes from layer to layer";
  let description = [{
    Cross-layer equalization, on float TOSA: between two convolutions with nothing but ReLU and pooling in between, each channel is
    divided by a positive scale in the first and multiplied by it in the second, so that its largest weights have one size in both.
    The function stays the same, up to rounding; activations of all channels fill the range that they share. Goes over all pairs until
    the scales settle. A channel of zeros, a value that others read too, weights kept as integers, and a clamp with an upper bound
    stay as they are.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
  let statistics = [Statistic<"numPairs", "pairs", "pairs of layers equalized">];
}

def PimRemoveChannelsPass : Pass<"pim-remove-channels", "::mlir::func::FuncOp"> {
  let summary = "Drop channels that nothing needs";
  let description = [{
    On integer TOSA. Channels that an elementwise op, a pooling, a depthwise convolution or a concatenation connects can only go
    together; such a set goes if no convolution that stays weighs it, or if all its channels are constant (their filters are zero,
    so that only the bias is left) and every convolution that weighs them can take what they contribute into its bias: without
    padding always, with padding where the constant is the zero point, which padding reads as. Exact: results of the function
    keep every value. Arguments, results, and tensors that other ops see keep all channels, every tensor keeps one.

    A convolution that loses rows or outputs keeps the size it had in `pim.dense_shape` (rows, outputs, groups), for reports.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
  let statistics = [Statistic<"numRemoved", "removed", "channels of tensors removed">];
}

#endif // PIM_DIALECT_TOSA_TRANSFORMS_PASSES_TD
