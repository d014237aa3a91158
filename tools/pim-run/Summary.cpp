//===- Summary.cpp - a run on one screen --------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "pim/Program/Program.h"
#include "pim/Runtime/Power/ForwardProgress.h"
#include "pim/Support/Grouped.h"
#include "pim/Target/Target.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::runtime;
using llvm::format;

/// "12.3 uJ": three digits and the prefix that leaves one to three of them before the point.
static std::string withPrefix(double value, const char *unit) {
  static const char *const prefixes[] = {"", "m", "u", "n", "p", "f"};
  size_t prefix = 0;
  while (value != 0 && std::fabs(value) < 0.9995 && prefix + 1 < std::size(prefixes)) {
    value *= 1000;
    ++prefix;
  }
  int digits = std::fabs(value) >= 100 ? 0 : std::fabs(value) >= 10 ? 1 : 2;
  char text[64];
  std::snprintf(text, sizeof text, "%.*f %s%s", digits, value, prefixes[prefix], unit);
  return text;
}

/// "   array 61 %, adc 22 %, dpu 9 %": the largest parts, down to one in a hundred.
static void printLargestParts(const Breakdown &parts, llvm::raw_ostream &stream) {
  std::vector<size_t> order;
  double total = parts.total();
  for (size_t i = 0; i < componentCount; ++i)
    if (total > 0 && parts.parts[i] >= total / 100)
      order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return parts.parts[a] > parts.parts[b]; });
  constexpr size_t most = 4;
  for (size_t i = 0; i < std::min(order.size(), most); ++i) {
    std::string name = componentName(Component(order[i]));
    std::replace(name.begin(), name.end(), '_', ' ');
    stream << (i ? ", " : "   ") << name << format(" %.0f %%", 100 * parts.parts[order[i]] / total);
  }
}

/// "top-1 96.10 % (95 % confidence 95.98 to 96.22 %), deviation 0.42 %, 94.90 to 96.90 %".
static void printEstimate(const char *name, const Estimate &estimate, llvm::raw_ostream &stream) {
  stream << name << format(" %.2f %%", 100 * estimate.mean)
         << format(" (95 %% confidence %.2f to %.2f %%)", 100 * estimate.low95,
                   100 * estimate.high95)
         << format(", deviation %.2f %%", 100 * estimate.standardDeviation)
         << format(", %.2f", 100 * estimate.minimum)
         << format(" to %.2f %%", 100 * estimate.maximum);
}

static void printMonteCarlo(const pimrun::Run &run, llvm::raw_ostream &stream) {
  stream << "  chips      " << grouped(run.monteCarlo->runs.size()) << ", of seeds " << run.seed
         << " to " << run.monteCarlo->runs.back().seed << ", each with "
         << grouped(run.result.accuracy->samples) << " samples\n  accuracy   ";
  printEstimate("top-1", run.monteCarlo->top1, stream);
  stream << "\n             ";
  printEstimate("top-5", run.monteCarlo->top5, stream);
  stream << "\n";
}

static void printQuality(const SessionResult &result, llvm::raw_ostream &stream) {
  if (result.accuracy && result.accuracy->top1())
    stream << "  accuracy   top-1 " << format("%.2f %%", 100 * *result.accuracy->top1())
           << ", top-5 " << format("%.2f %%", 100 * *result.accuracy->top5()) << " of "
           << grouped(result.accuracy->samples) << " samples\n";
  else
    stream << "  samples    " << grouped(result.samples) << "\n";
}

static void printCosts(const pimrun::Run &run, llvm::raw_ostream &stream) {
  const Costs &costs = run.costs;
  stream << "  latency    " << withPrefix(costs.latencySeconds, "s");
  if (costs.intervalSeconds != costs.latencySeconds)
    stream << ", another inference every " << withPrefix(costs.intervalSeconds, "s");
  stream << "\n  energy     " << withPrefix(costs.energyJoules.total(), "J");
  printLargestParts(costs.energyJoules, stream);
  stream << "\n  power      " << withPrefix(costs.averagePowerWatts(), "W") << ", "
         << format("%.3g", run.teraOperationsPerJoule()) << " TOPS/W\n";
  double area = costs.areaSquareMillimetres.total();
  if (area == 0) // of a host, which is not ours to draw
    return;
  stream << "  area       " << format("%.3g mm2", area);
  printLargestParts(costs.areaSquareMillimetres, stream);
  stream << "\n";
}

