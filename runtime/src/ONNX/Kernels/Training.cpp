//===- Training.cpp - steps of training -----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Domain ai.onnx.preview.training: one step of gradient descent for any number of tensors. Operands
// are the rate, the count of steps so far, and then all tensors, all gradients, and all of each
// state; results are the tensors and their states after the step. Tested by
// runtime/tests/ONNX/TrainingTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "../Elements.h"
#include "../Registry.h"

#include <cmath>

using namespace pim;
using namespace pim::onnx;

/// Calls update(x, gradient, states) for each element of each tensor; it changes x and its
/// `stateCount` states. The gradient holds the pull of the norm already.
template <typename Update> static void updateAll(Call &call, size_t stateCount, Update &&update) {
  const size_t perTensor = stateCount + 2, given = call.inputCount() - 2;
  call.require(call.inputCount() > 2 && given % perTensor == 0, "has ", call.inputCount(),
               " operands, expected 2 and ", perTensor, " for each tensor");
  const size_t tensors = given / perTensor;
  const double norm = call.real("norm_coefficient", 0);
  for (size_t tensor = 0; tensor < tensors; ++tensor) {
    const Tensor &x = call.in(2 + tensor);
    call.require(isFloat(x.element()), "operand ", 2 + tensor, " is not of floats");
    std::vector<std::vector<double>> values; // the tensor, its gradient, its states
    for (size_t part = 0; part < perTensor; ++part) {
      const Tensor &from = call.in(2 + part * tensors + tensor);
      call.requireShape(from, x.shape(), "a gradient or a state");
      call.require(from.element() == x.element(), "a gradient or a state has elements of type ",
                   elementName(from.element()), ", expected ", elementName(x.element()));
      loadElements(from, values.emplace_back(size_t(x.count())).data());
    }
    std::vector<double> states(stateCount);
    for (size_t i = 0; i < size_t(x.count()); ++i) {
      for (size_t state = 0; state < stateCount; ++state)
        states[state] = values[2 + state][i];
      update(values[0][i], norm * values[0][i] + values[1][i], states);
      for (size_t state = 0; state < stateCount; ++state)
        values[2 + state][i] = states[state];
    }
    for (size_t result = 0; result <= stateCount; ++result)
      storeElements(values[result == 0 ? 0 : 1 + result].data(),
                    call.out(result * tensors + tensor, x.element(), x.shape()));
  }
}

/// The state is the sum of squared gradients (Duchi, Hazan, Singer, "Adaptive Subgradient Methods",
/// 2011).
static void adagrad(Call &call) {
  const double rate = call.number(0, 0) / (1 + call.number(1, 0) * call.real("decay_factor", 0));
  const double epsilon = call.real("epsilon", 0);
  updateAll(call, 1, [&](double &x, double gradient, std::vector<double> &states) {
    states[0] += gradient * gradient;
    x -= rate * gradient / (std::sqrt(states[0]) + epsilon);
  });
}

/// The states are running means of gradients and of their squares (Kingma, Ba, "Adam", 2015).
static void adam(Call &call) {
  const double alpha = call.real("alpha", 0.9), beta = call.real("beta", 0.999);
  const double epsilon = call.real("epsilon", 0), steps = call.number(1, 0);
  const double kept = 1 - call.real("norm_coefficient_post", 0);
  double rate = call.number(0, 0);
  if (steps > 0)
    rate *= std::sqrt(1 - std::pow(beta, steps)) / (1 - std::pow(alpha, steps));
  updateAll(call, 2, [&](double &x, double gradient, std::vector<double> &states) {
    states[0] = alpha * states[0] + (1 - alpha) * gradient;
    states[1] = beta * states[1] + (1 - beta) * gradient * gradient;
    x = kept * (x - rate * states[0] / (std::sqrt(states[1]) + epsilon));
  });
}

/// The state is the momentum; by Nesterov's rule the gradient counts once more.
static void momentum(Call &call) {
  const std::string mode = call.text("mode", "standard");
  call.require(mode == "standard" || mode == "nesterov", "attribute 'mode' is '", mode,
               "', expected standard or nesterov");
  const double rate = call.number(0, 0), alpha = call.real("alpha", 0);
  // The first step takes the whole gradient.
  const double beta = call.number(1, 0) > 0 ? call.real("beta", 0) : 1;
  updateAll(call, 1, [&](double &x, double gradient, std::vector<double> &states) {
    states[0] = alpha * states[0] + beta * gradient;
    x -= rate * (mode == "nesterov" ? gradient + alpha * states[0] : states[0]);
  });
}

void pim::onnx::addTraining(Registry &registry) {
  registry.add(trainingDomain, "Adagrad", adagrad);
  registry.add(trainingDomain, "Adam", adam);
  registry.add(trainingDomain, "Momentum", momentum);
}
