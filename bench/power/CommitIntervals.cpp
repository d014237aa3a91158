//===- CommitIntervals.cpp - how often to commit ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a program under random failures with commits every N cycles, for many N, and prints as
// Markdown which interval finishes an inference soonest beside Young's sqrt(2 * C * MTBF) (J. W.
// Young, "A first order approximation to the optimum checkpoint interval", CACM 1974).
//
// Then, for each policy and for intervals of several lengths, how far the chip gets when failures
// come ten times slower; and for supplies of many mean uptimes, where policy "auto" commits and how
// far the chip gets with it.
//
//   bench-commit-intervals PROGRAM.pimb [KEY=VALUE of the target ...]
//
//===----------------------------------------------------------------------===//

#include "pim/Program/Program.h"
#include "pim/Runtime/Power/ForwardProgress.h"
#include "pim/Runtime/Power/SupplyWalk.h"
#include "pim/Runtime/Simulator.h"
#include "pim/Support/Error.h"
#include "pim/Target/Settings.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

using namespace pim;
using namespace pim::runtime;

namespace {

/// Of one N, in cycles.
struct Measured {
  /// From commit to commit, without failures: the root of the mean square, since a failure hits a
  /// long interval more often, and loses more there.
  double interval = 0;
  double commit = 0;    ///< that one commit takes, on average
  double inference = 0; ///< with failures
};

/// What a commit costs however short the interval: the results that it writes grow with the
/// interval, which no choice of the interval changes the sum of. Least squares.
double fixedCost(const std::vector<Measured> &all) {
  double x = 0, y = 0, xx = 0, xy = 0;
  for (const Measured &one : all) {
    x += one.interval;
    y += one.commit;
    xx += one.interval * one.interval;
    xy += one.interval * one.commit;
  }
  const double n = double(all.size());
  return (y * xx - x * xy) / (n * xx - x * x);
}

/// The T with the least a*T + b/T + c, by least squares over the measurements relative to the mean.
double bestInterval(const std::vector<Measured> &all) {
  // Normal equations of three unknowns, solved by elimination.
  double m[3][4] = {};
  for (const Measured &one : all) {
    const double row[4] = {one.interval, 1 / one.interval, 1, one.inference};
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 4; ++j)
        m[i][j] += row[i] * row[j];
  }
  for (int i = 0; i < 3; ++i)
    for (int k = 0; k < 3; ++k) {
      if (k == i)
        continue;
      const double factor = m[k][i] / m[i][i];
      for (int j = i; j < 4; ++j)
        m[k][j] -= factor * m[i][j];
    }
  return std::sqrt(m[1][3] / m[1][1] / (m[0][3] / m[0][0]));
}

/// Inferences that are run, enough for this many failures: what is lost to one differs by far.
constexpr double fewestFailures = 40000;
int inferencesFor(const Simulator &simulator, double mtbfCycles) {
  return int(std::max(fewestFailures * mtbfCycles / double(simulator.costs().cycles), 4000.0));
}

/// Of the inferences together, with failures at random.
Resilience runThrough(const Simulator &simulator, const CommitPlan &plan, double mtbfCycles) {
  const double cycleSeconds = simulator.target().cycleNs() * 1e-9;
  SupplyTrace trace;
  trace.meanSeconds = mtbfCycles * cycleSeconds;
  trace.seed = 1;
  const auto supply = makeSupply(trace, simulator.target(), 0);
  SupplyWalk walk(plan, *supply, cycleSeconds);
  Resilience sum;
  std::vector<Cut> cuts;
  for (int i = inferencesFor(simulator, mtbfCycles); i > 0; --i) {
    cuts.clear();
    sum += walk.nextInference(cuts);
  }
  return sum;
}

Measured measure(const Simulator &simulator, uint64_t cycles, double mtbfCycles) {
  const auto plan = simulator.planCommits({CommitPolicy::Kind::Cycles, cycles}, {});
  const Resilience sum = runThrough(simulator, *plan, mtbfCycles);
  const double commits = double(plan->points.size() - 1);
  double squares = 0, committing = 0;
  for (size_t i = 0; i < plan->points.size(); ++i) {
    const double interval = double(plan->workAfter(i) + plan->commitAfter(i));
    squares += interval * interval;
    committing += double(plan->commitAfter(i));
  }
  return {std::sqrt(squares / (commits + 1)), committing / commits,
          double(sum.poweredCycles()) / inferencesFor(simulator, mtbfCycles)};
}

/// The interval of the law for what a commit of that interval costs.
double lawfulInterval(const Simulator &simulator, double mtbfCycles) {
  double interval = bestCommitInterval(20, mtbfCycles);
  for (int turn = 0; turn < 4; ++turn) {
    const double cost = measure(simulator, uint64_t(interval), mtbfCycles).commit;
    interval = bestCommitInterval(std::max(cost, 1.0), mtbfCycles);
  }
  return interval;
}

/// For intervals around the law, by the fifth root of two.
std::vector<Measured> measureAround(const Simulator &simulator, double mtbfCycles) {
  std::vector<Measured> all;
  const double centre = lawfulInterval(simulator, mtbfCycles);
  for (int step = -10; step <= 10; ++step) {
    const double cycles = centre * std::pow(2, step / 5.0);
    if (cycles < 1 || cycles > double(simulator.costs().cycles) / 4)
      continue;
    all.push_back(measure(simulator, uint64_t(cycles), mtbfCycles));
  }
  return all;
}

