//===- Shape.cpp - data movement ------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "mlir/IR/Diagnostics.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "pim/Dialect/ONNX/IR/Slices.h"

using namespace mlir;
using namespace mlir::pim;

static FailureOr<Value> convertIdentity(NodeConverter &node) { return node.getOperand(0); }

/// In inference a Dropout passes its input on; the ratio does not matter.
static FailureOr<Value> convertDropout(NodeConverter &node) {
  if (node.hasInput(2)) {
    std::optional<Elements> training = node.getConstant(2);
    if (!training || training->getCount() != 1 || training->getInt(0) != 0)
      return node.fail("may be in training mode, which is not supported");
  }
  return node.getOperand(0);
}

/// Reshape, Flatten, Squeeze, Unsqueeze: inference has found the shape.
static FailureOr<Value> convertReshape(NodeConverter &node) {
  FailureOr<Value> value = node.getOperand(0);
  if (failed(value))
    return failure();
  return node.tosa.reshape(*value, node.getResultShape());
}

static FailureOr<Value> convertTranspose(NodeConverter &node) {
  FailureOr<Value> value = node.getOperand(0);
  if (failed(value))
    return failure();
  int64_t rank = int64_t(shapeOf(*value).size());
  SmallVector<int64_t> reversed = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(rank)));
  auto perm = node.getInts("perm", reversed);
  if (succeeded(perm))
    perm = node.normalizeAxes(*perm, rank);
  if (failed(perm))
    return failure();
  return node.tosa.transpose(*value, *perm);
}

static FailureOr<Value> convertConcat(NodeConverter &node) {
  auto axis = node.getInt("axis");
  if (succeeded(axis))
    axis = node.normalizeAxis(*axis, int64_t(node.getResultShape().size()));
  if (failed(axis))
    return failure();
  SmallVector<Value> values;
  for (unsigned index = 0; index < node.getNode().getInputs().size(); ++index) {
    FailureOr<Value> value = node.getOperand(index);
    if (failed(value))
      return failure();
    values.push_back(*value);
    if (elementTypeOf(*value) != elementTypeOf(values.front()))
      return node.fail("joins integers of different scales, which is not supported");
  }
  return node.tosa.concat(values, *axis);
}

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

/// TOSA's slice has no stride. Over rows and columns of an image, taking every n-th element is a
/// max-pool with a kernel of one and stride n: exact, and it stays in the layout of the
/// convolutions around it.
static Value strideImage(NodeConverter &node, Value value, int64_t rows, int64_t columns) {
  Window2d window;
  window.stride[0] = rows;
  window.stride[1] = columns;
  Value pooled = node.tosa.maxPool2d(node.tosa.transpose(value, toChannelsLast), window);
  return node.tosa.transpose(pooled, toChannelsFirst);
}

/// Along any other dimension it is a reshape to [count, step] and the first of each step. The last
/// group may hang over the end; then the dimension is filled up first.
static Value strideDim(NodeConverter &node, Value value, int64_t axis, int64_t step) {
  TosaBuilder &tosa = node.tosa;
  SmallVector<int64_t> shape(shapeOf(value)), zeros(shape.size(), 0), fill(shape.size(), 0);
  int64_t count = (shape[axis] - 1) / step + 1;
  fill[axis] = count * step - shape[axis];
  Value full = tosa.pad(value, zeros, fill, 0);
  SmallVector<int64_t> split(shape), result(shape);
  split[axis] = count;
  split.insert(split.begin() + axis + 1, step);
  result[axis] = count;
  SmallVector<int64_t> first(split), start(split.size(), 0);
  first[axis + 1] = 1;
  return tosa.reshape(tosa.slice(tosa.reshape(full, split), start, first), result);
}

