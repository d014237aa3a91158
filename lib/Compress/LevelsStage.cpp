//===- LevelsStage.cpp - training on levels, with learned scales ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerWeights.h"
#include "Stage.h"

#include "pim/Codes/LevelSet.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {
namespace {

/// The integers of a code as tensors: all of them ascending, and the points halfway between.
struct LevelTable {
  explicit LevelTable(const codes::LevelSet &set) {
    std::vector<float> values;
    for (int32_t magnitude : set.magnitudes()) {
      values.push_back(static_cast<float>(magnitude));
      if (magnitude != 0)
        values.insert(values.begin(), static_cast<float>(-magnitude));
    }
    levels = at::tensor(values);
    thresholds = (levels.slice(0, 1) + levels.slice(0, 0, -1)) / 2;
  }

  /// The level nearest each element of `x`; what is zero stays zero, pruning made it.
  Tensor nearest(const Tensor &x) const {
    Tensor found = levels.take(at::bucketize(x.contiguous(), thresholds));
    return at::where(x == 0, at::zeros_like(x), found);
  }
  double largest() const { return levels[-1].item<double>(); }

  Tensor levels, thresholds;
};

/// Nodes read weights on their levels, s q with q = nearest(w / s). Gradients are those of learned
/// steps (LSQ, Esser et al. 2020): straight through to the weights within the levels, and
/// sum g (q - w / s), or g q beyond the levels, to the scale. The scale is s = s0 exp(p), so that
/// it stays positive and an optimizer's step changes it by a share; p is the parameter
/// "step/WEIGHT".
class LevelsStage : public Stage {
public:
  LevelsStage(Network &network, Constraints &constraints, StepOptions epochs)
      : Stage("quantize-tune", epochs), network(network), constraints(constraints) {}

  void begin() override {
    for (const Layer *layer : constrainableLayers(network)) {
      auto code = constraints.codes.find(layer->name);
      if (code == constraints.codes.end())
        continue;
      const Tensor &scales = constraints.scales.at(layer->weight);
      Tensor step = at::zeros_like(scales).set_requires_grad(true);
      network.parameters.emplace(stepName(*layer), step); // a checkpoint has brought its own
      LevelTable table((codes::LevelSet(codes::parseCode(code->second))));
      coded.push_back({layer, table});
      network.weightTransforms[layer->weight] = [this, layer, table](const Tensor &) {
        Tensor matrix = network.matrix(*layer), scale = scaleOf(*layer).unsqueeze(1);
        Tensor ratio = matrix / scale;
        Tensor clipped = at::clamp(ratio, -table.largest(), table.largest());
        Tensor integers = table.nearest(ratio.detach());
        return network.stored(*layer, (clipped + (integers - clipped).detach()) * scale);
      };
    }
  }

  void configure(Trainer &trainer) override {
    trainer.afterBackward = [this] { constraints.maskGradients(network); };
    trainer.afterStep = [this] { constraints.maskWeights(network); };
  }

  void end() override {
    at::NoGradGuard guard;
    network.weightTransforms.clear();
    for (const auto &[layer, table] : coded) {
      Tensor scale = scaleOf(*layer);
      Tensor integers = table.nearest(network.matrix(*layer) / scale.unsqueeze(1));
      network.parameters.at(layer->weight)
          .copy_(network.stored(*layer, integers * scale.unsqueeze(1)));
      constraints.scales[layer->weight] = scale;
      network.parameters.erase(stepName(*layer));
    }
  }

private:
  static std::string stepName(const Layer &layer) { return "step/" + layer.weight; }
  /// One scale for each filter, or one for all.
  Tensor scaleOf(const Layer &layer) const {
    return constraints.scales.at(layer.weight) * at::exp(network.parameters.at(stepName(layer)));
  }

  Network &network;
  Constraints &constraints;
  std::vector<std::pair<const Layer *, LevelTable>> coded;
};

} // namespace

std::unique_ptr<Stage> makeLevelsStage(Network &network, Constraints &constraints,
                                       StepOptions epochs) {
  return std::make_unique<LevelsStage>(network, constraints, epochs);
}

} // namespace pim::compress
