//===- Activation.cpp - activation functions ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "mlir/IR/Diagnostics.h"

#include <limits>

using namespace mlir;
using namespace mlir::pim;

static constexpr double infinity = std::numeric_limits<double>::infinity();

static FailureOr<Value> convertRelu(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  if (failed(value))
    return failure();
  return node.tosa.clamp(*value, 0, infinity);
}

/// Clip: bounds are attributes up to opset 10, inputs from 11 on; a bound left out is no bound.
static FailureOr<Value> convertClip(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  if (failed(value))
    return failure();
  double bounds[2] = {-infinity, infinity};
  for (unsigned index : {0u, 1u}) {
    StringRef name = index == 0 ? "min" : "max";
    if (node.getOpset() < 11) {
      FailureOr<double> bound = node.getReal(name, bounds[index]);
      if (failed(bound))
        return failure();
      bounds[index] = *bound;
    } else if (node.hasInput(index + 1)) {
      std::optional<Elements> constant = node.getConstant(index + 1);
      if (!constant || constant->getCount() != 1)
        return node.fail("bound '") << name << "' is not a constant number, which is not supported";
      bounds[index] = constant->getReal(0);
    }
  }
  // Where the bounds cross, ONNX's min(max(x, low), high) is the upper one.
  return node.tosa.clamp(*value, std::min(bounds[0], bounds[1]), bounds[1]);
}

static FailureOr<Value> convertLeakyRelu(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  FailureOr<double> alpha = failed(value) ? FailureOr<double>() : node.getReal("alpha", 0.01);
  if (failed(alpha))
    return failure();
  TosaBuilder &tosa = node.tosa;
  SmallVector<int64_t> ones(shapeOf(*value).size(), 1);
  Value leak = tosa.mul(*value, tosa.splat(*alpha, ones, elementTypeOf(*value)));
  if (*alpha <= 1)
    return tosa.maximum(*value, leak);
  return tosa.minimum(*value, leak);
}

template <typename Op> static FailureOr<Value> convertUnary(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  if (failed(value))
    return failure();
  return node.tosa.unary<Op>(*value);
}

/// Softmax or LogSoftmax of `value` along `axis`.
static Value softmax(NodeConverter &node, Value value, int64_t axis) {
  TosaBuilder &tosa = node.tosa;
  // Subtracting the maximum changes nothing but keeps the exponentials finite.
  Value shifted = tosa.sub(value, tosa.reduce<tosa::ReduceMaxOp>(value, axis));
  Value exponentials = tosa.unary<tosa::ExpOp>(shifted);
  Value sum = tosa.reduce<tosa::ReduceSumOp>(exponentials, axis);
  if (node.getOperator() == "LogSoftmax")
    return tosa.sub(shifted, tosa.unary<tosa::LogOp>(sum));
  return tosa.mul(exponentials, tosa.unary<tosa::ReciprocalOp>(sum));
}

/// Up to opset 12 the input counts as a matrix: everything before `axis` is rows, the rest columns.
static FailureOr<Value> convertCoercedSoftmax(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  auto axis = failed(value) ? onnx::MaybeInt() : node.getInt("axis", 1);
  if (failed(axis))
    return failure();
  ArrayRef<int64_t> shape = node.getResultShape();
  int64_t rank = int64_t(shape.size());
  if (*axis != rank) { // one past the end is allowed: every element is a row of its own
    axis = node.normalizeAxis(*axis, rank);
    if (failed(axis))
      return failure();
  }
  int64_t rows = *countElements(shape.take_front(*axis));
  int64_t columns = *countElements(shape.drop_front(*axis));
  Value result = softmax(node, node.tosa.reshape(*value, {rows, columns}), 1);
  return node.tosa.reshape(result, shape);
}

static FailureOr<Value> convertSoftmax(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  auto axis = failed(value) ? onnx::MaybeInt() : node.getInt("axis", -1);
  if (succeeded(axis))
    axis = node.normalizeAxis(*axis, int64_t(node.getResultShape().size()));
  if (failed(axis))
    return failure();
  return softmax(node, *value, *axis);
}

ArrayRef<OperatorHandler> mlir::pim::activationHandlers() {
  static constexpr StringLiteral test = "activation.mlir";
  static const OperatorHandler handlers[] = {
      {"Clip", 6, anyOpset, convertClip, "floats; constant bounds", test},
      {"LeakyRelu", 6, anyOpset, convertLeakyRelu, "", test},
      {"LogSoftmax", 1, 12, convertCoercedSoftmax, "", test},
      {"LogSoftmax", 13, anyOpset, convertSoftmax, "", test},
      {"Relu", 6, anyOpset, convertRelu, "floats", test},
      {"Sigmoid", 6, anyOpset, convertUnary<tosa::SigmoidOp>, "", test},
      {"Softmax", 1, 12, convertCoercedSoftmax, "", test},
      {"Softmax", 13, anyOpset, convertSoftmax, "", test},
      {"Tanh", 6, anyOpset, convertUnary<tosa::TanhOp>, "", test},
  };
  return handlers;
}
