//===- Window.cpp - windows of convolutions and pools ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

namespace pim::compress {

/// `values` of one or two spatial dimensions as rows and columns.
static std::vector<int64_t> rowsAndColumns(const Call &call, const char *name,
                                           std::vector<int64_t> values, size_t dims) {
  if (values.size() != dims)
    call.node.fail("attribute '", name, "' has ", values.size(), " values, expected ", dims);
  for (int64_t value : values)
    if (value < 1 || value > (1 << 20))
      call.node.fail("attribute '", name, "' has the value ", value);
  if (dims == 1)
    values.insert(values.begin(), 1);
  return values;
}

Window windowOf(const Call &call, at::IntArrayRef input, std::vector<int64_t> kernel) {
  const NodeView &node = call.node;
  if (input.size() != 3 && input.size() != 4)
    node.fail("input has ", input.size(), " dimensions, expected 3 or 4");
  size_t dims = input.size() - 2;
  std::vector<int64_t> ones(dims, 1);
  Window window;
  window.kernel =
      rowsAndColumns(call, "kernel_shape", node.integers("kernel_shape", std::move(kernel)), dims);
  window.strides = rowsAndColumns(call, "strides", node.integers("strides", ones), dims);
  window.dilations = rowsAndColumns(call, "dilations", node.integers("dilations", ones), dims);

  std::string automatic = node.text("auto_pad", "NOTSET");
  std::vector<int64_t> pads = node.integers("pads", std::vector<int64_t>(2 * dims, 0));
  if (pads.size() != 2 * dims)
    node.fail("attribute 'pads' has ", pads.size(), " values, expected ", 2 * dims);
  for (int64_t pad : pads)
    if (pad < 0 || pad > (1 << 20))
      node.fail("attribute 'pads' has the value ", pad);
  if (dims == 1)
    pads = {0, pads[0], 0, pads[1]};
  if (automatic == "NOTSET") {
    window.padding = {pads[0], pads[2], pads[1], pads[3]};
  } else if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
    int64_t before[2], after[2];
    for (size_t side = 0; side < 2; ++side) {
      int64_t size = dims == 1 && side == 0 ? 1 : input[input.size() - 2 + side];
      int64_t outputs = (size + window.strides[side] - 1) / window.strides[side];
      int64_t extent = (window.kernel[side] - 1) * window.dilations[side] + 1;
      int64_t total = std::max<int64_t>(0, (outputs - 1) * window.strides[side] + extent - size);
      before[side] = automatic == "SAME_UPPER" ? total / 2 : total - total / 2;
      after[side] = total - before[side];
    }
    window.padding = {before[0], after[0], before[1], after[1]};
  } else if (automatic != "VALID") {
    node.fail("attribute 'auto_pad' is '", automatic, "', which ONNX does not have");
  }
  return window;
}

} // namespace pim::compress
