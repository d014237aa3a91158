//===- Convolution.cpp - Conv ---------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

namespace pim::compress {

static std::vector<Tensor> conv(Call &call) {
  const Tensor &input = call.input(0), &weight = call.input(1);
  int64_t rank = input.dim();
  if (weight.dim() != rank)
    call.node.fail("input has ", rank, " dimensions, the weight ", weight.dim());
  Window window = windowOf(call, input.sizes(), weight.sizes().slice(2).vec());
  int64_t groups = call.node.integer("group", 1);
  if (groups < 1 || input.size(1) != weight.size(1) * groups || weight.size(0) % groups)
    call.node.fail("input has ", input.size(1), " channels, but the weight wants ", weight.size(1),
                   " in each of ", groups, " groups");
  // One dimension is a picture of one row.
  Tensor picture = rank == 3 ? input.unsqueeze(2) : input;
  Tensor kernel = rank == 3 ? weight.unsqueeze(2) : weight;
  Padding padding = window.padding;
  std::vector<int64_t> both = {padding.top, padding.left};
  if (!padding.isSymmetric()) {
    picture =
        at::constant_pad_nd(picture, {padding.left, padding.right, padding.top, padding.bottom}, 0);
    both = {0, 0};
  }
  c10::optional<Tensor> bias;
  if (call.has(2))
    bias = call.inputs[2];
  Tensor output = at::conv2d(picture, kernel, bias, window.strides, both, window.dilations, groups);
  return {rank == 3 ? output.squeeze(2) : output};
}

std::span<const OperatorEntry> convolutionOperators() {
  static const OperatorEntry entries[] = {{"Conv", conv}};
  return entries;
}

} // namespace pim::compress
