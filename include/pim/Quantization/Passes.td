//===- Passes.td - the passes of quantization --------------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_QUANTIZATION_PASSES_TD
#define PIM_QUANTIZATION_PASSES_TD

include "mlir/Pass/PassBase.td"

def InsertQuantization : Pass<"pim-insert-quantization", "::mlir::ModuleOp"> {
  let summary = "Quantize a float model after its training";
  let description = [{
    Runs the float function on calibration data, or on seeded random inputs with a warning, collects the
    distribution of the values that integer ops make or use, and puts a `quant.qcast`/`quant.dcast` pair behind each. Constant
    weights of convolutions and matrix products get a pair with one scale per output channel.

    Assumes float TOSA with static shapes. Values that have casts already keep them. A value between a convolution and the
    bias, scale or clamp that follows it gets no pair, since `pim-quantize` makes them one op; neither does a value
    inside a float island (softmax and all else without an integer form).

    Guarantees that every pair has a finite scale greater than zero and a range that contains zero. The result of the
    float function changes by the rounding alone. Sets `pim.weight_bits` and `pim.activation_bits` on the module.
  }];
  let options = [
    ListOption<"data", "data", "std::string", "Calibration data files, PATH or INPUT=PATH">,
    Option<"samples", "samples", "int64_t", "256", "Largest number of samples used">,
    Option<"method", "method", "std::string", "\"mse\"", "Range of activations: min-max, percentile, mse or entropy">,
    Option<"percentile", "percentile", "double", "99.99", "Part of the values kept by percentile, of 100">,
    Option<"weightBits", "weight-bits", "std::string", "\"8\"",
           "Bits of a weight, 1 to 8; by layer as in 8;conv1=4; or auto">,
    Option<"keepFirstLast", "keep-first-last", "int64_t", "0", "Layers of eight bits at either end">,
    Option<"maxAccuracyLoss", "max-accuracy-loss", "double", "0.5", "Points of top-1 that auto may cost">,
    Option<"rounding", "rounding", "std::string", "\"auto\"", "Rounding of weights: auto, nearest or adaptive">,
    Option<"activationBits", "activation-bits", "unsigned", "8", "Bits of an activation, 1 to 8">,
    Option<"narrowResults", "narrow-results", "bool", "false", "Bytes for the last matrix ops' results, too">,
    Option<"wideSums", "wide-sums", "bool", "false", "32 bits for what matrix ops give sums of two tensors">,
    Option<"seed", "seed", "uint64_t", "1", "Seed of random inputs">,
    Option<"scale", "scale", "double", "1", "Preprocessing of bytes: factor">,
    ListOption<"mean", "mean", "double", "Preprocessing of bytes: mean, one or one per channel">,
    ListOption<"deviation", "std", "double", "Preprocessing of bytes: deviation, one or one per channel">,
    Option<"layout", "layout", "std::string", "\"\"", "Layout of image data: nhwc or nchw">
  ];
  let dependentDialects = ["::mlir::quant::QuantDialect", "::mlir::tosa::TosaDialect"];
}

def Quantize : Pass<"pim-quantize", "::mlir::ModuleOp"> {
  let summary = "Turn quant casts and float TOSA into integer TOSA";
  let description = [{
    Computes each `quant.qcast` in integers wherever the ops between it and the `quant.dcast` ops before it allow:
    convolutions and products with constants become i8 x i8 -> i32 ops followed by `tosa.rescale`; constant additions and
    factors per channel become part of bias and rescale; a clamp becomes the rescale's bounds; additions and products of
    two values are done in i32 at a common scale; pooling, padding, concatenation and data movement stay on i8.
    What has no integer form stays a float island between `quant.dcast` and `quant.qcast`.

    Function arguments that are only ever quantized become i8 with the type in the attribute `pim.quant`, results
    that are dequantized integers too.

    Where the module has `pim.float_rescale`, as models that arrive quantized have, sums of convolutions and products with
    constants, and means, become eight bits by factors that are floats, with `INEXACT_ROUND`.

    Statistics count the ops that became integers and those that stayed float.
  }];
  let options = [
    Option<"wideAverages", "wide-averages", "bool", "true",
           "Average in 16 bits, which keeps the precision of means over many values">
  ];
  let statistics = [
    Statistic<"integerOps", "integer-ops", "Float ops that became integer ops">,
    Statistic<"floatOps", "float-ops", "Float ops that stayed in float islands">
  ];
  let dependentDialects = ["::mlir::quant::QuantDialect", "::mlir::tosa::TosaDialect"];
}

def PimPrunePass : Pass<"pim-prune", "::mlir::ModuleOp"> {
  let summary = "Project weights to patterns of zeros";
  let description = [{
    Replaces the weights of convolutions and products with constants, in float TOSA or behind quant casts, by the nearest ones
    whose zeros follow the given patterns (pim/Sparsity/PatternSpec.h), and keeps the patterns in `pim.pruned`. Lossy, by
    as much as the weights that become zero mattered.
  }];
  let options = [
    Option<"patterns", "patterns", "std::string", "\"\"", "patterns by layer, as `pimc --prune` takes them">
  ];
  let dependentDialects = ["::mlir::quant::QuantDialect", "::mlir::tosa::TosaDialect"];
}

#endif // PIM_QUANTIZATION_PASSES_TD
