//===- Optimizer.cpp - SGD and Adam ---------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Optimizer.h"

#include <ATen/core/grad_mode.h>
#include <cmath>
#include <numbers>

namespace pim::compress {

void Optimizer::step(TensorMap &parameters, double rate) {
  at::NoGradGuard guard;
  constexpr double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  ++steps;
  double correction1 = 1 - std::pow(beta1, steps), correction2 = 1 - std::pow(beta2, steps);
  for (auto &[name, parameter] : parameters) {
    Tensor gradient = parameter.grad();
    if (!gradient.defined())
      continue;
    double decay = parameter.dim() > 1 ? options.weightDecay : 0;
    Tensor &first = state["m/" + name];
    if (!first.defined())
      first = at::zeros_like(parameter, at::MemoryFormat::Contiguous);
    if (options.optimizer == OptimizerKind::Sgd) {
      if (decay != 0)
        gradient = gradient + decay * parameter;
      first.mul_(options.momentum).add_(gradient);
      parameter.add_(first, -rate);
      continue;
    }
    Tensor &second = state["v/" + name];
    if (!second.defined())
      second = at::zeros_like(parameter, at::MemoryFormat::Contiguous);
    if (decay != 0)
      parameter.mul_(1 - rate * decay);
    first.mul_(beta1).add_(gradient, 1 - beta1);
    second.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
    Tensor denominator = second.sqrt().div_(std::sqrt(correction2)).add_(epsilon);
    parameter.addcdiv_(first, denominator, -rate / correction1);
  }
}

double scheduledRate(const TrainOptions &options, double rate, int64_t step, int64_t total,
                     int64_t perEpoch) {
  switch (options.schedule) {
  case ScheduleKind::Constant:
    return rate;
  case ScheduleKind::Cosine:
    return rate * 0.5 *
           (1 + std::cos(std::numbers::pi * static_cast<double>(step) /
                         static_cast<double>(std::max<int64_t>(1, total))));
  case ScheduleKind::Step:
    return rate * std::pow(options.stepFactor, step / perEpoch / options.stepEpochs);
  }
  return rate;
}

} // namespace pim::compress
