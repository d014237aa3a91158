//===- Report.cpp - the JSON report of a run ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "pim/Program/Program.h"
#include "pim/Runtime/Power/ForwardProgress.h"
#include "pim/Target/Target.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <sys/resource.h>

using namespace pim;
using namespace pim::runtime;
using llvm::json::OStream;

int64_t pimrun::Run::simulatedSamples() const {
  return result.samples * (monteCarlo ? static_cast<int64_t>(monteCarlo->runs.size()) : 1);
}

double pimrun::Run::samplesPerSecond() const {
  return result.wallSeconds > 0 ? static_cast<double>(simulatedSamples()) / result.wallSeconds : 0;
}

double pimrun::Run::teraOperationsPerJoule() const {
  double joules = costs.energyJoules.total(), macs = 0;
  for (const LayerCosts &layer : costs.layers)
    macs += static_cast<double>(layer.macs);
  return joules > 0 ? 2e-12 * macs / joules : 0;
}

namespace {

/// Most memory that this process ever held.
int64_t peakMemoryBytes() {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? int64_t(usage.ru_maxrss) * 1024 : 0;
}

/// A number, or null where there is none.
void optionalNumber(OStream &json, llvm::StringRef key, std::optional<double> value) {
  if (value)
    json.attribute(key, *value);
  else
    json.attribute(key, nullptr);
}

void writeParts(OStream &json, llvm::StringRef key, const Breakdown &parts) {
  json.attributeObject(key, [&] {
    for (size_t i = 0; i < componentCount; ++i)
      json.attribute(componentName(Component(i)), parts.parts[i]);
  });
}

void writeModel(OStream &json, const program::Program &program) {
  json.attributeObject("model", [&] {
    const auto &model = program.header.model;
    if (!model)
      return;
    json.attribute("name", llvm::json::fixUTF8(model->name));
    json.attribute("macs", model->macs);
    json.attribute("parameters", model->parameters);
    json.attribute("opset", llvm::json::fixUTF8(model->opset));
    json.attribute("weight_bits", model->weight_bits);
    json.attribute("activation_bits", model->activation_bits);
  });
}

void writeTarget(OStream &json, const target::Target &target) {
  json.attributeObject("target", [&] {
    json.attribute("name", llvm::json::fixUTF8(target.get("name")));
    json.attribute("kind", target.get("array.kind"));
    json.attributeObject("parameters", [&] {
      for (const auto &[key, value] : target.parameters())
        if (key != "name")
          json.attribute(key, llvm::json::fixUTF8(value));
    });
  });
}

void writeEstimate(OStream &json, llvm::StringRef key, const Estimate &estimate) {
  json.attributeObject(key, [&] {
    json.attribute("mean", estimate.mean);
    json.attribute("standard_deviation", estimate.standardDeviation);
    json.attributeArray("confidence_95", [&] {
      json.value(estimate.low95);
      json.value(estimate.high95);
    });
    json.attribute("min", estimate.minimum);
    json.attribute("max", estimate.maximum);
  });
}

void writeMonteCarlo(OStream &json, const MonteCarloResult &result) {
  json.attributeObject("monte_carlo", [&] {
    writeEstimate(json, "top1", result.top1);
    writeEstimate(json, "top5", result.top5);
    json.attributeArray("runs", [&] {
      for (const MonteCarloResult::Run &run : result.runs)
        json.object([&] {
          json.attribute("seed", run.seed);
          optionalNumber(json, "top1", run.accuracy.top1());
          optionalNumber(json, "top5", run.accuracy.top5());
        });
    });
  });
}

/// How far the results of each layer are off, where there was something to compare.
void writeCheckedLayers(OStream &json, const CheckResult &check,
                        const std::vector<LayerCosts> &layers) {
  json.attributeArray("layers", [&] {
    for (size_t i = 0; i < std::min(layers.size(), check.layers.size()); ++i) {
      const LayerCheck &layer = check.layers[i];
      if (layer.comparedValues == 0)
        continue;
      json.object([&] {
        json.attribute("name", llvm::json::fixUTF8(layers[i].name));
        json.attribute("compared_values", layer.comparedValues);
        json.attribute("mismatched_values", layer.mismatchedValues);
        optionalNumber(json, "relative_error", layer.relativeError());
      });
    }
  });
}

void writeQuality(OStream &json, const pimrun::Run &run) {
  const SessionResult &result = run.result;
  json.attributeObject("quality", [&] {
    json.attribute("samples", result.samples);
    json.attribute("labelled_samples", result.accuracy ? result.accuracy->samples : 0);
    if (run.monteCarlo) {
      json.attribute("top1", run.monteCarlo->top1.mean);
      json.attribute("top5", run.monteCarlo->top5.mean);
      writeMonteCarlo(json, *run.monteCarlo);
    } else {
      optionalNumber(json, "top1", result.accuracy ? result.accuracy->top1() : std::nullopt);
      optionalNumber(json, "top5", result.accuracy ? result.accuracy->top5() : std::nullopt);
    }
    if (result.check) {
      json.attribute("compared_values", result.check->comparedValues);
      json.attribute("mismatched_values", result.check->mismatchedValues);
      writeCheckedLayers(json, *result.check, run.costs.layers);
    } else {
      json.attribute("mismatched_values", nullptr);
    }
  });
}

/// Nothing where the supply holds. Times and energies are per inference, counts of all of them.
void writeResilience(OStream &json, const pimrun::Run &run) {
  json.attributeObject("resilience", [&] {
    if (!run.result.power)
      return;
    const PowerResult &power = *run.result.power;
    const Resilience &sum = power.sum;
    const target::Target &target = run.target;
    const double inferences = double(sum.inferences);
    const double seconds = target.cycleNs() * 1e-9 / inferences;
    auto forced = std::count_if(power.plan->points.begin(), power.plan->points.end(),
                                [](const CommitPoint &point) { return point.isForced; });
    json.attribute("policy", power.plan->policy.text());
    json.attribute("placement", power.plan->placement.text());
    json.attribute("durable", target.get("power.durable"));
    json.attribute("inferences", sum.inferences);
    json.attribute("failures", sum.failures);
    json.attribute("commits", sum.commits);
    json.attribute("torn_commits", sum.tornCommits);
    json.attribute("restores", sum.restores);
    json.attribute("commits_per_inference", power.plan->points.size() - 1);
    json.attribute("forced_commits_per_inference", int64_t(forced));
    const CommitIntervals intervals = commitIntervals(*power.plan);
    json.attribute("commit_interval_s", intervals.work * target.cycleNs() * 1e-9);
    json.attribute("forward_progress", sum.forwardProgress());
    optionalNumber(json, "expected_forward_progress",
                   sum.failures ? std::optional(expectedProgress(intervals, sum.mtbfCycles()))
                                : std::nullopt);
    json.attribute("latency_s",
                   double(sum.poweredCycles()) * seconds + sum.offSeconds / inferences);
    json.attribute("off_s", sum.offSeconds / inferences);
    json.attribute("useful_s", double(sum.usefulCycles) * seconds);
    json.attribute("redo_s", double(sum.redoCycles) * seconds);
    json.attribute("redo_cycles", double(sum.redoCycles) / inferences);
    json.attribute("commit_s", double(sum.commitCycles) * seconds);
    json.attribute("restore_s", double(sum.restoreCycles) * seconds);
    json.attribute("redo_energy_j", double(sum.redoCycles) * seconds * run.costs.alonePowerWatts());
    json.attribute("commit_energy_j",
                   double(sum.commitBits) * 1e-12 / inferences * target.power.commitEnergyPjPerBit);
    json.attribute("restore_energy_j", double(sum.restoreBits) * 1e-12 / inferences *
                                           target.power.restoreEnergyPjPerBit);
    json.attribute("differing_bytes", power.differingBytes);
  });
}

void writeArrays(OStream &json, const program::Program &program) {
  json.attributeObject("arrays", [&] {
    const auto &counts = program.header.array_counts;
    if (!counts)
      return;
    json.attribute("dense", counts->dense);
    json.attribute("after_pruning", counts->after_pruning);
    json.attribute("after_slicing", counts->after_slicing);
    json.attribute("after_squeeze", counts->after_squeeze);
    json.attribute("used", counts->used);
    json.attribute("utilization", counts->utilization);
  });
}

/// Nothing where arrays keep what was programmed before the first inference.
void writeProgramming(OStream &json, const pimrun::Run &run) {
  json.attributeObject("programming", [&] {
    if (run.costs.cellWrites == 0)
      return;
    json.attribute("cell_writes", run.costs.cellWrites);
    json.attribute("writes_per_cell", run.costs.writesPerCell);
    const double endurance = run.target.cell.enduranceMegawrites * 1e6;
    optionalNumber(json, "inferences_to_wear_out",
                   endurance > 0 ? std::optional(endurance / double(run.costs.writesPerCell))
                                 : std::nullopt);
  });
}

void writeLayer(OStream &json, const LayerCosts &layer) {
  json.object([&] {
    json.attribute("name", llvm::json::fixUTF8(layer.name));
    json.attribute("op", llvm::json::fixUTF8(layer.op));
    json.attribute("macs", layer.macs);
    json.attribute("arrays", layer.arrays);
    json.attribute("weights", layer.weights);
    json.attribute("begin_s", layer.beginSeconds);
    json.attribute("latency_s", layer.latencySeconds());
    json.attribute("energy_j", layer.energyJoules.total());
    json.attribute("static_energy_j", layer.energyJoules[Component::Leakage]);
    json.attributeObject("energy_parts_j", [&] {
      for (size_t i = 0; i < componentCount; ++i)
        if (layer.energyJoules.parts[i] != 0)
          json.attribute(componentName(Component(i)), layer.energyJoules.parts[i]);
    });
    json.attributeObject("busy_s", [&] {
      json.attribute("arrays", layer.arraysBusySeconds);
      json.attribute("dpu", layer.dpuBusySeconds);
      json.attribute("dma", layer.dmaBusySeconds);
      json.attribute("host", layer.hostBusySeconds);
    });
    json.attribute("executed", layer.executedInstructions);
    json.attribute("mapping", llvm::json::fixUTF8(layer.mapping));
  });
}

} // namespace