static FailureOr<Value> convertSlice(NodeConverter &node) {
  FailureOr<Value> operand = node.getOperand(0);
  if (failed(operand))
    return failure();
  Value value = *operand;
  auto dims = getSlice(node, shapeOf(value));
  if (failed(dims))
    return failure();
  TosaBuilder &tosa = node.tosa;
  bool isQuantized = isa<quant::QuantizedType>(elementTypeOf(value));
  SmallVector<int64_t> start, size;
  for (auto [axis, dim] : llvm::enumerate(*dims)) {
    if (dim.step < 0) { // backwards: turn the dimension round and count from its other end
      value = tosa.reverse(value, int64_t(axis));
      dim.start = shapeOf(value)[axis] - 1 - dim.start;
      dim.step = -dim.step;
    }
    start.push_back(dim.start);
    size.push_back((dim.count - 1) * dim.step + 1);
  }
  value = tosa.slice(value, start, size);
  bool isImage = dims->size() == 4 && elementTypeOf(value).isF32();
  if (isImage && ((*dims)[2].step > 1 || (*dims)[3].step > 1)) {
    value = strideImage(node, value, (*dims)[2].step, (*dims)[3].step);
    (*dims)[2].step = (*dims)[3].step = 1;
  }
  for (auto [axis, dim] : llvm::enumerate(*dims)) {
    if (dim.step == 1)
      continue;
    if (isQuantized)
      return node.fail("takes steps over quantized integers, which is not supported");
    value = strideDim(node, value, int64_t(axis), dim.step);
  }
  return value;
}

//===----------------------------------------------------------------------===//
// Pad
//===----------------------------------------------------------------------===//

static FailureOr<Value> convertPad(NodeConverter &node) {
  FailureOr<Value> operand = node.getFloatOperand(0);
  auto mode = failed(operand) ? FailureOr<StringRef>() : node.getString("mode", "constant");
  if (failed(mode))
    return failure();
  if (*mode != "constant")
    return node.fail("mode '") << *mode << "' is not supported";
  FailureOr<double> fill = node.getReal("value", 0);
  if (node.hasInput(2)) {
    std::optional<Elements> constant = node.getConstant(2);
    if (!constant || constant->getCount() != 1)
      return node.fail("the value to pad with is not a constant number, which is not supported");
    fill = constant->getReal(0);
  }
  if (failed(fill))
    return failure();
  Value value = *operand;
  auto dims = getPads(node, int64_t(shapeOf(value).size()));
  if (failed(dims))
    return failure();
  // Negative pads cut off. A dimension can be cut at one end and padded at the other, so cutting
  // comes first.
  SmallVector<int64_t> start, size, begin, end;
  for (auto [length, dim] : llvm::zip_equal(shapeOf(value), *dims)) {
    start.push_back(std::max<int64_t>(0, -dim.begin));
    size.push_back(length - start.back() - std::max<int64_t>(0, -dim.end));
    if (size.back() < 1)
      return node.fail("cuts off all of a dimension of ") << length << " elements";
    begin.push_back(std::max<int64_t>(0, dim.begin));
    end.push_back(std::max<int64_t>(0, dim.end));
  }
  return node.tosa.pad(node.tosa.slice(value, start, size), begin, end, *fill);
}

ArrayRef<OperatorHandler> mlir::pim::shapeHandlers() {
  static constexpr StringLiteral test = "shape.mlir";
  static const OperatorHandler handlers[] = {
      {"Concat", 4, anyOpset, convertConcat, "", test},
      {"Dropout", 7, anyOpset, convertDropout, "inference only; no mask", test},
      {"Flatten", 1, anyOpset, convertReshape, "", test},
      {"Identity", 1, anyOpset, convertIdentity, "", test},
      {"Pad", 2, anyOpset, convertPad, "floats; mode constant; constant pads", test},
      {"Reshape", 5, anyOpset, convertReshape, "constant shape", test},
      {"Slice", 1, anyOpset, convertSlice, "constant ranges; no empty result", test},
      {"Squeeze", 1, anyOpset, convertReshape, "constant axes", test},
      {"Transpose", 1, anyOpset, convertTranspose, "", test},
      {"Unsqueeze", 1, anyOpset, convertReshape, "constant axes", test},
  };
  return handlers;
}
