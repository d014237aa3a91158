//===- CompileReport.cpp - what a compilation came to ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Driver/CompileReport.h"
#include "pim/Support/Grouped.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::pim;
using ::pim::counted;
using ::pim::grouped;
namespace fb = ::pim::fb;

static uint64_t countInstructions(const fb::ProgramT &header) {
  uint64_t words = 0;
  for (const auto &core : header.cores)
    words += core->code_words;
  return words;
}

static void writeModel(llvm::json::OStream &json, const fb::ProgramT &header) {
  json.attributeObject("model", [&] {
    json.attribute("name", header.model->name);
    json.attribute("opset", header.model->opset);
    json.attribute("macs", header.model->macs);
    json.attribute("parameters", header.model->parameters);
    json.attribute("weight_bits", header.model->weight_bits);
    json.attribute("activation_bits", header.model->activation_bits);
  });
}

static void writeSteps(llvm::json::OStream &json, const LayerMapping &mapping) {
  json.attribute("weight_bits", mapping.weightBits);
  json.attributeObject("arrays_by_step", [&] {
    json.attribute("dense_16_bits", mapping.arrays.dense16);
    json.attribute("dense", mapping.arrays.dense);
    json.attribute("after_pruning", mapping.arrays.pruned);
    json.attribute("after_slicing", mapping.arrays.sliced);
    json.attribute("after_squeeze", mapping.arrays.squeezed);
    json.attribute("used", mapping.arrays.packed);
    json.attribute("saved_by_order", mapping.arrays.ordered);
  });
  if (!mapping.pattern.empty()) {
    json.attribute("pattern", mapping.pattern);
    json.attribute("zeros", mapping.zeros);
    json.attribute("zeros_explained", mapping.explained);
  }
  if (!mapping.code.empty()) {
    json.attribute("weight_code", mapping.code);
    json.attribute("weight_code_error", mapping.codeError);
  }
  if (mapping.squeezedBlocks > 0) {
    json.attribute("squeezed_blocks", mapping.squeezedBlocks);
    json.attribute("delayed_rows", mapping.delayedRows);
    json.attribute("squeeze_error", mapping.squeezeError);
  }
}

/// How calibration rounded a layer's weights, and what fewer bits there were found to cost.
static void writeWeights(llvm::json::OStream &json, const WeightChoice &choice,
                         ArrayRef<BitSensitivity> trials) {
  json.attribute("rounding", choice.adaptive ? "adaptive" : "nearest");
  json.attribute("signal_to_noise_db", choice.signalToNoise);
  bool isMeasured = llvm::any_of(
      trials, [&](const BitSensitivity &trial) { return trial.layer == choice.layer; });
  if (!isMeasured)
    return;
  json.attributeObject("accuracy_loss_by_bits", [&] {
    for (const BitSensitivity &trial : trials)
      if (trial.layer == choice.layer)
        json.attribute(std::to_string(trial.bits), trial.accuracyLoss);
  });
}

/// Where a layer without arrays runs, and why.
static void writeUnit(llvm::json::OStream &json, const UnitEstimate &unit) {
  json.attribute("unit", unit.isOnHost ? "host" : "vector");
  json.attributeObject("estimate", [&] {
    if (unit.vectorUnitSeconds > 0)
      json.attribute("vector_unit_s", unit.vectorUnitSeconds);
    json.attribute("host_s", unit.hostSeconds);
  });
}

/// The most rounds of a core; 1 where all arrays keep what was programmed into them.
static size_t countRounds(const fb::ProgramT &header) {
  size_t most = 1;
  for (const auto &core : header.cores)
    most = std::max(most, core->rounds.size());
  return most;
}

static void writeArrays(llvm::json::OStream &json, const fb::ArrayCountsT &arrays,
                        const Compilation &compilation) {
  ArrayFactors all;
  for (const LayerMapping &mapping : compilation.mappings())
    all += mapping.arrays;
  json.attributeObject("arrays", [&] {
    json.attribute("dense_16_bits", all.dense16);
    json.attribute("dense", arrays.dense);
    json.attribute("after_pruning", arrays.after_pruning);
    json.attribute("after_slicing", arrays.after_slicing);
    json.attribute("after_squeeze", arrays.after_squeeze);
    json.attribute("used", arrays.used);
    json.attribute("utilization", arrays.utilization);
    json.attribute("saved_by_order", all.ordered);
    json.attribute("rounds", countRounds(compilation.program().header));
  });
}

/// What placement saved; nothing if it did not look.
static void writeRoutes(llvm::json::OStream &json, ModuleOp module) {
  auto routes = module->getAttrOfType<DictionaryAttr>("pim.routes");
  if (!routes)
    return;
  json.attributeObject("routes", [&] {
    for (NamedAttribute route : routes)
      json.attribute(route.getName(), cast<FloatAttr>(route.getValue()).getValueAsDouble());
  });
}

