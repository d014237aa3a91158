//===- QuantizeStage.cpp - ADMM quantization -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AdmmStage.h"
#include "LayerWeights.h"

#include "pim/Codes/Encode.h"
#include "pim/Support/LayerSelector.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {

/// Six alternations of levels and scale, a scale for each filter (background: `codes::encode`).
static const codes::EncodeOptions admmFit{codes::ScaleFit::Alternate, 6, true};

namespace {

/// Which weights of a layer share a scale.
enum class Sharing { Filter, Layer };

LayerTable<Sharing> parseScales(const std::string &text) {
  if (text.empty())
    return {};
  return parseLayerTable<Sharing>(text, [](std::string_view word) {
    if (word != "filter" && word != "layer")
      fail("--scales: '", word, "' is unknown, expected filter or layer");
    return word == "layer" ? Sharing::Layer : Sharing::Filter;
  });
}

class QuantizeStage : public AdmmStage {
public:
  QuantizeStage(Network &network, Constraints &constraints, const Options &options, LogLine log)
      : AdmmStage("quantize", options.quantizeStep, network, constraints,
                  admm::parseRhoSchedule(options.quantizeRho), options.admmInterval,
                  std::move(log)),
        table(codes::parseLayerCodes(options.quantize)), sharing(parseScales(options.scales)) {}

  std::vector<Part> makeParts() override {
    std::vector<const Layer *> layers = constrainableLayers(network);
    int64_t count = static_cast<int64_t>(layers.size());
    std::vector<Part> result;
    for (int64_t index = 0; index < count; ++index) {
      const Layer &layer = *layers[static_cast<size_t>(index)];
      const codes::Code *code = table.find(layer.name, index, count);
      if (!code)
        continue;
      const Sharing *sharing = this->sharing.find(layer.name, index, count);
      int64_t scales = sharing && *sharing == Sharing::Layer ? 1 : layer.filters;
      scaleCounts[layer.weight] = scales;
      result.push_back({&layer,
                        [levels = codes::LevelSet(*code), scales](std::span<float> values) {
                          codes::projectRows(levels, values, scales, admmFit);
                        },
                        {}});
      constraints.codes[layer.name] = codes::formatCode(*code);
    }
    return result;
  }

  /// Leaves the hard projection, and for the next step its scales and the weights before it.
  void end() override {
    at::NoGradGuard guard;
    for (const Part &part : parts) {
      codes::LevelSet levels(codes::parseCode(constraints.codes.at(part.layer->name)));
      std::vector<float> values = valuesOf(network, *part.layer);
      std::vector<double> scales =
          codes::projectRows(levels, values, scaleCounts.at(part.layer->weight), {});
      constraints.scales[part.layer->weight] = at::tensor(scales).to(at::kFloat);
      Tensor &weight = network.parameters.at(part.layer->weight);
      constraints.unrounded[part.layer->weight] = weight.detach().clone();
      weight.copy_(storedFrom(network, *part.layer, values));
    }
  }

private:
  codes::LayerCodes table;
  LayerTable<Sharing> sharing;
  std::map<std::string, int64_t> scaleCounts; ///< by parameter
};

} // namespace

void checkCodes(const Network &network, const std::string &text) {
  codes::parseLayerCodes(text).requireAllUsed(namesOf(constrainableLayers(network)), "--quantize");
}

void checkScales(const Network &network, const Options &options) {
  parseScales(options.scales).requireAllUsed(namesOf(constrainableLayers(network)), "--scales");
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

} // namespace pim::compress
