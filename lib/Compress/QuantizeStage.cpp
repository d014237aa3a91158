//===- QuantizeStage.cpp - ADMM quantization, then training on frozen levels -===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AdmmStage.h"
#include "LayerWeights.h"

#include "pim/Codes/Encode.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {

/// Six alternations of levels and scale, a scale for each filter (background: `codes::encode`).
static const codes::EncodeOptions admmFit{codes::ScaleFit::Alternate, 6, true};

namespace {

class QuantizeStage : public AdmmStage {
public:
  QuantizeStage(Network &network, Constraints &constraints, const Options &options, LogLine log)
      : AdmmStage("quantize", options.quantizeStep, network, constraints,
                  admm::parseRhoSchedule(options.quantizeRho), options.admmInterval,
                  std::move(log)),
        table(codes::parseLayerCodes(options.quantize)) {}

  std::vector<Part> makeParts() override {
    std::vector<const Layer *> layers = constrainableLayers(network);
    int64_t count = static_cast<int64_t>(layers.size());
    std::vector<Part> result;
    for (int64_t index = 0; index < count; ++index) {
      const Layer &layer = *layers[static_cast<size_t>(index)];
      const codes::Code *code = table.find(layer.name, index, count);
      if (!code)
        continue;
      result.push_back(
          {&layer,
           [levels = codes::LevelSet(*code), filters = layer.filters](std::span<float> values) {
             codes::projectRows(levels, values, filters, admmFit);
           },
           {}});
      constraints.codes[layer.name] = codes::formatCode(*code);
    }
    return result;
  }

  /// The scales are frozen here; the weights stay where training left them, beside their levels,
  /// for the next step to pull.
  void end() override {
    at::NoGradGuard guard;
    for (const Part &part : parts) {
      codes::LevelSet levels(codes::parseCode(constraints.codes.at(part.layer->name)));
      std::vector<float> values = valuesOf(network, *part.layer);
      std::vector<double> scales =
          codes::projectRows(levels, values, part.layer->filters, codes::EncodeOptions{});
      constraints.scales[part.layer->weight] = at::tensor(scales).to(at::kFloat);
      // The measurement after this step is that of the hard projection.
      network.parameters.at(part.layer->weight).copy_(storedFrom(network, *part.layer, values));
    }
  }

private:
  codes::LayerCodes table;
};

/// Nodes read weights on their levels; the gradient passes straight through to the weights beside
/// them (Bengio et al. 2013), and the scales do not move.
class LevelsStage : public Stage {
public:
  LevelsStage(Network &network, const Constraints &constraints, StepOptions epochs)
      : Stage("quantize-tune", epochs), network(network), constraints(constraints) {}

  void begin() override {
    for (const Layer *layer : constrainableLayers(network)) {
      auto code = constraints.codes.find(layer->name);
      if (code == constraints.codes.end())
        continue;
      network.weightTransforms[layer->weight] =
          [this, layer,
           levels = codes::LevelSet(codes::parseCode(code->second))](const Tensor &weight) {
            Tensor nearest = onLevels(*layer, levels);
            return weight + (nearest - weight).detach();
          };
    }
  }

  void configure(Trainer &trainer) override {
    trainer.afterBackward = [this] { constraints.maskGradients(network); };
    trainer.afterStep = [this] { constraints.maskWeights(network); };
  }

  void end() override {
    at::NoGradGuard guard;
    for (const auto &[name, transform] : network.weightTransforms)
      network.parameters.at(name).copy_(transform(network.parameters.at(name)));
    network.weightTransforms.clear();
  }

private:
  Tensor onLevels(const Layer &layer, const codes::LevelSet &levels) const {
    std::vector<float> values = valuesOf(network, layer);
    const float *scales = constraints.scales.at(layer.weight).data_ptr<float>();
    size_t columns = static_cast<size_t>(layer.columns);
    for (int64_t filter = 0; filter < layer.filters; ++filter) {
      std::span<float> row(values.data() + static_cast<size_t>(filter) * columns, columns);
      float scale = scales[filter];
      codes::Encoding encoding = codes::encodeWithScale(levels, row, scale);
      for (size_t column = 0; column < columns; ++column)
        row[column] = scale * static_cast<float>(encoding.integers[column]);
    }
    return storedFrom(network, layer, values);
  }

  Network &network;
  const Constraints &constraints;
};

} // namespace

void checkCodes(const Network &network, const std::string &text) {
  codes::parseLayerCodes(text).requireAllUsed(namesOf(constrainableLayers(network)), "--quantize");
}

double bitsOfCode(const std::string &text) {
  codes::Code code = codes::parseCode(text);
  if (code.kind == codes::CodeKind::Binary)
    return 1;
  if (code.kind == codes::CodeKind::Ternary)
    return 2;
  return codes::LevelSet(code).magnitudeBits() + 1;
}

std::unique_ptr<Stage> makeQuantizeStage(Network &network, Constraints &constraints,
                                         const Options &options, LogLine log) {
  return std::make_unique<QuantizeStage>(network, constraints, options, std::move(log));
}

std::unique_ptr<Stage> makeLevelsStage(Network &network, const Constraints &constraints,
                                       StepOptions epochs) {
  return std::make_unique<LevelsStage>(network, constraints, epochs);
}

} // namespace pim::compress
