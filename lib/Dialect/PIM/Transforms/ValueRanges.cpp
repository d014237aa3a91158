//===- ValueRanges.cpp - what integers an activation can take --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ValueRanges.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "pim/Elements/Ports.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::pim;

static ValueRange8 unite(ValueRange8 a, ValueRange8 b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

static ValueRange8 rangeOf(Type type) {
  if (auto shaped = dyn_cast<ShapedType>(type))
    type = shaped.getElementType();
  auto quantized = dyn_cast_or_null<quant::QuantizedType>(type);
  if (!quantized || !quantized.isSigned())
    return {};
  return {std::max<int64_t>(quantized.getStorageTypeMin(), -128),
          std::min<int64_t>(quantized.getStorageTypeMax(), 127)};
}

ValueRange8 ValueRanges::of(Value value) {
  auto found = known.find(value);
  if (found != known.end())
    return found->second;
  ValueRange8 range = compute(value);
  known[value] = range;
  return range;
}

ValueRange8 ValueRanges::compute(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    Operation *parent = argument.getOwner()->getParentOp();
    if (auto layer = dyn_cast<LayerOp>(parent))
      return of(layer.getInputs()[argument.getArgNumber()]);
    if (auto function = dyn_cast<func::FuncOp>(parent))
      if (auto type = function.getArgAttrOfType<TypeAttr>(argument.getArgNumber(), quantAttrName))
        return rangeOf(type.getValue());
    return {};
  }
  Operation *op = value.getDefiningOp();
  return TypeSwitch<Operation *, ValueRange8>(op)
      .Case([&](LayerOp layer) {
        return of(layer.getYield().getOperand(cast<OpResult>(value).getResultNumber()));
      })
      .Case([&](tosa::ClampOp clamp) -> ValueRange8 {
        auto low = dyn_cast<IntegerAttr>(clamp.getMinVal()),
             high = dyn_cast<IntegerAttr>(clamp.getMaxVal());
        if (!low || !high)
          return {};
        ValueRange8 from = of(clamp.getInput());
        return {std::max(from.low, low.getInt()), std::min(from.high, high.getInt())};
      })
      .Case<tosa::MaxPool2dOp, tosa::TransposeOp, tosa::ReshapeOp, tosa::SliceOp>(
          [&](Operation *same) { return of(same->getOperand(0)); })
      .Case([&](tosa::ConcatOp concat) {
        ValueRange8 range = of(concat.getOperand(0));
        for (Value operand : concat.getOperands())
          range = unite(range, of(operand));
        return range;
      })
      .Case([&](tosa::PadOp pad) -> ValueRange8 {
        std::optional<int64_t> fill = readScalar(pad.getPadConst());
        return fill ? unite(of(pad.getInput1()), {*fill, *fill}) : ValueRange8();
      })
      .Case([&](quant::StorageCastOp cast) { return rangeOf(cast.getInput().getType()); })
      .Default(ValueRange8());
}
