//===- Elementwise.cpp - arithmetic of two tensors ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

namespace pim::compress {

static std::vector<Tensor> add(Call &call) { return {call.input(0) + call.input(1)}; }
static std::vector<Tensor> sub(Call &call) { return {call.input(0) - call.input(1)}; }
static std::vector<Tensor> mul(Call &call) { return {call.input(0) * call.input(1)}; }
static std::vector<Tensor> pow(Call &call) { return {at::pow(call.input(0), call.input(1))}; }

/// Integers divide towards zero, which also serves the arithmetic of shapes.
static std::vector<Tensor> div(Call &call) {
  const Tensor &a = call.input(0), &b = call.input(1);
  if (at::isIntegralType(a.scalar_type(), false)) {
    if ((b == 0).any().item<bool>())
      call.node.fail("divides integers by zero");
    return {at::div(a, b, "trunc")};
  }
  return {a / b};
}

static std::vector<Tensor> max(Call &call) {
  Tensor result = call.input(0);
  for (size_t index = 1; index < call.inputs.size(); ++index)
    result = at::maximum(result, call.input(index));
  return {result};
}

static std::vector<Tensor> min(Call &call) {
  Tensor result = call.input(0);
  for (size_t index = 1; index < call.inputs.size(); ++index)
    result = at::minimum(result, call.input(index));
  return {result};
}

static std::vector<Tensor> sum(Call &call) {
  Tensor result = call.input(0);
  for (size_t index = 1; index < call.inputs.size(); ++index)
    result = result + call.input(index);
  return {result};
}

std::span<const OperatorEntry> elementwiseOperators() {
  static const OperatorEntry entries[] = {{"Add", add}, {"Div", div}, {"Max", max}, {"Min", min},
                                          {"Mul", mul}, {"Pow", pow}, {"Sub", sub}, {"Sum", sum}};
  return entries;
}

} // namespace pim::compress