static void writeLayers(llvm::json::OStream &json, const fb::ProgramT &header,
                        const Compilation &compilation) {
  llvm::StringMap<const LayerMapping *> mappings;
  for (const LayerMapping &mapping : compilation.mappings())
    mappings[mapping.name] = &mapping;
  llvm::StringMap<const UnitEstimate *> units;
  for (const UnitEstimate &unit : compilation.units())
    units[unit.name] = &unit;
  llvm::StringMap<const WeightChoice *> choices;
  for (const WeightChoice &choice : compilation.weightChoices())
    choices[choice.layer] = &choice;
  json.attributeArray("layers", [&] {
    for (const auto &layer : header.layers) {
      uint64_t instructions = 0;
      for (const fb::Span &span : layer->spans)
        instructions += span.end() - span.begin();
      json.object([&] {
        json.attribute("name", layer->name);
        json.attribute("op", layer->op);
        json.attribute("macs", layer->macs);
        json.attribute("weights", layer->weights);
        json.attribute("arrays", layer->arrays);
        json.attribute("instructions", instructions);
        if (const WeightChoice *choice = choices.lookup(layer->name))
          writeWeights(json, *choice, compilation.sensitivities());
        if (const LayerMapping *mapping = mappings.lookup(layer->name))
          writeSteps(json, *mapping);
        if (const UnitEstimate *unit = units.lookup(layer->name))
          writeUnit(json, *unit);
        json.attribute("mapping", layer->mapping);
      });
    }
  });
}

void mlir::pim::writeCompileReport(const Compilation &compilation, llvm::raw_ostream &stream) {
  const fb::ProgramT &header = compilation.program().header;
  llvm::json::OStream json(stream, 2);
  json.object([&] {
    json.attribute("schema", "pim-compile/1");
    writeModel(json, header);
    json.attributeObject("target", [&] {
      for (const auto &parameter : header.target)
        json.attribute(parameter->key, parameter->value);
    });
    writeArrays(json, *header.array_counts, compilation);
    json.attributeObject("program", [&] {
      json.attribute("instructions", countInstructions(header));
      json.attribute("instruction_bytes", countInstructions(header) * 8);
      json.attribute("bytes", compilation.programBytes());
      json.attribute("cores", header.cores.size());
      json.attribute("images_in_flight", header.images_in_flight);
    });
    writeRoutes(json, compilation.module());
    json.attributeObject("phases_s", [&] {
      for (const auto &[name, seconds] : compilation.phases())
        json.attribute(name, seconds);
    });
    writeLayers(json, header, compilation);
  });
  stream << "\n";
}

/// "8 bits", or "2 to 8 bits" where layers differ.
static std::string weightBitsText(const Compilation &compilation) {
  int64_t most = compilation.program().header.model->weight_bits, least = most;
  if (!compilation.mappings().empty())
    least = most = compilation.mappings().front().weightBits;
  for (const LayerMapping &mapping : compilation.mappings()) {
    least = std::min(least, mapping.weightBits);
    most = std::max(most, mapping.weightBits);
  }
  std::string text = counted(uint64_t(most), "bit");
  return least == most ? text : std::to_string(least) + " to " + text;
}

void mlir::pim::printCompileSummary(const Compilation &compilation, llvm::raw_ostream &stream) {
  const fb::ProgramT &header = compilation.program().header;
  double seconds = 0;
  for (const auto &phase : compilation.phases())
    seconds += phase.second;
  const fb::ArrayCountsT &arrays = *header.array_counts;
  stream << header.model->name << " for " << compilation.target().name << ": "
         << counted(header.layers.size(), "layer");
  // None that a chip holds: all of the network is the host's, where MACs are not counted.
  bool hasWeights = header.model->weight_bits != 0;
  if (hasWeights)
    stream << ", " << grouped(header.model->macs) << " MACs";
  stream << ", " << counted(header.model->parameters, "weight");
  if (hasWeights)
    stream << " of " << weightBitsText(compilation);
  stream << "\n  ";
  if (!header.cores.empty()) { // else all of it is the host's
    stream << counted(arrays.used, "array");
    if (arrays.used != 0)
      stream << llvm::format(" (%.1f %% of the cells used)", 100 * arrays.utilization);
    stream << " on " << counted(header.cores.size(), "core") << ", "
           << counted(countInstructions(header), "instruction") << ", ";
  }
  stream << counted(compilation.programBytes(), "byte") << llvm::format(", %.2f s\n", seconds);
}
