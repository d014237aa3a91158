//===- IntegerConstants.cpp - integer TOSA of constants --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerConstants.h"
#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;

std::optional<SmallVector<int64_t>> mlir::pim::readConstant(Value value) {
  std::optional<Elements> elements = value ? getTosaConstant(value) : std::nullopt;
  if (!elements || !elements->getElementType().isSignlessInteger())
    return std::nullopt;
  return elements->getInts();
}

std::optional<int64_t> mlir::pim::applyScale32(int64_t value, int64_t multiplier, int64_t shift,
                                               bool doubleRound) {
  if (multiplier < 0 || shift < 2 || shift > 62 || value < INT32_MIN || value > INT32_MAX)
    return std::nullopt;
  int64_t round = int64_t(1) << (shift - 1);
  if (doubleRound && shift > 31)
    round += value >= 0 ? int64_t(1) << 30 : -(int64_t(1) << 30);
  int64_t result = (value * multiplier + round) >> shift;
  if (result < INT32_MIN || result > INT32_MAX)
    return std::nullopt;
  return result;
}

std::optional<int64_t> mlir::pim::applyScaleFloat(int64_t value, int64_t multiplier,
                                                  int64_t shift) {
  if (multiplier < 0 || shift < 2 || shift > 62 || value < INT32_MIN || value > INT32_MAX)
    return std::nullopt;
  float factor = float(std::ldexp(double(multiplier), -int(shift)));
  double result = std::nearbyint(float(value) * factor);
  if (result < INT32_MIN || result > INT32_MAX)
    return std::nullopt;
  return int64_t(result);
}

static std::pair<int64_t, int64_t> rangeOf(Value value) {
  unsigned width = cast<RankedTensorType>(value.getType()).getElementTypeBitWidth();
  return {-(int64_t(1) << (width - 1)), (int64_t(1) << (width - 1)) - 1};
}

/// The entry for `channel` of a list with one entry for all or one for each.
static int64_t entryOf(ArrayRef<int64_t> list, int64_t channel) {
  return list.size() == 1 ? list.front() : list[size_t(channel)];
}

static std::optional<ElementFunction> rescaleFunction(tosa::RescaleOp op) {
  auto multiplier = readConstant(op.getMultiplier()), shift = readConstant(op.getShift()),
       inputZeroPoint = readConstant(op.getInputZp()),
       outputZeroPoint = readConstant(op.getOutputZp());
  auto type = cast<RankedTensorType>(op.getType());
  int64_t channels = type.getShape().empty() ? 0 : type.getShape().back();
  if (!op.getScale32() || op.getInputUnsigned() || op.getOutputUnsigned() || !multiplier ||
      !shift || !inputZeroPoint || !outputZeroPoint || multiplier->size() != shift->size() ||
      (multiplier->size() != 1 && int64_t(multiplier->size()) != channels))
    return std::nullopt;
  tosa::RoundingMode rounding = op.getRoundingMode();
  auto [low, high] = rangeOf(op.getOutput());
  return ElementFunction{
      {op.getInput()}, [=](int64_t channel, ArrayRef<int64_t> inputs) -> std::optional<int64_t> {
        int64_t value = inputs[0] - inputZeroPoint->front(), by = entryOf(*shift, channel),
                factor = entryOf(*multiplier, channel);
        std::optional<int64_t> scaled =
            rounding == tosa::RoundingMode::INEXACT_ROUND
                ? applyScaleFloat(value, factor, by)
                : applyScale32(value, factor, by, rounding == tosa::RoundingMode::DOUBLE_ROUND);
        if (!scaled)
          return std::nullopt;
        return std::clamp(*scaled + outputZeroPoint->front(), low, high);
      }};
}

static std::optional<ElementFunction> clampFunction(tosa::ClampOp op) {
  auto low = dyn_cast<IntegerAttr>(op.getMinVal()), high = dyn_cast<IntegerAttr>(op.getMaxVal());
  if (!low || !high)
    return std::nullopt;
  int64_t least = low.getValue().getSExtValue(), most = high.getValue().getSExtValue();
  return ElementFunction{{op.getInput()}, [=](int64_t, ArrayRef<int64_t> inputs) {
                           return std::optional(std::min(std::max(inputs[0], least), most));
                         }};
}

static std::optional<ElementFunction> tableFunction(tosa::TableOp op) {
  auto entries = readConstant(op.getTable());
  if (!entries || entries->size() != 256)
    return std::nullopt;
  return ElementFunction{{op.getInput1()}, [=](int64_t, ArrayRef<int64_t> inputs) {
                           return std::optional((*entries)[size_t(inputs[0] + 128)]);
                         }};
}

template <typename Combine>
static std::optional<ElementFunction> binaryFunction(Operation *op, Combine combine) {
  auto [low, high] = rangeOf(op->getResult(0));
  return ElementFunction{{op->getOperand(0), op->getOperand(1)},
                         [=](int64_t, ArrayRef<int64_t> inputs) -> std::optional<int64_t> {
                           int64_t result = combine(inputs[0], inputs[1]);
                           if (result < low || result > high)
                             return std::nullopt; // wraps around; nobody counts on that
                           return result;
                         }};
}

std::optional<ElementFunction> mlir::pim::elementFunction(Operation *op) {
  return TypeSwitch<Operation *, std::optional<ElementFunction>>(op)
      .Case([](tosa::RescaleOp rescale) { return rescaleFunction(rescale); })
      .Case([](tosa::ClampOp clamp) { return clampFunction(clamp); })
      .Case([](tosa::TableOp table) { return tableFunction(table); })
      .Case([](tosa::AddOp add) {
        return binaryFunction(add, [](int64_t a, int64_t b) { return a + b; });
      })
      .Case([](tosa::SubOp sub) {
        return binaryFunction(sub, [](int64_t a, int64_t b) { return a - b; });
      })
      .Case([](tosa::MulOp mul) -> std::optional<ElementFunction> {
        auto shift = readConstant(mul.getShift());
        if (!shift || shift->front() != 0)
          return std::nullopt;
        return binaryFunction(mul, [](int64_t a, int64_t b) { return a * b; });
      })
      .Case([](tosa::MaximumOp max) {
        return binaryFunction(max, [](int64_t a, int64_t b) { return std::max(a, b); });
      })
      .Case([](tosa::MinimumOp min) {
        return binaryFunction(min, [](int64_t a, int64_t b) { return std::min(a, b); });
      })
      .Default(std::nullopt);
}