void pimrun::writeReport(const Run &run, llvm::raw_ostream &stream) {
  const program::Program &program = run.program;
  const Costs &costs = run.costs;
  OStream json(stream, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("schema", "pim-run/1");
    writeModel(json, program);
    writeTarget(json, run.target);
    writeQuality(json, run);
    json.attributeObject("cost", [&] {
      json.attribute("latency_s", costs.latencySeconds);
      json.attribute("interval_s", costs.intervalSeconds);
      json.attribute("images_in_flight", costs.imagesInFlight);
      json.attribute("cycles", costs.cycles);
      json.attribute("energy_j", costs.energyJoules.total());
      json.attribute("average_power_w", costs.averagePowerWatts());
      json.attribute("area_mm2", costs.areaSquareMillimetres.total());
      json.attribute("tops_per_w", run.teraOperationsPerJoule());
    });
    writeParts(json, "energy_j", costs.energyJoules);
    writeParts(json, "static_energy_j", costs.staticJoules);
    writeParts(json, "area_mm2", costs.areaSquareMillimetres);
    writeArrays(json, program);
    writeProgramming(json, run);
    json.attributeObject("program", [&] {
      json.attribute("instructions", program.code.size());
      json.attribute("executed", run.result.executedInstructions);
    });
    writeResilience(json, run);
    json.attributeObject("simulation", [&] {
      json.attribute("wall_s", run.result.wallSeconds);
      json.attribute("samples_per_s", run.samplesPerSecond());
      json.attribute("peak_rss_bytes", peakMemoryBytes());
      json.attribute("threads", run.threads);
      json.attribute("seed", run.seed);
    });
    json.attributeArray("layers", [&] {
      for (const LayerCosts &layer : costs.layers)
        writeLayer(json, layer);
    });
  });
  stream << '\n';
}
