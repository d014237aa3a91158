//===- InferElementwise.cpp - element by element --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Dialect/ONNX/IR/ElementTypes.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

/// The result is as the first input.
static LogicalResult inferLikeFirst(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 16)))
    return failure();
  FailureOr<RankedTensorType> type = binder.getInputType(0);
  if (failed(type))
    return failure();
  results.push_back(*type);
  return success();
}

/// The default axes are those of an image, [N, C, rows, columns].
static LogicalResult inferMeanVarianceNormalization(const NodeBinder &binder,
                                                    SmallVectorImpl<Type> &results) {
  auto type = binder.getInputType(0);
  auto axes = failed(type) ? MaybeInts() : binder.getInts("axes", {0, 2, 3});
  if (failed(axes))
    return failure();
  if (!binder.hasAttribute("axes") && type->getRank() < 4)
    return binder.fail("input 0 has shape ")
           << shapeText(type->getShape())
           << ", but without 'axes' it normalizes over dimensions 0, 2 and 3";
  if (failed(binder.normalizeAxes(*axes, type->getRank())))
    return failure();
  results.push_back(*type);
  return success();
}

static FailureOr<SmallVector<int64_t>> broadcastInputs(const NodeBinder &binder, unsigned count) {
  SmallVector<int64_t> shape;
  for (unsigned index = 0; index < count; ++index) {
    FailureOr<RankedTensorType> type = binder.getInputType(index);
    if (failed(type))
      return failure();
    FailureOr<SmallVector<int64_t>> wider = broadcastShapes(binder, shape, type->getShape());
    if (failed(wider))
      return failure();
    shape = std::move(*wider);
  }
  return shape;
}

static LogicalResult inferBinary(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(2, 2)))
    return failure();
  auto shape = broadcastInputs(binder, 2);
  if (failed(shape))
    return failure();
  Type left = cast<RankedTensorType>(binder.getInput(0).getType()).getElementType();
  Type right = cast<RankedTensorType>(binder.getInput(1).getType()).getElementType();
  if (left != right && binder.getOperator() != "Pow")
    return binder.fail("inputs have elements of types ")
           << left << " and " << right << ", expected the same";
  auto type = binder.makeType(*shape, left);
  if (failed(type))
    return failure();
  results.push_back(*type);
  return success();
}

static LogicalResult inferComparison(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(inferBinary(binder, results)))
    return failure();
  auto type = cast<RankedTensorType>(results.front());
  results.front() = type.clone(IntegerType::get(type.getContext(), 1));
  return success();
}

/// Min, Max, Sum, Mean: any number of inputs.
static LogicalResult inferVariadic(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 4096)))
    return failure();
  auto shape = broadcastInputs(binder, binder.getNode().getInputs().size());
  if (failed(shape))
    return failure();
  auto type = binder.makeType(
      *shape, cast<RankedTensorType>(binder.getInput(0).getType()).getElementType());
  if (failed(type))
    return failure();
  results.push_back(*type);
  return success();
}

static LogicalResult inferWhere(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(3, 3)))
    return failure();
  auto shape = broadcastInputs(binder, 3);
  if (failed(shape))
    return failure();
  Type condition = cast<RankedTensorType>(binder.getInput(0).getType()).getElementType();
  Type left = cast<RankedTensorType>(binder.getInput(1).getType()).getElementType();
  Type right = cast<RankedTensorType>(binder.getInput(2).getType()).getElementType();
  if (!condition.isInteger(1) || left != right)
    return binder.fail("inputs have elements of types ")
           << condition << ", " << left << " and " << right << ", expected i1 and twice the same";
  auto type = binder.makeType(*shape, left);
  if (failed(type))
    return failure();
  results.push_back(*type);
  return success();
}

static LogicalResult inferCast(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 1)))
    return failure();
  FailureOr<RankedTensorType> type = binder.getInputType(0);
  FailureOr<int64_t> to = failed(type) ? MaybeInt() : binder.getInt("to");
  if (failed(to))
    return failure();
  Type element = elementTypeOf(type->getContext(), *to);
  if (!element)
    return binder.fail("attribute 'to' is ") << *to << ", which is not a supported element type";
  results.push_back(type->clone(element));
  return success();
}

static LogicalResult inferDropout(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(inferLikeFirst(binder, results)))
    return failure();
  auto type = cast<RankedTensorType>(results.front());
  results.push_back(type.clone(IntegerType::get(type.getContext(), 1)));
  return success();
}

/// Scale and zero point of a (de)quantizing node: of one element, or as many as the axis has.
static LogicalResult checkScale(const NodeBinder &binder, RankedTensorType type) {
  FailureOr<RankedTensorType> scale = binder.getInputType(1);
  if (failed(scale))
    return failure();
  if (!isa<FloatType>(scale->getElementType()))
    return binder.fail("the scale has elements of type ")
           << scale->getElementType() << ", expected floats";
  if (binder.hasInput(2)) {
    FailureOr<RankedTensorType> zero = binder.getInputType(2);
    if (failed(zero))
      return failure();
    if (zero->getNumElements() != scale->getNumElements())
      return binder.fail("has ") << scale->getNumElements() << " scales and "
                                 << zero->getNumElements() << " zero points";
  }
  auto blocks = binder.getInt("block_size", 0);
  if (failed(blocks))
    return failure();
  if (*blocks != 0)
    return binder.fail("is quantized in blocks, which is not supported");
  if (scale->getNumElements() == 1)
    return success();
  FailureOr<int64_t> axis = binder.getInt("axis", 1);
  if (succeeded(axis))
    axis = binder.normalizeAxis(*axis, type.getRank());
  if (failed(axis))
    return failure();
  if (scale->getRank() != 1 || scale->getNumElements() != type.getDimSize(*axis))
    return binder.fail("has scales of shape ")
           << shapeText(scale->getShape()) << ", expected one or, for dimension " << *axis << " of "
           << shapeText(type.getShape()) << ", " << type.getDimSize(*axis);
  return success();
}

