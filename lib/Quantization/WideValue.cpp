//===- WideValue.cpp - integers on their way to eight bits ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WideValue.h"

#include "pim/Quantization/Multiplier.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;

//===----------------------------------------------------------------------===//
// WideValue
//===----------------------------------------------------------------------===//

bool WideValue::isClamped() const { return std::isfinite(low) || std::isfinite(high); }

bool WideValue::hasOffset() const {
  return llvm::any_of(offsets, [](double offset) { return offset != 0; });
}

static double at(ArrayRef<double> values, size_t channel) {
  return values.size() == 1 ? values[0] : values[channel];
}

static double largestMagnitude(ArrayRef<double> values) {
  double result = 0;
  for (double value : values)
    result = std::max(result, std::abs(value));
  return result;
}

bool WideValue::applyAffine(ArrayRef<double> factor, ArrayRef<double> offset) {
  if (llvm::any_of(factor, [](double f) { return !(f > 0); }))
    return false;
  if (isClamped()) {
    if (factor.size() > 1 || offset.size() > 1)
      return false;
    low = low * factor[0] + offset[0];
    high = high * factor[0] + offset[0];
  }
  SmallVector<double> newScales, newOffsets;
  for (size_t c = 0, e = std::max(scales.size(), factor.size()); c < e; ++c)
    newScales.push_back(at(scales, c) * at(factor, c));
  for (size_t c = 0, e = std::max({offsets.size(), factor.size(), offset.size()}); c < e; ++c)
    newOffsets.push_back(at(offsets, c) * at(factor, c) + at(offset, c));
  if (llvm::all_equal(newOffsets))
    newOffsets.resize(1);
  bound = bound * largestMagnitude(factor) + largestMagnitude(offset);
  scales = std::move(newScales);
  offsets = std::move(newOffsets);
  return true;
}

void WideValue::applyClamp(double newLow, double newHigh) {
  // The largest floats stand for no bound.
  constexpr double largest = std::numeric_limits<float>::max();
  if (newLow > -largest)
    low = std::clamp(newLow, low, high);
  if (newHigh < largest)
    high = std::clamp(newHigh, low, high);
}

//===----------------------------------------------------------------------===//
// IntegerEmitter
//===----------------------------------------------------------------------===//

static RankedTensorType tensorType(Value value) { return cast<RankedTensorType>(value.getType()); }

Value IntegerEmitter::reshape(Value value, ArrayRef<int64_t> shape, Location loc) {
  if (tensorType(value).getShape() == shape)
    return value;
  Value target = createShape(builder, loc, shape);
  return tosa::ReshapeOp::create(builder, loc, tensorType(value).clone(shape), value, target);
}

Value IntegerEmitter::clamp(Value value, int64_t low, int64_t high, Location loc) {
  Type element = tensorType(value).getElementType();
  return tosa::ClampOp::create(builder, loc, value.getType(), value,
                               builder.getIntegerAttr(element, low),
                               builder.getIntegerAttr(element, high));
}

Value IntegerEmitter::rescale(Value value, int64_t inputZeroPoint, ArrayRef<double> factors,
                              Type element, int64_t outputZeroPoint, Location loc,
                              tosa::RoundingMode rounding) {
  if (llvm::all_equal(factors))
    factors = factors.take_front(1);
  SmallVector<int32_t> multipliers;
  SmallVector<int8_t> shifts;
  for (double factor : factors) {
    auto multiplier = quantizeMultiplier(factor);
    if (!multiplier) {
      emitError(loc) << "rescaling by " << realText(factor)
                     << " is not possible, expected a factor greater "
                     << "than zero and less than 2^29; check the scales of the layer";
      failed = true;
      multiplier = Multiplier{1 << 30, 30};
    }
    multipliers.push_back(multiplier->multiplier);
    shifts.push_back(multiplier->shift);
  }
  int64_t count = int64_t(factors.size());
  Type inputElement = tensorType(value).getElementType();
  Value multiplier =
      createConstant(builder, loc, {count}, ArrayRef<int32_t>(multipliers), "multiplier");
  Value shift = createConstant(builder, loc, {count}, ArrayRef<int8_t>(shifts), "shift");
  Value inputZp = createScalar(builder, loc, inputElement, inputZeroPoint);
  Value outputZp = createScalar(builder, loc, element, outputZeroPoint);
  return tosa::RescaleOp::create(
      builder, loc, tensorType(value).clone(element), value, multiplier, shift, inputZp, outputZp,
      builder.getBoolAttr(true), tosa::RoundingModeAttr::get(builder.getContext(), rounding),
      builder.getBoolAttr(count > 1), builder.getBoolAttr(false), builder.getBoolAttr(false));
}

