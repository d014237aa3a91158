//===- Pooling.cpp - pools ------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::pim;
using onnx::WindowDim;

/// TOSA pools have no dilation, and no padding as wide as the kernel.
static LogicalResult checkPool(NodeConverter &node, ArrayRef<WindowDim> dims) {
  for (const WindowDim &dim : dims) {
    if (dim.dilation != 1)
      return node.fail("has dilations, which are not supported");
    if (dim.padBegin >= dim.kernel || dim.padEnd >= dim.kernel)
      return node.fail("has padding as wide as its kernel, which is not supported");
  }
  return success();
}

static FailureOr<SmallVector<WindowDim>> getPoolWindow(NodeConverter &node) {
  auto type = node.getInputType(0);
  if (failed(type))
    return failure();
  auto dims = getWindow(node, type->getShape().drop_front(2), {});
  if (failed(dims) || failed(checkPool(node, *dims)))
    return failure();
  return dims;
}

static FailureOr<Value> convertMaxPool(NodeConverter &node) {
  auto dims = getPoolWindow(node);
  if (failed(dims))
    return failure();
  auto input = getWindowInput(node, *dims);
  if (failed(input))
    return failure();
  const Type element = elementTypeOf(input->value);
  if (!element.isF32() && !isa<quant::QuantizedType>(element))
    return node.fail("pools integers without a scale, which is not supported");
  return finishWindow(node, node.tosa.maxPool2d(input->value, input->window));
}

/// tosa.avg_pool2d divides by the number of elements inside the input. With count_include_pad the
/// padding of the node counts, so it is added as zeros; what ceil_mode adds beyond it still does
/// not count.
static FailureOr<Value> convertAveragePool(NodeConverter &node) {
  auto dims = getPoolWindow(node);
  auto includesPad = failed(dims) ? onnx::MaybeInt() : node.getInt("count_include_pad", 0);
  if (failed(includesPad))
    return failure();
  auto input = getWindowInput(node, *dims);
  if (failed(input))
    return failure();
  if (*includesPad) {
    SmallVector<int64_t> begin(4, 0), end(4, 0);
    size_t first = 3 - dims->size();
    for (auto [index, dim] : llvm::enumerate(*dims)) {
      size_t axis = first + index;
      int64_t *pad = &input->window.pad[2 * (axis - 1)];
      begin[axis] = dim.padBegin;
      end[axis] = std::min(dim.padEnd, pad[1]);
      pad[0] -= begin[axis];
      pad[1] -= end[axis];
    }
    input->value = node.tosa.pad(input->value, begin, end, 0);
  }
  return finishWindow(node, node.tosa.avgPool2d(input->value, input->window));
}

static FailureOr<Value> convertGlobalPool(NodeConverter &node) {
  auto type = node.getInputType(0);
  if (failed(type))
    return failure();
  SmallVector<WindowDim> dims;
  for (int64_t size : type->getShape().drop_front(2)) {
    WindowDim dim;
    dim.input = dim.kernel = size;
    dims.push_back(dim);
  }
  auto input = getWindowInput(node, dims);
  if (failed(input))
    return failure();
  bool isMax = node.getOperator() == "GlobalMaxPool";
  return finishWindow(node, isMax ? node.tosa.maxPool2d(input->value, input->window)
                                  : node.tosa.avgPool2d(input->value, input->window));
}

ArrayRef<OperatorHandler> mlir::pim::poolingHandlers() {
  static constexpr StringLiteral spatial = "one or two spatial dimensions";
  static constexpr StringLiteral window =
      "one or two spatial dimensions; no dilations; pads smaller than the kernel";
  static const OperatorHandler handlers[] = {
      {"AveragePool", 7, anyOpset, convertAveragePool, window, "pooling.mlir"},
      {"GlobalAveragePool", 1, anyOpset, convertGlobalPool, spatial, "pooling.mlir"},
      {"GlobalMaxPool", 1, anyOpset, convertGlobalPool, spatial, "pooling.mlir"},
      {"MaxPool", 1, anyOpset, convertMaxPool,
       "one or two spatial dimensions; no dilations; pads smaller than the kernel; no indices",
       "pooling.mlir"},
  };
  return handlers;
}
