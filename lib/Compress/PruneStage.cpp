//===- PruneStage.cpp - ADMM pruning, then training with masks ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AdmmStage.h"
#include "LayerWeights.h"
#include "UnusedPaths.h"

#include "pim/Sparsity/PatternSpec.h"
#include "pim/Sparsity/Projection.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {
namespace {

class PruneStage : public AdmmStage {
public:
  PruneStage(Network &network, Constraints &constraints, const Options &options,
             const std::string &patterns, LogLine log)
      : AdmmStage("prune", options.pruneStep, network, constraints,
                  admm::parseRhoSchedule(options.pruneRho), options.admmInterval, std::move(log)),
        table(sparsity::parseLayerPatterns(patterns)) {}

  std::vector<Part> makeParts() override {
    std::vector<const Layer *> layers = constrainableLayers(network);
    int64_t count = static_cast<int64_t>(layers.size());
    std::vector<Part> result;
    for (int64_t index = 0; index < count; ++index) {
      const Layer &layer = *layers[static_cast<size_t>(index)];
      const sparsity::PatternSpec *spec = table.find(layer.name, index, count);
      if (!spec || spec->empty())
        continue;
      auto shape = weightShapeOf(network, layer);
      result.push_back({&layer,
                        [spec = *spec, shape](std::span<float> values) {
                          sparsity::project(spec, values, shape);
                        },
                        {}});
      constraints.patterns[layer.name] = sparsity::formatPatternSpec(*spec);
    }
    return result;
  }

  void end() override {
    at::NoGradGuard guard;
    for (const Part &part : parts) {
      projectHard(part);
      const Tensor &weight = network.parameters.at(part.layer->weight);
      constraints.masks[part.layer->weight] = (weight != 0).to(at::kFloat);
    }
    dropUnusedPaths(network, constraints);
    constraints.maskWeights(network);
  }

private:
  sparsity::LayerPatterns table;
};

/// Training in which what is zero stays zero.
class MaskedStage : public Stage {
public:
  MaskedStage(Network &network, const Constraints &constraints, StepOptions epochs)
      : Stage("prune-tune", epochs), network(network), constraints(constraints) {}

  void configure(Trainer &trainer) override {
    trainer.afterBackward = [this] { constraints.maskGradients(network); };
    trainer.afterStep = [this] { constraints.maskWeights(network); };
  }

private:
  Network &network;
  const Constraints &constraints;
};

} // namespace

void checkPatterns(const Network &network, const std::string &patterns) {
  sparsity::LayerPatterns table = sparsity::parseLayerPatterns(patterns);
  std::vector<const Layer *> layers = constrainableLayers(network);
  table.requireAllUsed(namesOf(layers), "--prune");
  int64_t count = static_cast<int64_t>(layers.size());
  for (int64_t index = 0; index < count; ++index) {
    const Layer &layer = *layers[static_cast<size_t>(index)];
    if (const sparsity::PatternSpec *spec = table.find(layer.name, index, count))
      for (const sparsity::Pattern &pattern : *spec)
        if (auto reason = sparsity::misfit(pattern, weightShapeOf(network, layer)))
          fail("--prune: layer '", layer.name, "': ", *reason);
  }
}

std::unique_ptr<Stage> makePruneStage(Network &network, Constraints &constraints,
                                      const Options &options, const std::string &patterns,
                                      LogLine log) {
  return std::make_unique<PruneStage>(network, constraints, options, patterns, std::move(log));
}

std::unique_ptr<Stage> makeMaskedStage(Network &network, const Constraints &constraints,
                                       StepOptions epochs) {
  return std::make_unique<MaskedStage>(network, constraints, epochs);
}

} // namespace pim::compress
