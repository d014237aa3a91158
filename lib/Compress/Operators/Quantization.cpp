//===- Quantization.cpp - QuantizeLinear, DequantizeLinear ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

namespace pim::compress {

/// `parameter` (a scalar, or one value for each index of `axis`) in a shape that broadcasts over x.
static Tensor alongAxis(const Call &call, const Tensor &parameter, const Tensor &x) {
  if (parameter.numel() == 1)
    return parameter.reshape({}).to(at::kFloat);
  int64_t axis = call.axis(call.node.integer("axis", 1), x.dim());
  if (parameter.dim() != 1 || parameter.numel() != x.size(axis))
    call.node.fail("scale or zero point has ", parameter.numel(), " values, expected ",
                   x.size(axis));
  std::vector<int64_t> shape(static_cast<size_t>(x.dim()), 1);
  shape[static_cast<size_t>(axis)] = x.size(axis);
  return parameter.reshape(shape).to(at::kFloat);
}

/// Integers, kept as floats so that gradients pass: straight through inside the range, none
/// outside.
static std::vector<Tensor> quantizeLinear(Call &call) {
  const Tensor &x = call.input(0);
  Tensor scale = alongAxis(call, call.input(1), x);
  at::ScalarType type = call.has(2) ? call.inputs[2].scalar_type() : at::kByte;
  if (type != at::kByte && type != at::kChar)
    call.node.fail("makes other integers than of 8 bits, which is not supported");
  double low = type == at::kByte ? 0 : -128, high = low + 255;
  Tensor zero = call.has(2) ? alongAxis(call, call.inputs[2], x) : at::zeros({});
  Tensor exact = at::clamp(x / scale + zero, low, high);
  Tensor rounded = at::clamp(at::round(x / scale) + zero, low, high);
  return {exact + (rounded - exact).detach()};
}

static std::vector<Tensor> dequantizeLinear(Call &call) {
  Tensor x = call.input(0).to(at::kFloat);
  if (call.has(2))
    x = x - alongAxis(call, call.inputs[2], x);
  return {x * alongAxis(call, call.input(1), x)};
}

std::span<const OperatorEntry> quantizationOperators() {
  static const OperatorEntry entries[] = {{"DequantizeLinear", dequantizeLinear},
                                          {"QuantizeLinear", quantizeLinear}};
  return entries;
}

} // namespace pim::compress
