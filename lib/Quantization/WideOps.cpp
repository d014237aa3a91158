//===- WideOps.cpp - what float ops compute, in wide integers -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatOps.h"
#include "FunctionQuantizer.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;

static RankedTensorType tensorType(Value value) { return cast<RankedTensorType>(value.getType()); }

std::optional<WideValue> FunctionQuantizer::wide(Value value) {
  auto found = wides.find(value);
  if (found != wides.end())
    return found->second;
  std::optional<WideValue> made = makeWide(value);
  // What several ops go on from is computed once.
  if (made && made->linear && !value.hasOneUse())
    emitter.emitLinear(*made);
  wides.try_emplace(value, made);
  return made;
}

std::optional<WideValue> FunctionQuantizer::makeWide(Value value) {
  if (isConstant(value))
    return std::nullopt;
  if (auto params = natural(value))
    return emitter.widen(narrow(value, *params), *params, value.getLoc());
  Operation *op = value.getDefiningOp();
  if (!op || !hasIntegerForm(op))
    return std::nullopt;
  std::optional<WideValue> made;
  if (isLinear(op))
    made = wideLinear(op);
  else if (matchChannelAffine(op))
    made = wideAffine(op);
  else if (isa<tosa::AddOp, tosa::SubOp>(op))
    made = wideSum(op);
  else if (isa<tosa::MulOp>(op))
    made = wideProduct(op);
  else if (isa<tosa::ClampOp>(op))
    made = wideClamp(op);
  else if (isa<tosa::AvgPool2dOp>(op))
    made = wideAverage(op);
  else if (isa<tosa::ReduceSumOp>(op))
    made = wideReduction(op);
  else if (isMovement(op))
    made = wideMovement(op);
  if (made)
    integers.insert(op);
  return made;
}

std::optional<WideValue> FunctionQuantizer::wideLinear(Operation *op) {
  auto params = natural(op->getOperand(0));
  if (!params)
    return std::nullopt;
  WideValue made(op->getLoc());
  if (mlir::failed(loadLinear(op, narrow(op->getOperand(0), *params), *params,
                              weightBitsOf(op, weightBits) == 1, emitter, made))) {
    failed = true;
    return std::nullopt;
  }
  return made.linear ? std::optional(std::move(made)) : std::nullopt;
}

std::optional<WideValue> FunctionQuantizer::wideAffine(Operation *op) {
  auto affine = matchChannelAffine(op);
  auto made = wide(affine->value);
  if (!made)
    return std::nullopt;
  made->absorbSigns(affine->factor);
  if (made->applyAffine(affine->factor, affine->offset))
    return made;
  return isa<tosa::MulOp>(op) ? wideProduct(op) : wideSum(op);
}

std::optional<WideValue> FunctionQuantizer::wideClamp(Operation *op) {
  auto bounds = matchClamp(op);
  auto made = wide(op->getOperand(0));
  if (!bounds || !made)
    return std::nullopt;
  made->applyClamp(bounds->low, bounds->high);
  return made;
}

/// A constant as i32 integers of one scale that has `steps` integers up to the largest value.
WideValue FunctionQuantizer::wideConstant(Value value, Location loc, int64_t steps) {
  WideValue made(loc);
  auto reals = evaluateReals(value);
  if (!reals) {
    emitError(value.getLoc()) << "constant cannot be read; its data must be in the file";
    failed = true;
    reals = RealConstant({}, std::vector<float>(tensorType(value).getNumElements()));
  }
  for (double constant : reals->values)
    made.bound = std::max(made.bound, std::abs(constant));
  double scale = made.bound > 0 ? made.bound / double(steps) : 1.0;
  std::vector<int32_t> integers;
  for (double constant : reals->values)
    integers.push_back(int32_t(std::nearbyint(constant / scale)));
  made.shape = llvm::to_vector(tensorType(value).getShape());
  made.scales = {scale};
  made.value = createConstant(builder, loc, made.shape, ArrayRef<int32_t>(integers), "constant");
  return made;
}

