//===- Pooling.cpp - MaxPool, AveragePool, GlobalAveragePool --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

#include <limits>

namespace pim::compress {
namespace {

/// A pool's input as a picture [N,C,H,W] and its window.
struct Pool {
  Tensor picture;
  Window window;
  bool isRow = false; ///< came with one spatial dimension

  explicit Pool(const Call &call) : picture(call.input(0)) {
    if (!call.node.has("kernel_shape"))
      call.node.fail("has no kernel_shape");
    window = windowOf(call, picture.sizes(), {});
    isRow = picture.dim() == 3;
    if (isRow)
      picture = picture.unsqueeze(2);
    if (call.node.integer("ceil_mode", 0))
      extendToCeiling();
  }

  Tensor result(const Tensor &output) const { return isRow ? output.squeeze(2) : output; }
  /// The picture with its padding filled by `value`.
  Tensor padded(const Tensor &values, double value) const {
    Padding padding = window.padding;
    if (padding.isZero() && !extraRows && !extraColumns)
      return values;
    return at::constant_pad_nd(
        values,
        {padding.left, padding.right + extraColumns, padding.top, padding.bottom + extraRows},
        value);
  }
  /// The picture with its padding but without what rounding up adds.
  int64_t extraRows = 0, extraColumns = 0;

private:
  /// Rounding up means more values at the end, as long as the last window starts in the picture or
  /// its padding at the begin.
  void extendToCeiling() {
    int64_t *extra[2] = {&extraRows, &extraColumns};
    int64_t before[2] = {window.padding.top, window.padding.left};
    int64_t after[2] = {window.padding.bottom, window.padding.right};
    for (int side = 0; side < 2; ++side) {
      int64_t size = picture.size(2 + side);
      int64_t extent = (window.kernel[side] - 1) * window.dilations[side] + 1;
      int64_t span = size + before[side] + after[side] - extent;
      int64_t stride = window.strides[side];
      int64_t steps = (span + stride - 1) / stride;
      if (steps * stride >= size + before[side])
        --steps;
      *extra[side] = std::max<int64_t>(0, steps * stride - span);
    }
  }
};

} // namespace

static std::vector<Tensor> maxPool(Call &call) {
  if (call.node.proto().output_size() > 1)
    call.node.fail("gives indices too, which is not supported");
  Pool pool(call);
  Tensor values = pool.padded(pool.picture, -std::numeric_limits<float>::infinity());
  return {pool.result(at::max_pool2d(values, pool.window.kernel, pool.window.strides, {0, 0},
                                     pool.window.dilations))};
}

static std::vector<Tensor> averagePool(Call &call) {
  Pool pool(call);
  const Window &window = pool.window;
  if (window.dilations[0] != 1 || window.dilations[1] != 1)
    call.node.fail("has dilations, which are not supported");
  Tensor values = pool.padded(pool.picture, 0);
  if (window.padding.isZero() && !pool.extraRows && !pool.extraColumns)
    return {pool.result(at::avg_pool2d(values, window.kernel, window.strides))};
  // Sums divided by how many of the values count: padding if count_include_pad says so, what
  // rounding up added never.
  bool includePad = call.node.integer("count_include_pad", 0);
  Tensor one = at::ones({1, 1, pool.picture.size(2), pool.picture.size(3)});
  Padding padding = window.padding;
  std::vector<int64_t> sides = {padding.left, padding.right, padding.top, padding.bottom};
  Tensor counted = at::constant_pad_nd(one, sides, includePad ? 1 : 0);
  counted = at::constant_pad_nd(counted, {0, pool.extraColumns, 0, pool.extraRows}, 0);
  double area = static_cast<double>(window.kernel[0] * window.kernel[1]);
  Tensor counts = at::avg_pool2d(counted, window.kernel, window.strides) * area;
  Tensor sums = at::avg_pool2d(values, window.kernel, window.strides) * area;
  return {pool.result(sums / counts)};
}

static std::vector<int64_t> spatialDimensions(const Call &call) {
  std::vector<int64_t> dims;
  for (int64_t dim = 2; dim < call.input(0).dim(); ++dim)
    dims.push_back(dim);
  if (dims.empty())
    call.node.fail("input has ", call.input(0).dim(), " dimensions, expected at least 3");
  return dims;
}

static std::vector<Tensor> globalAveragePool(Call &call) {
  return {call.input(0).mean(spatialDimensions(call), /*keepdim=*/true)};
}

static std::vector<Tensor> globalMaxPool(Call &call) {
  return {call.input(0).amax(spatialDimensions(call), /*keepdim=*/true)};
}

std::span<const OperatorEntry> poolingOperators() {
  static const OperatorEntry entries[] = {{"AveragePool", averagePool},
                                          {"GlobalAveragePool", globalAveragePool},
                                          {"GlobalMaxPool", globalMaxPool},
                                          {"MaxPool", maxPool}};
  return entries;
}

} // namespace pim::compress
