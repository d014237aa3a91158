//===- Convolution.cpp - Conv ---------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::pim;

/// Weights [O, I/groups, ...] with two spatial dimensions.
static Value withTwoSpatialDims(NodeConverter &node, Value weight) {
  SmallVector<int64_t> shape(shapeOf(weight));
  if (shape.size() == 3)
    shape.insert(shape.begin() + 2, 1);
  return node.tosa.reshape(weight, shape);
}

/// One input channel per group: the channels of group g are outputs g * multiplier to (g + 1) *
/// multiplier - 1, which is the order of tosa.depthwise_conv2d too. Null if the weights are
/// quantized per output in a way that the reordered weights cannot express.
static Value convertDepthwise(NodeConverter &node, const WindowInput &input, Value weight,
                              Value bias, int64_t groups) {
  ArrayRef<int64_t> shape = shapeOf(weight);
  Value split = node.tosa.reshape(weight, {groups, shape[0] / groups, shape[2], shape[3]});
  if (isConstantLike(weight) && !isConstantLike(split))
    return {};
  return node.tosa.depthwiseConv2d(input.value, node.tosa.transpose(split, {2, 3, 0, 1}), bias,
                                   input.window);
}

/// Any other number of groups: one convolution each on its slice of the channels.
static Value convertGrouped(NodeConverter &node, const WindowInput &input, Value weight, Value bias,
                            int64_t groups) {
  TosaBuilder &tosa = node.tosa;
  SmallVector<int64_t> inputSize(shapeOf(input.value)), weightSize(shapeOf(weight));
  int64_t channels = inputSize[3] / groups, outputs = weightSize[0] / groups;
  inputSize[3] = channels;
  weightSize[0] = outputs;
  SmallVector<Value> parts;
  for (int64_t group = 0; group < groups; ++group) {
    Value part = tosa.slice(input.value, {0, 0, 0, group * channels}, inputSize);
    Value kernel = tosa.slice(weight, {group * outputs, 0, 0, 0}, weightSize);
    Value add = bias ? tosa.slice(bias, {group * outputs}, {outputs}) : Value();
    parts.push_back(tosa.conv2d(part, tosa.transpose(kernel, toChannelsLast), add, input.window));
  }
  return tosa.concat(parts, 3);
}

static FailureOr<Value> convertConv(NodeConverter &node) {
  auto inputType = node.getInputType(0);
  auto weightType = failed(inputType) ? onnx::MaybeType() : node.getInputType(1);
  if (failed(weightType))
    return failure();
  auto dims =
      getWindow(node, inputType->getShape().drop_front(2), weightType->getShape().drop_front(2));
  if (failed(dims))
    return failure();
  FailureOr<Value> weight = node.getFloatOperand(1);
  FailureOr<Value> bias = Value();
  if (succeeded(weight) && node.hasInput(2))
    bias = node.getFloatOperand(2);
  if (failed(weight) || failed(bias))
    return failure();
  FailureOr<WindowInput> input = getWindowInput(node, *dims);
  auto groups = failed(input) ? onnx::MaybeInt() : node.getInt("group", 1);
  if (failed(groups))
    return failure();

  Value kernel = withTwoSpatialDims(node, *weight), result;
  if (*groups == shapeOf(input->value)[3] && *groups != 1)
    result = convertDepthwise(node, *input, kernel, *bias, *groups);
  if (!result)
    result = convertGrouped(node, *input, kernel, *bias, *groups);
  return finishWindow(node, result);
}

ArrayRef<OperatorHandler> mlir::pim::convolutionHandlers() {
  static const OperatorHandler handlers[] = {
      {"Conv", 7, anyOpset, convertConv, "one or two spatial dimensions", "convolution.mlir"},
  };
  return handlers;
}
