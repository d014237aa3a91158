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

/// What biases of a layer are.
enum class BiasForm { Float, Levels };

LayerTable<BiasForm> parseBiases(const std::string &text) {
  if (text.empty())
    return {};
  return parseLayerTable<BiasForm>(text, [](std::string_view word) {
    if (word != "float" && word != "levels")
      fail("--biases: '", word, "' is unknown, expected float or levels");
    return word == "levels" ? BiasForm::Levels : BiasForm::Float;
  });
}

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

  Tensor nearest(const Tensor &x) const {
    return levels.take(at::bucketize(x.contiguous(), thresholds));
  }
  /// Likewise, but what is zero stays zero, pruning made it.
  Tensor nearestWeight(const Tensor &x) const {
    return at::where(x == 0, at::zeros_like(x), nearest(x));
  }
  bool isBinary() const { return levels.numel() == 2; }
  double largest() const { return levels[-1].item<double>(); }

  Tensor levels, thresholds;
};

/// Nodes read weights on their levels, s q with q = nearest(w / s). Gradients are those of learned
/// steps (LSQ, Esser et al. 2020): straight through to the weights within the levels, and
/// sum g (q - w / s), or g q beyond the levels, to the scale. Two levels have no step: whatever the
/// scale, zero parts them. There gradients pass to all weights, which would else keep the signs
/// that they have beyond s, and the scale gets g q (Rastegari et al. 2016). The scale is s = s0
/// exp(p), so that it stays positive and an optimizer's step changes it by a share; p is the
/// parameter "step/WEIGHT". Biases on levels share the scale of their filter's weights.
class LevelsStage : public Stage {
public:
  LevelsStage(Network &network, Constraints &constraints, const Options &options)
      : Stage("quantize-tune", options.quantizeTuneStep), network(network),
        constraints(constraints), biases(parseBiases(options.biases)), freezeShare(options.freeze) {
  }

  void begin() override {
    assignUnrounded();
    std::vector<const Layer *> layers = constrainableLayers(network);
    int64_t count = static_cast<int64_t>(layers.size());
    for (int64_t index = 0; index < count; ++index) {
      const Layer *layer = layers[static_cast<size_t>(index)];
      auto code = constraints.codes.find(layer->name);
      if (code == constraints.codes.end())
        continue;
      const Tensor &scales = constraints.scales.at(layer->weight);
      Tensor step = at::zeros_like(scales).set_requires_grad(true);
      network.parameters.emplace(stepName(*layer), step); // a checkpoint has brought its own
      LevelTable table((codes::LevelSet(codes::parseCode(code->second))));
      network.weightTransforms[layer->weight] = [this, layer, table](const Tensor &) {
        Tensor scale = scaleOf(*layer).unsqueeze(1);
        if (auto fixed = frozen.find(layer->weight); fixed != frozen.end())
          return network.stored(*layer, fixed->second * scale);
        return network.stored(
            *layer, onLevels(network.matrix(*layer), table, scale, &LevelTable::nearestWeight));
      };
      const BiasForm *form = biases.find(layer->name, index, count);
      bool isBiasCoded = form && *form == BiasForm::Levels && !layer->bias.empty();
      if (isBiasCoded)
        network.weightTransforms[layer->bias] = [this, layer, table](const Tensor &bias) {
          if (auto fixed = frozen.find(layer->bias); fixed != frozen.end())
            return fixed->second * scaleOf(*layer);
          return onLevels(bias, table, scaleOf(*layer), &LevelTable::nearest);
        };
      coded.push_back({layer, table, isBiasCoded});
    }
  }

  void configure(Trainer &trainer) override {
    trainer.afterBackward = [this] { constraints.maskGradients(network); };
    trainer.afterStep = [this] { constraints.maskWeights(network); };
  }