/// What failures cost, what the model expects of them, and how often to commit if that is expected
/// to gain more than two points, more than the model errs. Policy "auto" has looked for that.
static void printSupply(const PowerResult &power, llvm::raw_ostream &stream) {
  const Resilience &sum = power.sum;
  stream << "  supply     " << grouped(sum.failures) << " failures, forward progress "
         << format("%.1f %%", 100 * sum.forwardProgress());
  if (sum.failures != 0) {
    CommitIntervals intervals = commitIntervals(*power.plan);
    const double mtbf = sum.mtbfCycles();
    stream << format(" (%.1f %% expected", 100 * expectedProgress(intervals, mtbf))
           << " of commits " << grouped(uint64_t(intervals.work)) << " cycles apart)";
    if (sum.commits != 0 && power.plan->policy.kind != CommitPolicy::Kind::Auto) {
      intervals.commit = double(sum.commitCycles) / double(sum.commits);
      intervals.work = std::round(bestCommitInterval(intervals.commit, mtbf));
      const double best = expectedProgress(intervals, mtbf);
      if (best > sum.forwardProgress() + 0.02)
        stream << format("\n             %.1f %% expected of --commit-policy cycles:%.0f",
                         100 * best, intervals.work);
    }
  }
  stream << "\n";
}

static void printProgram(const pimrun::Run &run, llvm::raw_ostream &stream) {
  const program::Program &program = run.program;
  if (program.code.empty()) // all of it is the host's
    return;
  if (const auto &counts = program.header.array_counts)
    stream << "  arrays     " << grouped(counts->used) << " of " << grouped(run.target.arrays())
           << format(" in use, %.0f %% of their cells\n", 100 * counts->utilization);
  stream << "  program    " << grouped(program.code.size()) << " instructions, "
         << grouped(run.result.executedInstructions) << " executed an inference\n";
}

/// Where there are differences, a table of the layers that have some.
static void printCheck(const CheckResult &check, const std::vector<LayerCosts> &layers,
                       llvm::raw_ostream &stream) {
  stream << "  check      " << grouped(check.comparedValues) << " values compared, "
         << grouped(check.mismatchedValues) << " mismatches\n";
  constexpr size_t mostLines = 12;
  constexpr size_t widestName = 40;
  std::vector<size_t> differing;
  size_t width = 5;
  for (size_t i = 0; i < std::min(layers.size(), check.layers.size()); ++i)
    if (check.layers[i].mismatchedValues != 0) {
      differing.push_back(i);
      if (differing.size() <= mostLines)
        width = std::clamp(layers[i].name.size(), width, widestName);
    }
  if (differing.empty())
    return;
  auto row = [&](llvm::StringRef name, const std::string &share, const std::string &error) {
    stream << "             " << llvm::left_justify(name.take_front(widestName), unsigned(width))
           << "  " << llvm::right_justify(share, 9) << "  " << llvm::right_justify(error, 14)
           << "\n";
  };
  auto text = [](const char *form, double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, form, value);
    return std::string(buffer);
  };
  row("layer", "differing", "relative error");
  for (size_t i = 0; i < std::min(differing.size(), mostLines); ++i) {
    const LayerCheck &layer = check.layers[differing[i]];
    std::optional<double> error = layer.relativeError();
    row(layers[differing[i]].name,
        text("%.2f %%", 100 * double(layer.mismatchedValues) / double(layer.comparedValues)),
        error ? text("%.2e", *error) : "-");
  }
  if (differing.size() > mostLines)
    stream << "             and " << differing.size() - mostLines
           << " more layers: quality.layers of --report\n";
}

void pimrun::printSummary(const Run &run, llvm::raw_ostream &stream) {
  const program::Program &program = run.program;
  if (program.header.model && !program.header.model->name.empty())
    stream << program.header.model->name << " on ";
  stream << run.target.get("name") << "\n";
  if (run.monteCarlo)
    printMonteCarlo(run, stream);
  else if (run.result.samples != 0)
    printQuality(run.result, stream);
  printCosts(run, stream);
  if (run.result.power)
    printSupply(*run.result.power, stream);
  printProgram(run, stream);
  if (run.result.samples == 0) // of an inference that nobody ran
    return;
  stream << "  simulated  " << format("%.4g", run.samplesPerSecond()) << " samples/s ("
         << format("%.3g", run.result.wallSeconds) << " s on " << run.threads
         << (run.threads == 1 ? " thread)\n" : " threads)\n");
  if (run.result.check)
    printCheck(*run.result.check, run.costs.layers, stream);
}