WideValue IntegerEmitter::widen(Value value, const QuantParams &params, Location loc) {
  WideValue wide(loc);
  wide.value = value;
  wide.zeroPoint = params.zeroPoint;
  wide.scales = {params.scale};
  wide.bound = params.magnitude();
  wide.shape = llvm::to_vector(tensorType(value).getShape());
  return wide;
}

Value IntegerEmitter::narrow(WideValue wide, const QuantParams &params) {
  emitLinear(wide);
  if (wide.hasOffset())
    wide = flatten(std::move(wide));
  const bool inFloats = floatRescale && wide.isSum;
  Value value = wide.value;
  Type i8 = builder.getI8Type();
  bool isNarrow = tensorType(value).getElementType() == i8;
  bool same = isNarrow && wide.zeroPoint == params.zeroPoint &&
              llvm::all_of(wide.scales, [&](double scale) { return scale == params.scale; });
  if (!same) {
    SmallVector<double> factors;
    for (double scale : wide.scales)
      factors.push_back(inFloats ? float(scale) / float(params.scale) : scale / params.scale);
    value =
        rescale(value, wide.zeroPoint, factors, i8, params.zeroPoint, wide.loc,
                inFloats ? tosa::RoundingMode::INEXACT_ROUND : tosa::RoundingMode::SINGLE_ROUND);
  }
  // The rescale itself stops at the ends of i8. Integers that come through unchanged may lie
  // outside a narrower range.
  int64_t low = params.quantize(wide.low), high = params.quantize(wide.high);
  if (low > -128 || high < 127)
    value = clamp(value, low, high, wide.loc);
  return reshape(value, wide.shape, wide.loc);
}

double IntegerEmitter::sumScale(ArrayRef<double> scales, double bound) {
  // Twenty more bits than the coarsest operand has, as TensorFlow Lite's quantized addition does.
  double scale = std::ldexp(largestMagnitude(scales), -20);
  while (bound / scale > std::ldexp(1.0, 30))
    scale *= 2;
  return scale;
}

Value IntegerEmitter::atScale(WideValue wide, double scale) {
  emitLinear(wide);
  SmallVector<double> factors;
  for (double s : wide.scales)
    factors.push_back(s / scale);
  Type i32 = builder.getI32Type();
  bool same = tensorType(wide.value).getElementType() == i32 &&
              llvm::all_of(factors, [](double factor) { return factor == 1; });
  Value value = same ? wide.value : rescale(wide.value, wide.zeroPoint, factors, i32, 0, wide.loc);
  auto quantize = [&](double real) {
    return int64_t(std::clamp(std::nearbyint(real / scale), -2147483648.0, 2147483647.0));
  };
  if (wide.hasOffset()) {
    SmallVector<int32_t> offsets;
    for (double offset : wide.offsets)
      offsets.push_back(int32_t(quantize(offset)));
    SmallVector<int64_t> shape(tensorType(value).getRank(), 1);
    if (!shape.empty())
      shape.back() = int64_t(offsets.size());
    Value constant = createConstant(builder, wide.loc, shape, ArrayRef<int32_t>(offsets), "offset");
    value = tosa::AddOp::create(builder, wide.loc, value.getType(), value, constant);
  }
  if (wide.isClamped())
    value = clamp(value, quantize(wide.low), quantize(wide.high), wide.loc);
  return reshape(value, wide.shape, wide.loc);
}

WideValue IntegerEmitter::flatten(WideValue wide) {
  double scale = sumScale(wide.scales, wide.bound);
  WideValue flat(wide.loc);
  flat.bound = wide.bound;
  flat.shape = wide.shape;
  flat.scales = {scale};
  flat.value = atScale(std::move(wide), scale);
  return flat;
}
