//===- Windows.cpp - sliding windows of convolution and pooling -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Windows.h"

using namespace pim::graph;

// Far above any real window, far below where products of these numbers overflow.
static constexpr int64_t maxParameter = 1 << 24;

static void bindDimension(const Binding &op, WindowDimension &dimension, const char *what) {
  auto check = [&](int64_t value, int64_t least, const char *name) {
    if (value < least || value > maxParameter)
      op.fail(what, " ", name, " is ", value, ", expected ", least, " to ", maxParameter);
  };
  check(dimension.input, 1, "size");
  check(dimension.kernel, 1, "kernel");
  check(dimension.stride, 1, "stride");
  check(dimension.dilation, 1, "dilation");
  check(dimension.padBefore, 0, "padding");
  check(dimension.padAfter, 0, "padding");
  int64_t span = dimension.input + dimension.padBefore + dimension.padAfter -
                 (dimension.kernel - 1) * dimension.dilation;
  if (span < 1)
    op.fail(what, " kernel of ", dimension.kernel, " with dilation ", dimension.dilation,
            " does not fit the padded input of ",
            dimension.input + dimension.padBefore + dimension.padAfter);
  dimension.output = (span - 1) / dimension.stride + 1;
}

Windows pim::graph::bindWindows(const Binding &op, int64_t kernelRows, int64_t kernelCols,
                                bool dilated) {
  op.expectRank(0, 4);
  const Shape &shape = op.input(0).shape;
  std::vector<int64_t> pad = op.integers("pad", 4);
  std::vector<int64_t> stride = op.integers("stride", 2);
  std::vector<int64_t> dilation = dilated ? op.integers("dilation", 2) : std::vector<int64_t>{1, 1};
  Windows windows;
  windows.batch = shape[0];
  windows.channels = shape[3];
  windows.rows = {shape[1], 1, kernelRows, stride[0], dilation[0], pad[0], pad[1]};
  windows.cols = {shape[2], 1, kernelCols, stride[1], dilation[1], pad[2], pad[3]};
  bindDimension(op, windows.rows, "row");
  bindDimension(op, windows.cols, "column");
  return windows;
}
