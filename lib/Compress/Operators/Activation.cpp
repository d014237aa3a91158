//===- Activation.cpp - activations and softmax ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

#include <limits>

namespace pim::compress {

static std::vector<Tensor> relu(Call &call) { return {at::relu(call.input(0))}; }
static std::vector<Tensor> sigmoid(Call &call) { return {at::sigmoid(call.input(0))}; }
static std::vector<Tensor> hyperbolicTangent(Call &call) { return {at::tanh(call.input(0))}; }
static std::vector<Tensor> hardSwish(Call &call) { return {at::hardswish(call.input(0))}; }
static std::vector<Tensor> softplus(Call &call) { return {at::softplus(call.input(0))}; }
static std::vector<Tensor> exponential(Call &call) { return {at::exp(call.input(0))}; }
static std::vector<Tensor> squareRoot(Call &call) { return {at::sqrt(call.input(0))}; }
static std::vector<Tensor> absolute(Call &call) { return {at::abs(call.input(0))}; }
static std::vector<Tensor> negative(Call &call) { return {at::neg(call.input(0))}; }

/// Gradients pass straight through where |x| <= 1 (Hubara et al. 2016); the sign itself has none.
static std::vector<Tensor> sign(Call &call) {
  Tensor straight = at::clamp(call.input(0), -1, 1);
  return {straight + (at::sign(call.input(0)) - straight).detach()};
}

static std::vector<Tensor> leakyRelu(Call &call) {
  return {at::leaky_relu(call.input(0), call.node.real("alpha", 0.01))};
}

static std::vector<Tensor> elu(Call &call) {
  return {at::elu(call.input(0), call.node.real("alpha", 1))};
}

static std::vector<Tensor> prelu(Call &call) {
  const Tensor &x = call.input(0);
  return {at::relu(x) - call.input(1) * at::relu(-x)};
}

static std::vector<Tensor> hardSigmoid(Call &call) {
  return {
      at::clamp(call.input(0) * call.node.real("alpha", 0.2) + call.node.real("beta", 0.5), 0, 1)};
}

/// Bounds are attributes up to opset 10, then inputs; left out: none.
static std::vector<Tensor> clip(Call &call) {
  double low = call.node.real("min", -std::numeric_limits<double>::infinity());
  double high = call.node.real("max", std::numeric_limits<double>::infinity());
  if (call.has(1))
    low = call.inputs[1].item<double>();
  if (call.has(2))
    high = call.inputs[2].item<double>();
  return {at::clamp(call.input(0), low, high)};
}

/// Before opset 13 everything from `axis` on is one dimension.
template <bool isLogarithm> static std::vector<Tensor> softmax(Call &call) {
  const Tensor &x = call.input(0);
  bool isOld = call.node.version() < 13;
  int64_t axis = call.axis(call.node.integer("axis", isOld ? 1 : -1), x.dim());
  Tensor values = isOld ? x.flatten(axis) : x;
  Tensor result = isLogarithm ? at::log_softmax(values, axis) : at::softmax(values, axis);
  return {result.view(x.sizes())};
}

std::span<const OperatorEntry> activationOperators() {
  static const OperatorEntry entries[] = {{"Abs", absolute},
                                          {"Clip", clip},
                                          {"Elu", elu},
                                          {"Exp", exponential},
                                          {"HardSigmoid", hardSigmoid},
                                          {"HardSwish", hardSwish},
                                          {"LeakyRelu", leakyRelu},
                                          {"LogSoftmax", softmax<true>},
                                          {"Neg", negative},
                                          {"PRelu", prelu},
                                          {"Relu", relu},
                                          {"Sigmoid", sigmoid},
                                          {"Sign", sign},
                                          {"Softmax", softmax<false>},
                                          {"Softplus", softplus},
                                          {"Sqrt", squareRoot},
                                          {"Tanh", hyperbolicTangent}};
  return entries;
}

} // namespace pim::compress
