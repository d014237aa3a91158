//===- CommitPlacement.cpp - where commits are worth their time ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommitPlacement.h"

#include "pim/Runtime/Power/ForwardProgress.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::runtime;

uint64_t runtime::controlBits(const LoadedProgram &program) {
  return sequencerBits * program.cores.size() + uint64_t(program.header().semaphores) * 32;
}

uint64_t runtime::bitsPerCycle(const LoadedProgram &program) {
  return uint64_t(program.target.power.bitsPerCycle) * program.cores.size();
}

uint64_t runtime::commitCycles(const target::Target &target, uint64_t bits, uint64_t bitsPerCycle) {
  return target.cyclesFor(target.power.commitLatencyNs) + (bits + bitsPerCycle - 1) / bitsPerCycle;
}

//===----------------------------------------------------------------------===//
// What commits write
//===----------------------------------------------------------------------===//

/// Adds the bytes of one memory to bytes[from] for a commit at the last of `parts`: what has been
/// executed at each point up to it.
static void addChanged(std::span<const WrittenBytes> writes, std::span<const ExecutedPart> parts,
                       std::vector<uint64_t> &bytes) {
  const ExecutedPart now = parts.back();
  ByteSet changed;
  size_t end = size_t(
      std::partition_point(writes.begin(), writes.end(),
                           [&](const WrittenBytes &one) { return one.written < now.begun; }) -
      writes.begin());
  for (size_t from = parts.size() - 1; from-- > 0;) {
    for (; end != 0 && writes[end - 1].written >= parts[from].all; --end)
      if (writes[end - 1].lastRead >= now.all)
        changed.insert(writes[end - 1].bytes);
    bytes[from] += changed.size();
  }
}

SavedBits::SavedBits(const LoadedProgram &program, const ProgramLiveness &liveness,
                     const CommitPlan &plan, const std::vector<size_t> &points) {
  const size_t coreCount = program.cores.size();
  std::vector<std::vector<ExecutedPart>> ofCores(coreCount);
  std::vector<ExecutedPart> ofGlobal;
  std::vector<uint64_t> executed(coreCount);
  uint64_t shared = 0;
  for (const ByteSet &bytes : liveness.shared)
    shared += bytes.size();
  size_t event = 0;
  for (size_t point : points) {
    for (; event < plan.points[point].event; ++event)
      ++executed[plan.events[event].core];
    for (size_t core = 0; core < coreCount; ++core)
      ofCores[core].push_back({executed[core], executed[core]});
    ofGlobal.push_back(liveness.globalPart(executed));
    std::vector<uint64_t> bytes(ofGlobal.size() - 1);
    if (program.target.power.durable != target::Durability::All) {
      for (size_t core = 0; core < coreCount; ++core)
        addChanged(liveness.cores[core].writes(), ofCores[core], bytes);
      for (uint64_t &count : bytes)
        count += shared;
    }
    addChanged(liveness.global.writes(), ofGlobal, bytes);
    for (uint64_t &count : bytes)
      count = controlBits(program) + count * 8;
    bits.push_back(std::move(bytes));
  }
}

//===----------------------------------------------------------------------===//
// Which places to take
//===----------------------------------------------------------------------===//

std::vector<size_t> runtime::shortestPath(size_t last,
                                          const std::function<double(size_t, size_t)> &cost) {
  std::vector<double> costs(last + 1);
  std::vector<size_t> before(last + 1);
  for (size_t to = 1; to <= last; ++to) {
    costs[to] = std::numeric_limits<double>::infinity();
    before[to] = to - 1;
    for (size_t from = to; from-- > 0;)
      if (const double sum = costs[from] + cost(from, to); sum < costs[to]) {
        costs[to] = sum;
        before[to] = from;
      }
  }
  std::vector<size_t> path;
  for (size_t at = before[last]; at != 0; at = before[at])
    path.push_back(at);
  std::reverse(path.begin(), path.end());
  return path;
}

namespace {

class Placer {
public:
  Placer(const LoadedProgram &program, const TimingTable &table, const ProgramLiveness &liveness,
         const Uptime &uptime)
      : program(program), table(table),
        liveness(liveness), uptime{uptime.meanSeconds / cycleSeconds(),
                                   uptime.longestSeconds / cycleSeconds()} {}

