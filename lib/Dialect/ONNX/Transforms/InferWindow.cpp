//===- InferWindow.cpp - convolutions and pools ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Dialect/ONNX/IR/Windows.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

static LogicalResult addResult(const NodeBinder &binder, RankedTensorType input, int64_t channels,
                               ArrayRef<WindowDim> window, SmallVectorImpl<Type> &results) {
  SmallVector<int64_t> shape = {input.getDimSize(0), channels};
  for (const WindowDim &dim : window)
    shape.push_back(dim.output);
  auto type = binder.makeType(shape, input.getElementType());
  if (failed(type))
    return failure();
  results.push_back(*type);
  return success();
}

static LogicalResult inferConv(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(2, 3)))
    return failure();
  auto input = binder.getInputType(0, 3, 5);
  if (failed(input))
    return failure();
  auto weight = binder.getInputType(1, input->getRank(), input->getRank());
  auto group = failed(weight) ? MaybeInt() : binder.getInt("group", 1);
  if (failed(group))
    return failure();
  if (!isa<FloatType>(input->getElementType()) ||
      input->getElementType() != weight->getElementType())
    return binder.fail("inputs have elements of types ")
           << input->getElementType() << " and " << weight->getElementType()
           << ", expected floats, the same for both";
  int64_t channels = input->getDimSize(1), outputs = weight->getDimSize(0);
  if (*group < 1 || *group > channels || channels % *group != 0 || outputs % *group != 0 ||
      channels / *group != weight->getDimSize(1))
    return binder.fail("weights of shape ")
           << shapeText(weight->getShape()) << " and " << *group
           << " groups do not fit an input of " << channels << " channels";
  if (binder.hasInput(2)) {
    auto bias = binder.getInputType(2, 1, 1);
    if (failed(bias))
      return failure();
    if (bias->getDimSize(0) != outputs || bias->getElementType() != input->getElementType())
      return binder.fail("the bias has type ") << *bias << ", expected " << outputs
                                               << " elements of type " << input->getElementType();
  }
  auto window =
      getWindow(binder, input->getShape().drop_front(2), weight->getShape().drop_front(2));
  return failed(window) ? failure() : addResult(binder, *input, outputs, *window, results);
}

static LogicalResult inferPool(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 1)))
    return failure();
  auto input = binder.getInputType(0, 3, 5);
  if (failed(input))
    return failure();
  auto window = getWindow(binder, input->getShape().drop_front(2), {});
  if (failed(window) || failed(addResult(binder, *input, input->getDimSize(1), *window, results)))
    return failure();
  if (binder.getOperator() == "MaxPool") {
    auto type = cast<RankedTensorType>(results.front());
    results.push_back(type.clone(IntegerType::get(type.getContext(), 64)));
  }
  return success();
}

static LogicalResult inferGlobalPool(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 1)))
    return failure();
  auto input = binder.getInputType(0, 3, 16);
  if (failed(input))
    return failure();
  SmallVector<int64_t> shape(input->getRank(), 1);
  shape[0] = input->getDimSize(0);
  shape[1] = input->getDimSize(1);
  results.push_back(input->clone(shape, input->getElementType()));
  return success();
}

ArrayRef<OperatorInference> mlir::pim::onnx::windowInference() {
  static const OperatorInference entries[] = {
      {"AveragePool", inferPool},
      {"Conv", inferConv},
      {"GlobalAveragePool", inferGlobalPool},
      {"GlobalMaxPool", inferGlobalPool},
      {"MaxPool", inferPool},
  };
  return entries;
}
