//===- GoalStage.cpp - ratios by layer for a goal -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerWeights.h"
#include "Refit.h"
#include "Stage.h"

#include "pim/Sparsity/PatternSpec.h"
#include "pim/Sparsity/Projection.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {
namespace {

/// Shares of a layer's rows (or outputs) at which the loss of accuracy is measured.
constexpr double measuredShares[] = {0.25, 0.5, 0.7, 0.85, 0.95};
constexpr int64_t measuredSamples = 500;

/// Prunes each layer alone by some shares, refits it without training, and chooses from what that
/// costs.
class GoalStage : public Stage {
public:
  GoalStage(Network &network, const Samples &training, const Samples &validation,
            const Options &options, std::string &patterns, LogLine log)
      : Stage("sensitivity", {}), network(network), training(training),
        refitSamples(options.refitSamples),
        samples(validation.slice(0, std::min(validation.size(), measuredSamples))),
        goal(admm::parseGoal(options.goal)), geometry(options.geometry), patterns(patterns),
        log(std::move(log)) {}

  void end() override {
    double whole = accuracy(network, samples);
    std::vector<admm::LayerSensitivity> sensitivities;
    for (const Layer *layer : constrainableLayers(network))
      sensitivities.push_back(measure(*layer, whole));
    std::vector<admm::RatioChoice> choices = admm::chooseRatios(sensitivities, geometry, goal);
    patterns.clear();
    for (size_t index = 0; index < choices.size(); ++index)
      if (choices[index].dropped > 0)
        patterns += (patterns.empty() ? "\"" : ";\"") + sensitivities[index].name +
                    "\":" + patternOf(sensitivities[index].axis, choices[index].dropped);
    if (patterns.empty())
      fail("--goal ", admm::formatGoal(goal),
           ": no layer spans more than one array that pruning could save within it; set the "
           "patterns with --prune");
    log("{\"step\":\"sensitivity\",\"patterns\":" + jsonText(patterns) + "}");
  }

private:
  static std::string patternOf(admm::PrunedAxis axis, double dropped) {
    sparsity::DroppedShare share{dropped, 1};
    return sparsity::formatPattern(axis == admm::PrunedAxis::Inputs
                                       ? sparsity::Pattern(sparsity::Column{share})
                                       : sparsity::Pattern(sparsity::Filter{share}));
  }

  /// Points of accuracy that each share costs; the axis is that with more arrays in a row.
  admm::LayerSensitivity measure(const Layer &layer, double whole) {
    admm::LayerSensitivity result;
    result.name = layer.name;
    result.inputs = layer.columns;
    result.outputs = layer.filters / layer.groups;
    result.groups = layer.groups;
    double across = static_cast<double>(result.inputs) / static_cast<double>(geometry.rows);
    double along = static_cast<double>(result.outputs * geometry.columnsPerWeight) /
                   static_cast<double>(geometry.columns);
    result.axis =
        across >= along || layer.groups > 1 ? admm::PrunedAxis::Inputs : admm::PrunedAxis::Outputs;
    if (std::max(across, along) <= 1)
      return result; // one array, whatever is dropped
    const std::vector<float> values = valuesOf(network, layer);
    std::optional<PatchMoments> moments;
    if (refitSamples > 0 && canRefit(layer))
      moments = patchMoments(network, layer, spread(training, refitSamples), network.parameters);
    for (double share : measuredShares) {
      std::vector<float> pruned = values;
      sparsity::project(sparsity::parsePatternSpec(patternOf(result.axis, share)), pruned,
                        weightShapeOf(network, layer));
      assignWeight(layer, pruned);
      if (moments)
        assign(layer, refitted(network.matrix(layer), *moments));
      result.losses.push_back({share, std::max(0.0, whole - accuracy(network, samples))});
    }
    assignWeight(layer, values);
    return result;
  }

  void assignWeight(const Layer &layer, const std::vector<float> &values) {
    at::NoGradGuard guard;
    network.parameters.at(layer.weight).copy_(storedFrom(network, layer, values));
  }
  void assign(const Layer &layer, const Tensor &matrix) {
    at::NoGradGuard guard;
    network.parameters.at(layer.weight).copy_(network.stored(layer, matrix));
  }

  Network &network;
  const Samples &training;
  int64_t refitSamples;
  Samples samples;
  admm::Goal goal;
  admm::ArrayGeometry geometry;
  std::string &patterns;
  LogLine log;
};

} // namespace

std::unique_ptr<Stage> makeGoalStage(Network &network, const Samples &training,
                                     const Samples &validation, const Options &options,
                                     std::string &patterns, LogLine log) {
  return std::make_unique<GoalStage>(network, training, validation, options, patterns,
                                     std::move(log));
}

} // namespace pim::compress
