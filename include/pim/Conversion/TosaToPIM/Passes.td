//===- Passes.td - from integer TOSA to pim layers ---------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_CONVERSION_TOSATOPIM_PASSES_TD
#define PIM_CONVERSION_TOSATOPIM_PASSES_TD

include "mlir/Pass/PassBase.td"

def PimFormAnalogPass : Pass<"pim-form-analog", "ModuleOp"> {
  let summary = "Find layers for analog arrays";
  let description = [{
    For targets with arrays of kind `imac`; nothing happens for others. Fully connected float layers
    with a sigmoid behind each, whose weights and biases are one number times -1, 0 and 1, and whose
    inputs are the result of a `Sign` or the neurons of such a layer, become one `tosa.custom`
    "analog_layers" of domain "pim" for each chain of them: operands are the signs as i8, and the
    weights and biases of each layer as its cells would hold them, negated unless the model negates
    the sums; `pim.slopes` are the numbers, `pim.levels` the largest code of the target's
    converters. Its i32 result is cast and scaled back to float. Fully connected layers with a
    sigmoid that do not qualify are named in a warning.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
  let statistics = [Statistic<"numChains", "chains", "chains of layers formed">,
                    Statistic<"numFormed", "formed", "layers in them">];
}

def PimAttachReferencePass : Pass<"pim-attach-reference", "ModuleOp"> {
  let summary = "Keep the integer graph for checking";
  let description = [{
    Stores the function as a graph (pim/Program/Graph.h) in the module attribute `pim.reference`,
    and on each op, as `pim.reference` too, the names of the tensors that its results are there.
    `pim-form-layers` passes the names on to the layer, and `pim-run --check` compares the results
    of every layer with the tensors.
  }];
}

def ConvertTosaToPIMPass : Pass<"convert-tosa-to-pim", "ModuleOp"> {
  let summary = "Convert integer convolutions to pim.conv2d";
  let description = [{
    `tosa.conv2d` and `tosa.depthwise_conv2d` of i8 with constant weights become `pim.conv2d`; a
    weight zero point is subtracted from the weights; what `pim-form-analog` made becomes
    `pim.analog_layers`. Refuses weights that then do not fit 8 bits,
    and weights that are not constant.
  }];
  let dependentDialects = ["::mlir::pim::PIMDialect"];
  let statistics = [Statistic<"numConverted", "converted", "convolutions converted">];
}

def PimFormLayersPass : Pass<"pim-form-layers", "ModuleOp"> {
  let summary = "Group ops into scheduling units";
  let description = [{
    Groups the ops of each function into `pim.layer`: a matrix op or a pooling with the rescales,
    clamps and table lookups that alone use its result; a chain of elementwise ops; one data
    movement; or an island for the host (float ops, and integer ops without a form on the vector
    unit). Afterwards a function holds layers, constants and reshapes, and no transposition at its
    border: one that all uses of an argument share, or that makes a result, is folded into the
    layout of the argument or result in memory (`pim.permutation`, with the model's own shape in
    `pim.shape`).
  }];
  let dependentDialects = ["::mlir::pim::PIMDialect"];
  let statistics = [Statistic<"numLayers", "layers", "layers formed">];
}

#endif // PIM_CONVERSION_TOSATOPIM_PASSES_TD