/// `commit`: what a commit costs however short the interval.
void printRow(const Simulator &simulator, double mtbfCycles, double commit,
              const std::vector<Measured> &all) {
  if (all.size() < 4)
    return;
  size_t least = 0;
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].inference < all[least].inference)
      least = i;
  const double law = bestCommitInterval(commit, mtbfCycles), best = bestInterval(all);
  std::printf("| %.0f | %.1f | %.0f | %.0f | %.0f | %.2f | %.1f %% |\n", mtbfCycles, commit, law,
              best, all[least].interval, best / law,
              100 * double(simulator.costs().cycles) / all[least].inference);
}

/// With failures ten times as far apart as commits: ten times the interval that a failure at any
/// time falls into, which is the mean weighted by length.
void printProgress(const Simulator &simulator, const CommitPolicy &policy) {
  const auto plan = simulator.planCommits(policy, {});
  if (plan->points.size() < 4)
    return;
  CommitIntervals intervals = commitIntervals(*plan);
  const double mtbf = 10 * intervals.work;
  Resilience sum;
  try {
    sum = runThrough(simulator, *plan, mtbf);
  } catch (const Error &) {
    // The longest interval never comes to its end, or the state never back.
    std::printf("| `%s` | %.0f | none | | | | |\n", policy.text().c_str(), intervals.work);
    return;
  }
  auto percent = [&](uint64_t part) { return 100 * double(part) / double(sum.poweredCycles()); };
  intervals.restore = double(sum.restoreCycles) / double(std::max<uint64_t>(sum.restores, 1));
  std::printf("| `%s` | %.0f | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% |\n",
              policy.text().c_str(), intervals.work, 100 * sum.forwardProgress(),
              100 * expectedProgress(intervals, mtbf), percent(sum.redoCycles),
              percent(sum.commitCycles), percent(sum.restoreCycles));
}

void printProgresses(const Simulator &simulator) {
  std::printf("\n| policy | interval | forward progress | of equal intervals | redone | commits | "
              "going back |\n|---|---|---|---|---|---|---|\n");
  for (const char *policy : {"pass", "segment", "pixel", "layer"})
    printProgress(simulator, CommitPolicy::parse(policy));
  for (uint64_t cycles = 250; cycles <= 128000; cycles *= 2)
    printProgress(simulator, {CommitPolicy::Kind::Cycles, cycles});
}

void printAuto(const Simulator &simulator, double mtbf) {
  const double seconds = mtbf * simulator.target().cycleNs() * 1e-9;
  const auto plan = simulator.planCommits({CommitPolicy::Kind::Auto},
                                          [&] { return Uptime{.meanSeconds = seconds}; });
  const double interval = commitIntervals(*plan).work;
  std::string progresses;
  for (const auto &one : {plan, simulator.planCommits({CommitPolicy::Kind::Layer}, {})}) {
    // Nobody waits for more.
    const bool comesToAnEnd =
        expectedCycles(*one, {mtbf, std::numeric_limits<double>::infinity()}) <
        100 * double(one->timing.cycles);
    char text[32] = " under 1 % |";
    if (comesToAnEnd)
      std::snprintf(text, sizeof text, " %.1f %% |",
                    100 * runThrough(simulator, *one, mtbf).forwardProgress());
    progresses += text;
  }
  std::printf("| %.0f | `%s` | %zu | %.0f | %.1f |%s\n", mtbf, plan->placement.text().c_str(),
              plan->points.size() - 1, interval, mtbf / interval, progresses.c_str());
}

void printAutos(const Simulator &simulator) {
  std::printf("\n| MTBF | `auto` takes | commits | interval | MTBF / interval | forward progress | "
              "with `layer` |\n|---|---|---|---|---|---|---|\n");
  for (double share = 64; share > 1e-3; share /= 2)
    if (const double mtbf = share * double(simulator.costs().cycles); mtbf > 1000)
      printAuto(simulator, mtbf);
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench-commit-intervals PROGRAM.pimb [KEY=VALUE ...]\n");
    return 2;
  }
  try {
    auto program = std::make_shared<const program::Program>(program::readFile(argv[1]));
    target::Target target = program->target();
    applySettings(target, {argv + 2, argv + argc}, target::SettingTime::Run);
    const Simulator simulator(program, target);
    std::printf("| MTBF | C | sqrt(2 C MTBF) | best, of the fit | best of those tried | fit / law "
                "| forward progress |\n|---|---|---|---|---|---|---|\n");
    double commit = 0; // from the shortest intervals
    for (double share : {0.05, 0.1, 0.25, 0.5, 1.0, 2.0}) {
      const double mtbfCycles = share * double(simulator.costs().cycles);
      const std::vector<Measured> all = measureAround(simulator, mtbfCycles);
      if (commit == 0)
        commit = fixedCost(all);
      printRow(simulator, mtbfCycles, commit, all);
    }
    printProgresses(simulator);
    printAutos(simulator);
  } catch (const Error &error) {
    std::fprintf(stderr, "bench-commit-intervals: error: %s\n", error.what());
    return 1;
  }
  return 0;
}