/// Additions and subtractions of two tensors: both at one scale that is fine enough for either, as
/// i32.
std::optional<WideValue> FunctionQuantizer::wideSum(Operation *op) {
  SmallVector<std::optional<WideValue>, 2> operands;
  double bound = 0;
  SmallVector<double> scales;
  for (Value operand : op->getOperands().take_front(2)) {
    if (isConstant(operand)) {
      operands.push_back(std::nullopt);
      if (auto reals = evaluateReals(operand))
        for (double constant : reals->values)
          bound = std::max(bound, std::abs(constant));
      continue;
    }
    operands.push_back(wide(operand));
    if (!operands.back())
      return std::nullopt;
    scales.append(operands.back()->scales);
  }
  if (scales.empty())
    return std::nullopt;
  for (const auto &operand : operands)
    bound += operand ? operand->bound : 0;
  double scale = IntegerEmitter::sumScale(scales, bound);
  SmallVector<Value> integers;
  for (auto [index, operand] : llvm::enumerate(operands)) {
    if (operand) {
      if (!operand->linear)
        operand->loc = op->getLoc();
      integers.push_back(emitter.atScale(*operand, scale));
      continue;
    }
    // The constant rounds at the scale of the sum, twenty bits finer than an activation.
    QuantParams exact{scale, 0, std::numeric_limits<int32_t>::min(),
                      std::numeric_limits<int32_t>::max()};
    Value constant = op->getOperand(index);
    auto reals = evaluateReals(constant);
    if (!reals)
      return std::nullopt;
    std::vector<int32_t> values;
    for (double real : reals->values)
      values.push_back(int32_t(exact.quantize(real)));
    integers.push_back(createConstant(builder, op->getLoc(), tensorType(constant).getShape(),
                                      ArrayRef<int32_t>(values), "constant"));
  }
  WideValue made(op->getLoc());
  made.value = cloneOn(op, integers, builder.getI32Type());
  made.shape = llvm::to_vector(tensorType(made.value).getShape());
  made.scales = {scale};
  made.bound = bound;
  return made;
}

/// Products of two tensors: exact integers of 9 bits from activations, up to 15 bits from anything
/// wider.
std::optional<WideValue> FunctionQuantizer::wideProduct(Operation *op) {
  WideValue made(op->getLoc());
  made.scales = {1.0};
  made.bound = 1.0;
  SmallVector<Value> integers;
  if (llvm::all_of(op->getOperands().take_front(2), isConstant))
    return std::nullopt;
  SmallVector<WideValue, 2> operands;
  for (Value operand : op->getOperands().take_front(2)) {
    if (isConstant(operand)) {
      operands.push_back(wideConstant(operand, op->getLoc(), 32767));
      continue;
    }
    auto found = wide(operand);
    if (!found)
      return std::nullopt;
    operands.push_back(std::move(*found));
  }
  for (WideValue &operand : operands) {
    if (!operand.linear)
      operand.loc = op->getLoc();
    bool exact = operand.value && operand.scales.size() == 1 && !operand.hasOffset() &&
                 operand.bound / operand.scales[0] <= 32768;
    double scale = exact ? operand.scales[0] : operand.bound / 32767;
    made.scales[0] *= scale;
    made.bound *= operand.bound;
    integers.push_back(emitter.atScale(std::move(operand), scale));
  }
  made.value = cloneOn(op, integers, builder.getI32Type());
  made.shape = llvm::to_vector(tensorType(made.value).getShape());
  return made;
}

/// How many times finer than the i8 that it is taken of a mean in i16 can be. A window without
/// padding has as many elements everywhere; if the factor is a multiple of their count, the mean is
/// exact.
static double stepsOfMean(ArrayRef<int64_t> kernel, ArrayRef<int64_t> pads) {
  constexpr int64_t most = 128; // what 255 steps may be multiplied by and stay in i16
  int64_t count = kernel[0] * kernel[1];
  bool padded = llvm::any_of(pads, [](int64_t pad) { return pad != 0; });
  return double(padded || count > most ? most : most / count * count);
}

