//===- Shape.cpp - shapes, slices, padding --------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TensorData.h"
#include "Operators.h"

#include <limits>

namespace pim::compress {

static std::vector<Tensor> identity(Call &call) { return {call.input(0)}; }

static std::vector<Tensor> flatten(Call &call) {
  const Tensor &x = call.input(0);
  int64_t axis = call.node.integer("axis", 1);
  axis = axis == x.dim() ? axis : call.axis(axis, x.dim());
  int64_t rows = 1;
  for (int64_t dim = 0; dim < axis; ++dim)
    rows *= x.size(dim);
  return {x.reshape({rows, rows ? x.numel() / rows : 0})};
}

/// A constant shape speaks of the model's own batch; its first dimension becomes that of this run.
static std::vector<Tensor> reshape(Call &call) {
  const Tensor &x = call.input(0);
  std::vector<int64_t> shape = call.list(1);
  bool allowZero = call.node.integer("allowzero", 0) != 0;
  for (size_t dim = 0; dim < shape.size(); ++dim)
    if (shape[dim] == 0 && !allowZero) {
      if (static_cast<int64_t>(dim) >= x.dim())
        call.node.fail("copies dimension ", dim, " of an input that has ", x.dim());
      shape[dim] = x.size(static_cast<int64_t>(dim));
    }
  bool isConstantShape = call.batched.size() < 2 || !call.batched[1];
  if (call.batched[0] && isConstantShape && !shape.empty() && shape[0] == call.modelBatch)
    shape[0] = call.batch;
  int64_t known = 1, open = 0;
  for (int64_t size : shape) {
    open += size == -1;
    if (size < -1)
      call.node.fail("the shape has a dimension of ", size);
    known *= size == -1 ? 1 : size;
  }
  if (open > 1 || (open == 0 && known != x.numel()) || (open == 1 && (!known || x.numel() % known)))
    call.node.fail("cannot give ", x.numel(), " values the shape ", shapeText(shape));
  return {x.reshape(shape)};
}

static std::vector<Tensor> transpose(Call &call) {
  const Tensor &x = call.input(0);
  std::vector<int64_t> order = call.node.integers("perm");
  if (order.empty())
    for (int64_t dim = x.dim() - 1; dim >= 0; --dim)
      order.push_back(dim);
  std::vector<int64_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (size_t dim = 0; dim < sorted.size(); ++dim)
    if (sorted[dim] != static_cast<int64_t>(dim) || static_cast<int64_t>(sorted.size()) != x.dim())
      call.node.fail("perm is no permutation of the input's ", x.dim(), " dimensions");
  return {x.permute(order)};
}

static std::vector<Tensor> concat(Call &call) {
  for (size_t index = 0; index < call.inputs.size(); ++index)
    call.input(index);
  if (call.inputs.empty())
    call.node.fail("has no input");
  return {at::cat(call.inputs, call.axis(call.node.integer("axis", 0), call.inputs[0].dim()))};
}

static std::vector<int64_t> axesOf(const Call &call) {
  return call.has(1) ? call.list(1) : call.node.integers("axes");
}

static std::vector<Tensor> squeeze(Call &call) {
  Tensor x = call.input(0);
  std::vector<int64_t> axes = axesOf(call);
  if (axes.empty())
    for (int64_t dim = 0; dim < x.dim(); ++dim)
      if (x.size(dim) == 1 && !(dim == 0 && call.batched[0]))
        axes.push_back(dim);
  for (int64_t &axis : axes)
    axis = call.axis(axis, x.dim());
  std::sort(axes.rbegin(), axes.rend());
  for (int64_t axis : axes)
    x = x.squeeze(axis);
  return {x};
}

static std::vector<Tensor> unsqueeze(Call &call) {
  Tensor x = call.input(0);
  std::vector<int64_t> axes = axesOf(call);
  int64_t rank = x.dim() + static_cast<int64_t>(axes.size());
  for (int64_t &axis : axes)
    axis = call.axis(axis, rank);
  std::sort(axes.begin(), axes.end());
  for (int64_t axis : axes)
    x = x.unsqueeze(axis);
  return {x};
}

static std::vector<Tensor> shape(Call &call) {
  return {at::tensor(call.input(0).sizes(), at::kLong)};
}

static std::vector<Tensor> gather(Call &call) {
  const Tensor &x = call.input(0), &indices = call.input(1);
  int64_t axis = call.axis(call.node.integer("axis", 0), x.dim());
  Tensor flat = indices.to(at::kLong).reshape({-1});
  flat = at::where(flat < 0, flat + x.size(axis), flat);
  if (flat.numel() &&
      (flat.min().item<int64_t>() < 0 || flat.max().item<int64_t>() >= x.size(axis)))
    call.node.fail("an index is outside dimension ", axis);
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes.erase(sizes.begin() + axis);
  sizes.insert(sizes.begin() + axis, indices.sizes().begin(), indices.sizes().end());
  return {at::index_select(x, axis, flat).reshape(sizes)};
}

/// Bounds are attributes up to opset 9, then inputs.
static std::vector<Tensor> slice(Call &call) {
  Tensor x = call.input(0);
  bool isOld = !call.has(1);
  std::vector<int64_t> starts = isOld ? call.node.integers("starts") : call.list(1);
  std::vector<int64_t> ends = isOld ? call.node.integers("ends") : call.list(2);
  std::vector<int64_t> axes =
      isOld ? call.node.integers("axes") : (call.has(3) ? call.list(3) : std::vector<int64_t>());
  std::vector<int64_t> steps = call.has(4) ? call.list(4) : std::vector<int64_t>(starts.size(), 1);
  if (axes.empty())
    for (size_t dim = 0; dim < starts.size(); ++dim)
      axes.push_back(static_cast<int64_t>(dim));
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    call.node.fail("starts, ends, axes and steps have different numbers of values");
  for (size_t i = 0; i < starts.size(); ++i) {
    int64_t axis = call.axis(axes[i], x.dim());
    if (steps[i] < 1)
      call.node.fail("has a step of ", steps[i], ", which is not supported");
    x = x.slice(axis, starts[i], ends[i], steps[i]);
  }
  return {x};
}

/// Constant padding; negative sizes crop.
static std::vector<Tensor> pad(Call &call) {
  const Tensor &x = call.input(0);
  if (call.node.text("mode", "constant") != "constant")
    call.node.fail("mode is '", call.node.text("mode", ""), "', only constant is supported");
  std::vector<int64_t> pads = call.has(1) ? call.list(1) : call.node.integers("pads");
  double value = call.has(2) ? call.inputs[2].item<double>() : call.node.real("value", 0);
  std::vector<int64_t> axes = call.has(3) ? call.list(3) : std::vector<int64_t>();
  if (axes.empty())
    for (int64_t dim = 0; dim < x.dim(); ++dim)
      axes.push_back(dim);
  if (pads.size() != 2 * axes.size())
    call.node.fail("has ", pads.size(), " pads, expected ", 2 * axes.size());
  // torch lists the last dimension first.
  std::vector<int64_t> sides(2 * static_cast<size_t>(x.dim()), 0);
  for (size_t i = 0; i < axes.size(); ++i) {
    size_t place = 2 * static_cast<size_t>(x.dim() - 1 - call.axis(axes[i], x.dim()));
    sides[place] = pads[i];
    sides[place + 1] = pads[i + axes.size()];
  }
  return {at::constant_pad_nd(x, sides, value)};
}

static std::vector<Tensor> cast(Call &call) {
  switch (call.node.integer("to", 0)) {
  case onnx::TensorProto::FLOAT:
    return {call.input(0).to(at::kFloat)};
  case onnx::TensorProto::INT64:
  case onnx::TensorProto::INT32:
    return {call.input(0).to(at::kLong)};
  default:
    call.node.fail("casts to type ", call.node.integer("to", 0), ", which is not supported");
  }
}

std::span<const OperatorEntry> shapeOperators() {
  static const OperatorEntry entries[] = {
      {"Cast", cast},       {"Concat", concat},       {"Flatten", flatten},
      {"Gather", gather},   {"Identity", identity},   {"Pad", pad},
      {"Reshape", reshape}, {"Shape", shape},         {"Slice", slice},
      {"Squeeze", squeeze}, {"Transpose", transpose}, {"Unsqueeze", unsqueeze}};
  return entries;
}

} // namespace pim::compress
