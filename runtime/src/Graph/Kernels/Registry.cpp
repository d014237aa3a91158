//===- Registry.cpp - which kernel computes which op ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"

#include <map>
#include <string_view>

using namespace pim::graph;

static const std::map<std::string_view, Step (*)(const Binding &)> &kernels() {
  static const std::map<std::string_view, Step (*)(const Binding &)> table = {
      {"pim.analog_layers", prepareAnalogLayers},
      {"quant.dcast", prepareDequantize},
      {"quant.qcast", prepareQuantize},
      {"tosa.abs", prepareUnaryInteger},
      {"tosa.add", prepareBinary},
      {"tosa.argmax", prepareArgMax},
      {"tosa.arithmetic_right_shift", prepareBinary},
      {"tosa.avg_pool2d", prepareAvgPool2d},
      {"tosa.bitwise_and", prepareBinary},
      {"tosa.bitwise_not", prepareUnaryInteger},
      {"tosa.bitwise_or", prepareBinary},
      {"tosa.bitwise_xor", prepareBinary},
      {"tosa.cast", prepareCast},
      {"tosa.ceil", prepareUnaryFloat},
      {"tosa.clamp", prepareClamp},
      {"tosa.clz", prepareUnaryInteger},
      {"tosa.concat", prepareConcat},
      {"tosa.conv2d", prepareConv2d},
      {"tosa.cos", prepareUnaryFloat},
      {"tosa.depthwise_conv2d", prepareDepthwiseConv2d},
      {"tosa.equal", prepareComparison},
      {"tosa.erf", prepareUnaryFloat},
      {"tosa.exp", prepareUnaryFloat},
      {"tosa.floor", prepareUnaryFloat},
      {"tosa.gather", prepareGather},
      {"tosa.greater", prepareComparison},
      {"tosa.greater_equal", prepareComparison},
      {"tosa.identity", prepareReshape},
      {"tosa.intdiv", prepareBinary},
      {"tosa.log", prepareUnaryFloat},
      {"tosa.logical_and", prepareBinary},
      {"tosa.logical_left_shift", prepareBinary},
      {"tosa.logical_not", prepareUnaryInteger},
      {"tosa.logical_or", prepareBinary},
      {"tosa.logical_right_shift", prepareBinary},
      {"tosa.logical_xor", prepareBinary},
      {"tosa.matmul", prepareMatMul},
      {"tosa.max_pool2d", prepareMaxPool2d},
      {"tosa.maximum", prepareBinary},
      {"tosa.minimum", prepareBinary},
      {"tosa.mul", prepareMul},
      {"tosa.negate", prepareNegate},
      {"tosa.pad", preparePad},
      {"tosa.pow", prepareBinary},
      {"tosa.reciprocal", prepareUnaryFloat},
      {"tosa.reduce_all", prepareReduce},
      {"tosa.reduce_any", prepareReduce},
      {"tosa.reduce_max", prepareReduce},
      {"tosa.reduce_min", prepareReduce},
      {"tosa.reduce_product", prepareReduce},
      {"tosa.reduce_sum", prepareReduce},
      {"tosa.rescale", prepareRescale},
      {"tosa.reshape", prepareReshape},
      {"tosa.resize", prepareResize},
      {"tosa.reverse", prepareReverse},
      {"tosa.rsqrt", prepareUnaryFloat},
      {"tosa.scatter", prepareScatter},
      {"tosa.select", prepareSelect},
      {"tosa.sigmoid", prepareUnaryFloat},
      {"tosa.sin", prepareUnaryFloat},
      {"tosa.slice", prepareSlice},
      {"tosa.sub", prepareBinary},
      {"tosa.table", prepareTable},
      {"tosa.tanh", prepareUnaryFloat},
      {"tosa.tile", prepareTile},
      {"tosa.transpose", prepareTranspose},
      {"tosa.transpose_conv2d", prepareTransposeConv2d},
  };
  return table;
}

Step pim::graph::prepareKernel(const Binding &op) {
  if (op.node().isONNX())
    return prepareOnnx(op);
  auto found = kernels().find(op.code());
  if (found == kernels().end())
    op.fail("is not supported by the evaluators");
  return found->second(op);
}