/// The mean of i8 integers over windows. It has their scale and zero point, rounded to integers; or
/// is finer, where i16 may be used and the sum stays within 32 bits.
WideValue FunctionQuantizer::average(Value input, const QuantParams &params, PoolWindow window,
                                     ArrayRef<int64_t> resultShape, Location loc) {
  const double moreSteps = stepsOfMean(window.kernel, window.pad);
  bool fits = double(window.kernel[0] * window.kernel[1]) * 255 * moreSteps < 2147483648.0;
  Type element = builder.getI8Type();
  QuantParams result = params;
  if (wideAverages && fits) {
    element = builder.getI16Type();
    input = emitter.rescale(input, params.zeroPoint, {moreSteps}, element, 0, loc);
    result.zeroPoint = 0;
    result.scale /= moreSteps;
  }
  Value zeroPoint = createScalar(builder, loc, element, result.zeroPoint);
  Value mean = tosa::AvgPool2dOp::create(
      builder, loc, RankedTensorType::get(resultShape, element), input, zeroPoint, zeroPoint,
      builder.getDenseI64ArrayAttr(window.kernel), builder.getDenseI64ArrayAttr(window.stride),
      builder.getDenseI64ArrayAttr(window.pad), TypeAttr::get(builder.getI32Type()));
  WideValue made = emitter.widen(mean, result, loc);
  made.bound = params.magnitude();
  made.isSum = true;
  return made;
}

std::optional<WideValue> FunctionQuantizer::wideAverage(Operation *op) {
  auto pool = cast<tosa::AvgPool2dOp>(op);
  auto params = natural(pool.getInput());
  if (!params)
    return std::nullopt;
  return average(narrow(pool.getInput(), *params), *params,
                 {pool.getKernel(), pool.getStride(), pool.getPad()},
                 tensorType(pool.getOutput()).getShape(), op->getLoc());
}

/// A sum over rows, columns or both: the mean that pooling computes, at a scale that counts the
/// elements.
std::optional<WideValue> FunctionQuantizer::wideReduction(Operation *op) {
  if (!isPoolableSum(op))
    return std::nullopt;
  auto sum = cast<tosa::ReduceSumOp>(op);
  Value source = sum.getInput();
  ArrayRef<int64_t> shape = tensorType(source).getShape();
  auto axis = int64_t(sum.getAxis());
  int64_t rows = shape[axis], columns = 1;
  // Rows and columns of an image in one go: one rounding instead of two.
  auto inner = source.getDefiningOp<tosa::ReduceSumOp>();
  bool both = inner && shape.size() == 4 && isPoolableSum(inner) && axis + inner.getAxis() == 3 &&
              axis >= 1 && source.hasOneUse();
  if (both) {
    source = inner.getInput();
    shape = tensorType(source).getShape();
    rows = shape[1];
    columns = shape[2];
  }
  auto params = natural(source);
  if (!params)
    return std::nullopt;
  Location loc = op->getLoc();
  Value input = narrow(source, *params);
  SmallVector<int64_t> image(shape);
  bool isColumns = shape.size() == 4 && axis == 2 && !both;
  if (isColumns) {
    std::swap(rows, columns);
  } else if (shape.size() != 4 || axis == 0) {
    int64_t further = 1;
    for (int64_t size : shape.drop_front(axis + 1))
      further *= size;
    image = {1, rows, 1, further};
    input = emitter.reshape(input, image, loc);
  }
  SmallVector<int64_t> pooled{image[0], image[1] / rows, image[2] / columns, image[3]};
  WideValue made = average(input, *params, {{rows, columns}, {1, 1}, {0, 0, 0, 0}}, pooled, loc);
  made.shape = llvm::to_vector(tensorType(sum.getOutput()).getShape());
  if (made.shape.back() != pooled.back())
    made.value = emitter.reshape(made.value, made.shape, loc);
  made.applyAffine({double(rows * columns)}, {0.0});
  return made;
}

std::optional<WideValue> FunctionQuantizer::wideMovement(Operation *op) {
  auto made = wide(op->getOperand(0));
  if (!made)
    return std::nullopt;
  if (keepsChannels(op)) {
    made->shape = llvm::to_vector(tensorType(op->getResult(0)).getShape());
    return made;
  }
  bool uniform = !made->linear && made->scales.size() == 1 && made->offsets.size() == 1;
  if (!uniform || made->shape != tensorType(made->value).getShape())
    made = emitter.flatten(std::move(*made));
  made->value = cloneOn(op, {made->value}, tensorType(made->value).getElementType());
  made->shape = llvm::to_vector(tensorType(made->value).getShape());
  return made;
}