  struct Best {
    CommitPlan plan;
    double cycles = 0; ///< that it is expected to take
  };
  Best atLayers() const;
  void tryCycles(Best &best) const;

private:
  struct Tried {
    double commit;
    bool comesToAnEnd;
  };
  Tried tryCycles(double cycles, Best &best) const;
  /// The least that a commit takes.
  double fixedCommit() const {
    return double(commitCycles(program.target, controlBits(program), bitsPerCycle(program)));
  }
  double cycleSeconds() const { return program.target.cycleNs() * 1e-9; }
  CommitPlan planWith(const Placement &placement) const {
    return runtime::planWith(program, table, liveness, placement);
  }

  const LoadedProgram &program;
  const TimingTable &table;
  const ProgramLiveness &liveness;
  const UptimeCycles uptime;
};

} // namespace

/// Commits at the ends of those layers where they are worth it.
Placer::Best Placer::atLayers() const {
  const CommitPlan all = planWith({{CommitPolicy::Kind::Layer}, {}, true});
  std::vector<size_t> points{0};
  for (size_t i = 1; i < all.points.size(); ++i)
    if (all.points[i].layer >= 0)
      points.push_back(i);
  const SavedBits saved(program, liveness, all, points);
  const size_t last = points.size();
  points.push_back(all.points.size());
  std::vector<double> workBefore{0};
  for (size_t i = 0; i < all.points.size(); ++i)
    workBefore.push_back(workBefore.back() + double(all.workAfter(i)));
  auto cost = [&](size_t from, size_t to) {
    const double commit =
        to == last
            ? 0.0
            : double(commitCycles(program.target, saved.between(from, to), all.bitsPerCycle));
    return expectedCycles({workBefore[points[to]] - workBefore[points[from]], commit,
                           double(all.restoreTo(points[from]))},
                          uptime);
  };
  Placement placement{{CommitPolicy::Kind::Layer}, {}, true};
  placement.atLayers.resize(program.header().layers.size());
  for (size_t place : shortestPath(last, cost))
    placement.atLayers[size_t(all.points[points[place]].layer)] = 1;
  CommitPlan plan = planWith(placement);
  const double expected = expectedCycles(plan, uptime);
  return {std::move(plan), expected};
}

/// The plan of commits every so many cycles replaces the best one if it is expected to end sooner.
/// Returns what one of its commits takes, and whether it ever comes to its end.
Placer::Tried Placer::tryCycles(double cycles, Best &best) const {
  CommitPlan plan =
      planWith({{CommitPolicy::Kind::Cycles, std::max<uint64_t>(uint64_t(cycles), 1)}, {}, true});
  const double expected = expectedCycles(plan, uptime);
  const size_t commits = plan.points.size() - 1;
  double commit = commits == 0 ? fixedCommit() : 0;
  for (size_t i = 0; i < commits; ++i)
    commit += double(plan.commitAfter(i)) / double(commits);
  if (expected < best.cycles)
    best = {std::move(plan), expected};
  return {commit, std::isfinite(expected)};
}

/// Commits every N cycles, N by Young's law. What a commit writes depends on N, so N is found in a
/// few turns, and halved as long as the supply never lasts for one of the intervals. The law takes
/// all commits for equal; where those at some places write much more, a longer N may be better.
void Placer::tryCycles(Best &best) const {
  constexpr int turnsOfLaw = 3, mostTurns = 16;
  // A supply that asks for more commits leads nowhere.
  constexpr double mostCommits = 1 << 20;
  auto lawOf = [&](double commit) {
    const double law = std::min(bestCommitInterval(commit, uptime.mean), uptime.longest / 2);
    return std::max({law, commit, double(best.plan.timing.cycles) / mostCommits});
  };
  double cycles = lawOf(fixedCommit());
  for (int turn = 0; turn < mostTurns; ++turn) {
    if (cycles >= double(best.plan.timing.cycles))
      return;
    const auto [commit, comesToAnEnd] = tryCycles(cycles, best);
    if ((comesToAnEnd && turn + 1 >= turnsOfLaw) || (!comesToAnEnd && cycles <= commit))
      break;
    cycles = comesToAnEnd ? lawOf(commit) : cycles / 2;
  }
  for (double factor : {0.5, 2.0, 4.0, 8.0})
    if (factor * cycles < double(best.plan.timing.cycles))
      tryCycles(factor * cycles, best);
}

CommitPlan runtime::planSoonest(const LoadedProgram &program, const TimingTable &table,
                                const ProgramLiveness &liveness, const Uptime &uptime) {
  const Placer placer(program, table, liveness, uptime);
  Placer::Best best = placer.atLayers();
  placer.tryCycles(best);
  best.plan.policy = {CommitPolicy::Kind::Auto};
  return std::move(best.plan);
}
