//===- PruneStage.cpp - ADMM pruning, then training with masks ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AdmmStage.h"
#include "LayerWeights.h"
#include "Refit.h"
#include "UnusedPaths.h"

#include "pim/Sparsity/PatternSpec.h"
#include "pim/Sparsity/Projection.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {
namespace {

/// "prune", "prune-2", ...
std::string roundName(const std::string &name, size_t round) {
  return round == 0 ? name : name + "-" + std::to_string(round + 1);
}

class PruneStage : public AdmmStage {
public:
  PruneStage(Network &network, Constraints &constraints, const Samples &training,
             const Options &options, size_t round, const std::string &patterns, LogLine log)
      : AdmmStage(roundName("prune", round), options.pruneStep, network, constraints,
                  admm::parseRhoSchedule(options.pruneRho), options.admmInterval, std::move(log)),
        training(training), refitSamples(options.refitSamples), round(round), patterns(patterns) {}

  std::vector<Part> makeParts() override {
    sparsity::LayerPatterns table = sparsity::parseLayerPatterns(pruneRounds(patterns).at(round));
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
      texts.push_back(sparsity::formatPatternSpec(*spec));
    }
    return result;
  }

  void end() override {
    at::NoGradGuard guard;
    TensorMap dense = cloned(network.parameters);
    for (size_t index = 0; index < parts.size(); ++index) {
      const Part &part = parts[index];
      projectHard(part);
      // Zeroing more never leaves a set, so what earlier rounds made holds too.
      std::string &text = constraints.patterns[part.layer->name];
      text += (text.empty() ? "" : ",") + texts[index];
      const Tensor &weight = network.parameters.at(part.layer->weight);
      constraints.masks[part.layer->weight] = (weight != 0).to(at::kFloat);
    }
    dropUnusedPaths(network, constraints);
    constraints.maskWeights(network);
    if (refitSamples > 0) {
      std::vector<const Layer *> layers;
      for (const Part &part : parts)
        layers.push_back(part.layer);
      refitLayers(network, layers, dense, spread(training, refitSamples));
    }
  }

private:
  const Samples &training;
  int64_t refitSamples;
  size_t round;
  const std::string &patterns;    ///< of all rounds
  std::vector<std::string> texts; ///< by part
};

/// Training in which what is zero stays zero.
class MaskedStage : public Stage {
public:
  MaskedStage(Network &network, const Constraints &constraints, size_t round, StepOptions epochs)
      : Stage(roundName("prune-tune", round), epochs), network(network), constraints(constraints) {}

  void configure(Trainer &trainer) override {
    trainer.afterBackward = [this] { constraints.maskGradients(network); };
    trainer.afterStep = [this] { constraints.maskWeights(network); };
  }

private:
  Network &network;
  const Constraints &constraints;
};

} // namespace

std::vector<std::string> pruneRounds(const std::string &patterns) {
  std::vector<std::string> rounds;
  for (std::string_view round : splitClauses(patterns, "|"))
    rounds.emplace_back(round);
  return rounds;
}

static void checkRound(const Network &network, const std::string &patterns) {
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

void checkPatterns(const Network &network, const std::string &patterns) {
  for (const std::string &round : pruneRounds(patterns))
    checkRound(network, round);
}

std::unique_ptr<Stage> makePruneStage(Network &network, Constraints &constraints,
                                      const Samples &training, const Options &options, size_t round,
                                      const std::string &patterns, LogLine log) {
  return std::make_unique<PruneStage>(network, constraints, training, options, round, patterns,
                                      std::move(log));
}

std::unique_ptr<Stage> makeMaskedStage(Network &network, const Constraints &constraints,
                                       size_t round, StepOptions epochs) {
  return std::make_unique<MaskedStage>(network, constraints, round, epochs);
}

} // namespace pim::compress
