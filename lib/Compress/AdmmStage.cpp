//===- AdmmStage.cpp - training with a solver beside it -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AdmmStage.h"
#include "LayerWeights.h"

#include <ATen/core/grad_mode.h>
#include <cstdio>
#include <sstream>

namespace pim::compress {

AdmmStage::AdmmStage(std::string name, StepOptions epochs, Network &network,
                     Constraints &constraints, admm::RhoSchedule schedule, int64_t interval,
                     LogLine log)
    : Stage(std::move(name), epochs), network(network), constraints(constraints), solver(schedule),
      interval(interval), log(std::move(log)) {}

void AdmmStage::begin() {
  parts = makeParts();
  for (const Part &part : parts)
    solver.addLayer(part.layer->name, valuesOf(network, *part.layer), part.projector);
  updateTargets();
}

void AdmmStage::updateTargets() {
  for (size_t index = 0; index < parts.size(); ++index)
    parts[index].target = storedFrom(network, *parts[index].layer, solver.target(index));
}

void AdmmStage::configure(Trainer &trainer) {
  trainer.afterBackward = [this] {
    at::NoGradGuard guard;
    for (size_t index = 0; index < parts.size(); ++index) {
      Tensor &weight = network.parameters.at(parts[index].layer->weight);
      weight.mutable_grad().add_(weight - parts[index].target, solver.rho(index));
    }
    constraints.maskGradients(network);
  };
  trainer.afterStep = [this] { constraints.maskWeights(network); };
}

void AdmmStage::afterEpoch(int64_t epoch) {
  if ((epoch + 1) % interval != 0)
    return;
  for (size_t index = 0; index < parts.size(); ++index) {
    const admm::LogEntry &entry = solver.update(index, valuesOf(network, *parts[index].layer));
    char numbers[240];
    std::snprintf(numbers, sizeof numbers,
                  "\"iteration\":%lld,\"rho\":%.9g,\"primal\":%.9g,\"dual\":%.9g,"
                  "\"relative_primal\":%.9g,\"relative_dual\":%.9g}",
                  static_cast<long long>(entry.iteration), entry.rho, entry.residuals.primal,
                  entry.residuals.dual, entry.residuals.relativePrimal,
                  entry.residuals.relativeDual);
    log("{\"step\":" + jsonText(name) + ",\"layer\":" + jsonText(entry.layer) + "," + numbers);
  }
  updateTargets();
}

void AdmmStage::projectHard(const Part &part) {
  std::vector<float> values = valuesOf(network, *part.layer);
  part.projector(values);
  Tensor stored = storedFrom(network, *part.layer, values);
  at::NoGradGuard guard;
  network.parameters.at(part.layer->weight).copy_(stored);
}

void AdmmStage::save(Checkpoint &checkpoint) const {
  std::ostringstream state;
  solver.save(state);
  checkpoint.texts["solver"] = state.str();
}

void AdmmStage::load(const Checkpoint &checkpoint) {
  std::istringstream state(checkpoint.texts.at("solver"));
  solver.load(state);
  updateTargets();
}

} // namespace pim::compress