/// Integers, and floats of 8 or 4 bits.
static bool isQuantized(Type element) {
  return element && element.isIntOrFloat() &&
         (element.isInteger() || element.getIntOrFloatBitWidth() <= 8);
}

static LogicalResult inferQuantizeLinear(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(2, 3)))
    return failure();
  FailureOr<RankedTensorType> type = binder.getInputType(0);
  if (failed(type) || failed(checkScale(binder, *type)))
    return failure();
  if (!isa<FloatType>(type->getElementType()))
    return binder.fail("input 0 has type ") << *type << ", expected floats";
  Type element = IntegerType::get(type->getContext(), 8, IntegerType::Unsigned);
  FailureOr<int64_t> outputType = binder.getInt("output_dtype", 0);
  if (failed(outputType))
    return failure();
  if (binder.hasInput(2))
    element = cast<RankedTensorType>(binder.getInput(2).getType()).getElementType();
  else if (*outputType != 0)
    element = elementTypeOf(type->getContext(), *outputType);
  if (!isQuantized(element))
    return binder.fail("quantizes to a type that is not supported");
  results.push_back(type->clone(element));
  return success();
}

static LogicalResult inferDequantizeLinear(const NodeBinder &binder,
                                           SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(2, 3)))
    return failure();
  FailureOr<RankedTensorType> type = binder.getInputType(0);
  if (failed(type) || failed(checkScale(binder, *type)))
    return failure();
  if (!isQuantized(type->getElementType()))
    return binder.fail("input 0 has type ") << *type << ", expected integers or floats of 8 bits";
  FailureOr<int64_t> outputType = binder.getInt("output_dtype", 0);
  if (failed(outputType))
    return failure();
  Type element = cast<RankedTensorType>(binder.getInput(1).getType()).getElementType();
  if (*outputType != 0)
    element = elementTypeOf(type->getContext(), *outputType);
  if (!isa_and_nonnull<FloatType>(element))
    return binder.fail("gives elements of a type that is not supported");
  results.push_back(type->clone(element));
  return success();
}

ArrayRef<OperatorInference> mlir::pim::onnx::elementwiseInference() {
  static const OperatorInference entries[] = {
      {"Abs", inferLikeFirst, foldUnary},
      {"Add", inferBinary, foldBinary, 7},
      {"And", inferComparison, foldBinary, 7},
      {"BatchNormalization", inferLikeFirst},
      {"Cast", inferCast, foldCast, 6},
      {"Ceil", inferLikeFirst, foldUnary},
      {"Clip", inferLikeFirst},
      {"DequantizeLinear", inferDequantizeLinear, foldDequantizeLinear},
      {"Div", inferBinary, foldBinary, 7},
      {"Dropout", inferDropout},
      {"Elu", inferLikeFirst},
      {"Equal", inferComparison, foldBinary, 7},
      {"Erf", inferLikeFirst},
      {"Exp", inferLikeFirst, foldUnary},
      {"Floor", inferLikeFirst, foldUnary},
      {"Greater", inferComparison, foldBinary, 7},
      {"GreaterOrEqual", inferComparison, foldBinary, 12},
      {"HardSigmoid", inferLikeFirst},
      {"HardSwish", inferLikeFirst},
      {"Identity", inferLikeFirst, foldFirstInput},
      {"LeakyRelu", inferLikeFirst},
      {"Less", inferComparison, foldBinary, 7},
      {"LessOrEqual", inferComparison, foldBinary, 12},
      {"Log", inferLikeFirst, foldUnary},
      {"LogSoftmax", inferLikeFirst},
      {"Max", inferVariadic, foldBinary, 8},
      {"MeanVarianceNormalization", inferMeanVarianceNormalization},
      {"Min", inferVariadic, foldBinary, 8},
      {"Mod", inferBinary, foldBinary},
      {"Mul", inferBinary, foldBinary, 7},
      {"Neg", inferLikeFirst, foldUnary},
      {"Not", inferLikeFirst, foldUnary},
      {"Or", inferComparison, foldBinary, 7},
      {"PRelu", inferLikeFirst},
      {"Pow", inferBinary, foldBinary, 7},
      {"QuantizeLinear", inferQuantizeLinear, foldQuantizeLinear},
      {"Reciprocal", inferLikeFirst, foldUnary},
      {"Relu", inferLikeFirst, foldUnary},
      {"Round", inferLikeFirst, foldUnary},
      {"Sigmoid", inferLikeFirst},
      {"Softmax", inferLikeFirst},
      {"Sqrt", inferLikeFirst, foldUnary},
      {"Sub", inferBinary, foldBinary, 7},
      {"Sum", inferVariadic, nullptr, 8},
      {"Tanh", inferLikeFirst},
      {"Where", inferWhere, foldWhere},
  };
  return entries;
}