  /// Weights near a point halfway between levels go to and fro with every step, however small the
  /// rate: the loss sees their mean, the result one of both. Once levels are fixed, from the last
  /// layer to the first and biases first, what comes before learns to live with them.
  void afterEpoch(int64_t epoch) override {
    if (freezeShare >= 1)
      return;
    double done = static_cast<double>(epoch + 1) / static_cast<double>(epochs.epochs), turn = 0;
    for (auto each = coded.rbegin(); each != coded.rend(); ++each)
      for (bool isBias : {true, false}) {
        double share = turn++ / (2 * static_cast<double>(coded.size()));
        const std::string &name = isBias ? each->layer->bias : each->layer->weight;
        if ((!isBias || each->isBiasCoded) && done >= freezeShare + (1 - freezeShare) * share)
          frozen.emplace(name, integersOf(*each, isBias));
      }
  }
  /// The best epoch may be one from before levels were fixed.
  bool mayStopEarly() const override { return freezeShare >= 1; }
  void save(Checkpoint &checkpoint) const override { checkpoint.setSection("frozen/", frozen); }
  void load(const Checkpoint &checkpoint) override { frozen = checkpoint.section("frozen/"); }

  void end() override {
    at::NoGradGuard guard;
    network.weightTransforms.clear();
    for (const CodedLayer &each : coded) {
      const Layer *layer = each.layer;
      Tensor scale = scaleOf(*layer), integers = integersOf(each, /*isBias=*/false);
      network.parameters.at(layer->weight)
          .copy_(network.stored(*layer, integers * scale.unsqueeze(1)));
      if (each.isBiasCoded)
        network.parameters.at(layer->bias).copy_(integersOf(each, /*isBias=*/true) * scale);
      constraints.scales[layer->weight] = scale;
      network.parameters.erase(stepName(*layer));
    }
  }

private:
  struct CodedLayer {
    const Layer *layer;
    LevelTable table;
    bool isBiasCoded;
  };

  /// `x` on the levels times `scale`, which `nearest` finds, with the gradients of the class.
  static Tensor onLevels(const Tensor &x, const LevelTable &table, const Tensor &scale,
                         Tensor (LevelTable::*nearest)(const Tensor &) const) {
    Tensor integers = (table.*nearest)((x / scale).detach());
    if (table.isBinary())
      return scale * integers + (x - x.detach());
    Tensor clipped = at::clamp(x / scale, -table.largest(), table.largest());
    return (clipped + (integers - clipped).detach()) * scale;
  }
  /// The levels, as integers, of the matrix or the biases of a layer: fixed ones or the nearest.
  Tensor integersOf(const CodedLayer &each, bool isBias) const {
    at::NoGradGuard guard;
    const Layer &layer = *each.layer;
    auto fixed = frozen.find(isBias ? layer.bias : layer.weight);
    if (fixed != frozen.end())
      return fixed->second;
    Tensor scale = scaleOf(layer);
    return isBias ? each.table.nearest(network.parameters.at(layer.bias) / scale)
                  : each.table.nearestWeight(network.matrix(layer) / scale.unsqueeze(1));
  }
  /// Goes on from the weights before the projection on levels: on a level, each would be equally
  /// far from its neighbours.
  void assignUnrounded() {
    at::NoGradGuard guard;
    for (const auto &[name, weight] : constraints.unrounded)
      network.parameters.at(name).copy_(weight);
    constraints.unrounded.clear();
  }
  static std::string stepName(const Layer &layer) { return "step/" + layer.weight; }
  /// One scale for each filter, or one for all.
  Tensor scaleOf(const Layer &layer) const {
    return constraints.scales.at(layer.weight) * at::exp(network.parameters.at(stepName(layer)));
  }

  Network &network;
  Constraints &constraints;
  LayerTable<BiasForm> biases;
  double freezeShare;
  std::vector<CodedLayer> coded;
  TensorMap frozen; ///< by parameter: integers that stay
};

} // namespace

void checkBiases(const Network &network, const Options &options) {
  LayerTable<BiasForm> table = parseBiases(options.biases);
  std::vector<const Layer *> layers = constrainableLayers(network);
  table.requireAllUsed(namesOf(layers), "--biases");
  int64_t count = static_cast<int64_t>(layers.size());
  for (int64_t index = 0; index < count; ++index) {
    const Layer &layer = *layers[static_cast<size_t>(index)];
    const BiasForm *form = table.find(layer.name, index, count);
    if (form && *form == BiasForm::Levels && layer.isConvolution())
      fail("--biases: layer '", layer.name,
           "' is a convolution; biases take levels in fully connected layers alone");
  }
}

std::unique_ptr<Stage> makeLevelsStage(Network &network, Constraints &constraints,
                                       const Options &options) {
  return std::make_unique<LevelsStage>(network, constraints, options);
}

} // namespace pim::compress
