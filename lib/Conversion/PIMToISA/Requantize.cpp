//===- Requantize.cpp - tables of the vector unit --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TOSA's rescale, clamp and avg_pool2d as entries of the requantize table; docs/numerics.md has the
// arithmetic.
//
//===----------------------------------------------------------------------===//

#include "Requantize.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/IR/Constants.h"

using namespace mlir;
using namespace mlir::pim;

static void setFullRange(RequantizeTable &table, Type element) {
  unsigned width = element.getIntOrFloatBitWidth();
  table.min = -(int64_t(1) << (width - 1));
  table.max = (int64_t(1) << (width - 1)) - 1;
}

/// The channels [begin, end) of a list that has one entry for all, or one for each.
static std::vector<int64_t> channelsOf(ArrayRef<int64_t> list, int64_t begin, int64_t end) {
  if (list.size() == 1)
    return {list[0]};
  return std::vector<int64_t>(list.begin() + begin, list.begin() + end);
}

static LogicalResult addRescale(RequantizeTable &table, tosa::RescaleOp op, int64_t begin,
                                int64_t end) {
  std::optional<SmallVector<int64_t>> multiplier = readIntegers(op.getMultiplier()),
                                      shift = readIntegers(op.getShift());
  std::optional<int64_t> inputZeroPoint = readScalar(op.getInputZp()),
                         outputZeroPoint = readScalar(op.getOutputZp());
  if (!multiplier || !shift || !inputZeroPoint || !outputZeroPoint)
    return op.emitOpError("has parameters that are not constant");
  bool fits = multiplier->size() == shift->size() &&
              (multiplier->size() == 1 || int64_t(multiplier->size()) >= end);
  if (!fits)
    return op.emitOpError() << "has " << multiplier->size() << " multipliers and " << shift->size()
                            << " shifts, expected one, or one per channel";
  table.multiplier = channelsOf(*multiplier, begin, end);
  table.shift = channelsOf(*shift, begin, end);
  table.doubleRound = op.getRoundingMode() == tosa::RoundingMode::DOUBLE_ROUND;
  table.floatRound = op.getRoundingMode() == tosa::RoundingMode::INEXACT_ROUND;
  table.inputZeroPoint = *inputZeroPoint;
  table.outputZeroPoint = *outputZeroPoint;
  return success();
}

static LogicalResult addClamp(RequantizeTable &table, tosa::ClampOp op) {
  auto low = dyn_cast<IntegerAttr>(op.getMinVal()), high = dyn_cast<IntegerAttr>(op.getMaxVal());
  if (!low || !high)
    return op.emitOpError("has bounds that are not integers");
  // min(max(x, low), high), after what is there already.
  auto clamp = [&](int64_t value) {
    return std::min(std::max(value, low.getValue().getSExtValue()), high.getValue().getSExtValue());
  };
  table.min = clamp(table.min);
  table.max = clamp(table.max);
  return success();
}

FailureOr<RequantizeTable> mlir::pim::makeRequantize(ArrayRef<Operation *> ops, Type element,
                                                     int64_t begin, int64_t end) {
  RequantizeTable table;
  setFullRange(table, element);
  for (Operation *op : ops) {
    auto rescale = dyn_cast<tosa::RescaleOp>(op);
    if (failed(rescale ? addRescale(table, rescale, begin, end)
                       : addClamp(table, cast<tosa::ClampOp>(op))))
      return failure();
  }
  return table;
}

FailureOr<RequantizeTable> mlir::pim::makeAverage(ArrayRef<Operation *> ops, Type element) {
  RequantizeTable table;
  setFullRange(table, element);
  auto pool = cast<tosa::AvgPool2dOp>(ops.front());
  std::optional<int64_t> inputZeroPoint = readScalar(pool.getInputZp()),
                         outputZeroPoint = readScalar(pool.getOutputZp());
  if (!inputZeroPoint || !outputZeroPoint)
    return pool.emitOpError("has zero points that are not constant");
  table.inputZeroPoint = *inputZeroPoint;
  table.outputZeroPoint = *outputZeroPoint;
  for (Operation *op : ops.drop_front())
    if (failed(addClamp(table, cast<tosa::ClampOp>(op))))
      return failure();
  return table;
}

FailureOr<std::vector<int64_t>> mlir::pim::makeBias(Conv2DOp op, ArrayRef<char> weights,
                                                    int64_t begin, int64_t end) {
  std::optional<SmallVector<int64_t>> bias = readIntegers(op.getBias());
  if (!bias)
    return op.emitOpError("has a bias without data");
  int64_t offset = op.getInputZeroPoint() + op.getSlicingAttr().getInputOffset(),
          rows = op.getMatrixRows();
  std::vector<int64_t> corrected;
  for (int64_t output = begin; output < end; ++output) {
    int64_t sum = 0;
    for (char weight : weights.slice(size_t(output * rows), size_t(rows)))
      sum += int8_t(weight);
    corrected.push_back((*bias)[output] - offset * sum);
    if (corrected.back() < INT32_MIN || corrected.back() > INT32_MAX)
      return op.emitOpError() << "has the bias " << corrected.back() << " at output " << output
                              << " with its zero points folded in, which does not fit 32 bits";
  }
  // A list of equal entries is one entry.
  if (llvm::all_equal(corrected))
    corrected.resize(1);
  return corrected;
}
