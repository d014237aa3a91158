//===- Reduction.cpp - reductions -----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::pim;

/// The axes that a reducing node reduces, counted from the front.
static FailureOr<SmallVector<int64_t>> getAxes(NodeConverter &node, int64_t rank) {
  auto given = node.getIntsOrInput("axes", 1);
  auto noop = failed(given) ? onnx::MaybeInt() : node.getInt("noop_with_empty_axes", 0);
  if (failed(noop))
    return failure();
  SmallVector<int64_t> axes = given->value_or(SmallVector<int64_t>());
  if (axes.empty() && *noop == 0)
    axes = llvm::to_vector(llvm::seq<int64_t>(rank));
  return node.normalizeAxes(axes, rank);
}

/// The mean over both spatial dimensions is a pool, which has an integer form.
static Value spatialMean(NodeConverter &node, Value value, bool isChannelsLast) {
  TosaBuilder &tosa = node.tosa;
  if (!isChannelsLast)
    value = tosa.transpose(value, toChannelsLast);
  Window2d window;
  window.kernel[0] = shapeOf(value)[1];
  window.kernel[1] = shapeOf(value)[2];
  value = tosa.avgPool2d(value, window);
  return isChannelsLast ? value : tosa.transpose(value, toChannelsFirst);
}

template <typename Op> static FailureOr<Value> convertReduction(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  auto axes = failed(value) ? onnx::MaybeInts() : getAxes(node, int64_t(shapeOf(*value).size()));
  if (failed(axes))
    return failure();
  TosaBuilder &tosa = node.tosa;
  llvm::sort(*axes);
  Value result = *value;
  bool isMean = node.getOperator() == "ReduceMean";
  bool isFirst = *axes == SmallVector<int64_t>{2, 3}, isLast = *axes == SmallVector<int64_t>{1, 2};
  if (isMean && shapeOf(result).size() == 4 && (isFirst || isLast))
    return tosa.reshape(spatialMean(node, result, isLast), node.getResultShape());
  double count = 1;
  for (int64_t axis : *axes) {
    count *= double(shapeOf(result)[axis]);
    result = tosa.reduce<Op>(result, axis);
  }
  if (isMean && count != 1) {
    SmallVector<int64_t> ones(shapeOf(result).size(), 1);
    result = tosa.mul(result, tosa.splat(1 / count, ones, elementTypeOf(result)));
  }
  return tosa.reshape(result, node.getResultShape());
}

ArrayRef<OperatorHandler> mlir::pim::reductionHandlers() {
  static constexpr StringLiteral restrictions = "floats; constant axes";
  static constexpr StringLiteral test = "reduction.mlir";
  static const OperatorHandler handlers[] = {
      {"ReduceMax", 1, anyOpset, convertReduction<tosa::ReduceMaxOp>, restrictions, test},
      {"ReduceMean", 1, anyOpset, convertReduction<tosa::ReduceSumOp>, restrictions, test},
      {"ReduceMin", 1, anyOpset, convertReduction<tosa::ReduceMinOp>, restrictions, test},
      {"ReduceSum", 1, anyOpset, convertReduction<tosa::ReduceSumOp>, restrictions, test},
  };
  return handlers;
}
