//===- CommitPlan.cpp - the commits of an inference ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/CommitPlan.h"

#include "CommitPlacement.h"

#include "pim/Runtime/Machine/LayerTracker.h"
#include "pim/Runtime/Power/ReplayCheck.h"
#include "pim/Support/Error.h"

using namespace pim;
using namespace pim::runtime;

/// More than anybody would wait for; such a plan would not fit a memory either.
static constexpr size_t maxPoints = size_t(1) << 25;

namespace {

/// Keeps the plan while the timing run goes through the program.
class Planner : public CommitControl {
public:
  /// All must outlive the planner.
  Planner(const LoadedProgram &program, const TimingTable &table, const ProgramLiveness &liveness,
          const Placement &placement, CommitPlan &plan);

  bool wantsCommit(uint32_t core, const SequencerState &state, uint64_t now) override;
  bool needsCommit(uint32_t core, uint32_t position, std::span<const Access> accesses) override;
  uint64_t commit(uint64_t cycle) override;
  uint32_t commitsInside(uint32_t core, uint32_t position) override;
  uint64_t commitInside(uint32_t core, uint32_t position, const Execution &execution) override;
  void issued(uint32_t core, uint32_t position, uint64_t cycle, const Execution *execution,
              std::span<const Access> accesses) override;

private:
  const isa::Instruction &instruction(uint32_t core, uint32_t position) const {
    return program.cores[core].code[position];
  }
  /// Adds what changed since the last commit to the plan, counts bits.
  void saveState(CommitPoint &point);
  CommitPoint &addPoint();

  const LoadedProgram &program;
  const TimingTable &table;
  const target::Target &target;
  const ProgramLiveness &liveness;
  const Placement &placement;
  const CommitPolicy &policy;
  CommitPlan &plan;
  LayerTracker layers;
  ReplayCheck replay;
  std::vector<LiveBytes> live; ///< of scratchpads
  LiveBytes globalLive;
  std::vector<uint64_t> executed; ///< instructions of each core
  uint64_t lastEnd = 0;
  bool isForced = false;
  int64_t layerOver = -1; ///< where a commit is asked for
};

} // namespace

Planner::Planner(const LoadedProgram &program, const TimingTable &table,
                 const ProgramLiveness &liveness, const Placement &placement, CommitPlan &plan)
    : program(program), table(table), target(program.target), liveness(liveness),
      placement(placement), policy(placement.policy), plan(plan), layers(program), replay(program),
      globalLive(liveness.global.writes()), executed(program.cores.size()) {
  for (const Liveness &core : liveness.cores)
    live.emplace_back(core.writes());
  plan.bitsPerCycle = bitsPerCycle(program);
  plan.restoreCycles = target.cyclesFor(target.power.restoreLatencyNs);
  plan.points.push_back({});
}

bool Planner::wantsCommit(uint32_t core, const SequencerState &state, uint64_t now) {
  isForced = false;
  layerOver = layers.enter(core, state.position, state.isHalted);
  const bool isLayerOver = layerOver >= 0;
  const isa::Instruction &next = instruction(core, state.position);
  switch (policy.kind) {
  case CommitPolicy::Kind::Pass:
  case CommitPolicy::Kind::Segment:
  case CommitPolicy::Kind::Pixel:
    return isLayerOver || next.getIf<isa::Mvm>() != nullptr;
  case CommitPolicy::Kind::Layer:
    return isLayerOver && placement.commitsAfter(size_t(layerOver));
  case CommitPolicy::Kind::Cycles:
    return now >= lastEnd + policy.cycles || commitsInside(core, state.position) != 0;
  case CommitPolicy::Kind::Program:
    return next.getIf<isa::Commit>() != nullptr;
  case CommitPolicy::Kind::Auto: // has been placed
    break;
  }
  __builtin_unreachable();
}

bool Planner::needsCommit(uint32_t core, uint32_t position, std::span<const Access> accesses) {
  const std::vector<DurableAccess> durable = replay.durableAccesses(core, position, accesses);
  if (!replay.breaks(durable))
    return false;
  const std::string where = program.describe(core, position);
  if (replay.breaksAlone(durable))
    fail(where, ": overwrites what it reads itself in a memory that keeps its contents, so a cut "
                "of the supply in the middle could not be made good; change power.durable or "
                "compile the program so that results have a place of their own");
  if (!placement.mayForce)
    fail(where, ": overwrites what has been read since the last commit of policy '", policy.text(),
         "', so the program could not be resumed after a cut of the supply; use policy auto or "
         "cycles:N, which commit before it");
  isForced = true;
  layerOver = -1;
  return true;
}

void Planner::saveState(CommitPoint &point) {
  point.savedBegin = uint32_t(plan.saved.size());
  uint64_t changedBytes = 0, liveByteCount = 0;
  auto save = [&](int32_t memory, const ByteSet &changed) {
    for (auto [begin, end] : changed)
      plan.saved.push_back({memory, {begin, end}});
    changedBytes += changed.size();
  };
  if (target.power.durable != target::Durability::All)
    for (uint32_t core = 0; core < executed.size(); ++core) {
      ByteSet needed, changed;
      live[core].advance({executed[core], executed[core]}, needed, changed);
      for (auto [begin, end] : liveness.shared[core]) {
        needed.insert({begin, end});
        changed.insert({begin, end});
      }
      save(int32_t(core), changed);
      liveByteCount += needed.size();
    }
  if (target.power.durable == target::Durability::Arrays) {
    ByteSet needed, changed;
    globalLive.advance(liveness.globalPart(executed), needed, changed);
    save(-1, changed);
    liveByteCount += needed.size();
  }
  point.savedEnd = uint32_t(plan.saved.size());
  const uint64_t fixed = controlBits(program);
  point.savedBits = fixed + changedBytes * 8;
  point.liveBits = fixed + liveByteCount * 8;
}

CommitPoint &Planner::addPoint() {
  if (plan.points.size() >= maxPoints)
    fail("commit policy '", policy.text(), "' commits more than ", maxPoints,
         " times in an inference; choose a coarser one");
  return plan.points.emplace_back();
}

uint64_t Planner::commit(uint64_t cycle) {
  CommitPoint &point = addPoint();
  point.event = uint32_t(plan.events.size());
  saveState(point);
  point.begin = cycle;
  point.end = cycle + commitCycles(target, point.savedBits, plan.bitsPerCycle);
  point.isForced = isForced;
  point.layer = int32_t(layerOver);
  lastEnd = point.end;
  replay.commit();
  return point.end - point.begin;
}

/// Commits of one output position.
static uint64_t partsPerPosition(CommitPolicy::Kind kind, const target::Target &target,
                                 const fb::ArrayGroupT &group, std::span<const ArrayUse> uses) {
  const bool isXbar = target.array.kind == target::ArrayKind::Xbar;
  uint64_t sets = 1;
  for (const ArrayUse &use : uses)
    sets = std::max<uint64_t>(sets, use.rowSets);
  if (kind == CommitPolicy::Kind::Pixel)
    return 1;
  if (kind == CommitPolicy::Kind::Segment)
    return sets;
  return isXbar ? sets * ((group.input_bits + target.dac.bits - 1) / target.dac.bits)
                : uint64_t(group.input_bits) * group.slices.size();
}

uint32_t Planner::commitsInside(uint32_t core, uint32_t position) {
  const auto *mvm = instruction(core, position).getIf<isa::Mvm>();
  const bool isTimed = policy.kind == CommitPolicy::Kind::Cycles;
  if (!mvm || !(isTimed || policy.isInsideMvm()))
    return 0;
  const fb::CoreT &tables = *program.cores[core].tables;
  const fb::WindowDescriptorT &window = *tables.windows[mvm->window];
  const uint64_t positions = uint64_t(window.out_rows) * window.out_cols;
  const CommitPolicy::Kind finest = isTimed ? CommitPolicy::Kind::Pass : policy.kind;
  uint64_t all = positions * partsPerPosition(finest, target, *tables.groups[mvm->group],
                                              table.groups[core][mvm->group]);
  if (isTimed) {
    const uint64_t occupancy = table.instructions[core][position].occupancy;
    all = std::min(all, (occupancy - 1) / policy.cycles + 1);
    if (all < 2)
      return 0;
  }
  if (all > maxPoints)
    fail("commit policy '", policy.text(), "' commits ", all, " times in one instruction; ",
         "choose a coarser one");
  return uint32_t(all);
}

uint64_t Planner::commitInside(uint32_t core, uint32_t position, const Execution &execution) {
  const uint32_t parts = commitsInside(core, position);
  const auto &mvm = instruction(core, position).as<isa::Mvm>();
  const fb::CoreT &tables = *program.cores[core].tables;
  const fb::WindowDescriptorT &window = *tables.windows[mvm.window];
  const uint64_t positions = uint64_t(window.out_rows) * window.out_cols;
  // Accumulators, or the results of the positions since: of this core alone.
  const uint64_t bits = sequencerBits + std::max<uint64_t>((positions + parts - 1) / parts, 1) *
                                            tables.groups[mvm.group]->matrix_cols * 32;
  const uint64_t writing = commitCycles(target, bits, uint64_t(target.power.bitsPerCycle));
  const uint64_t work = execution.end - execution.start;
  const uint64_t restored = plan.points.back().liveBits;
  for (uint32_t part = 1; part <= parts; ++part) {
    CommitPoint &point = addPoint();
    point.event = uint32_t(plan.events.size() - 1);
    point.part = part;
    point.parts = parts;
    point.begin = execution.start + work * part / parts + writing * (part - 1);
    point.end = point.begin + writing;
    point.savedBits = bits;
    point.liveBits = restored + bits * part;
    point.savedBegin = point.savedEnd = uint32_t(plan.saved.size());
  }
  lastEnd = plan.points.back().end;
  plan.events.back().end = lastEnd;
  replay.commit();
  return writing * parts;
}

void Planner::issued(uint32_t core, uint32_t position, uint64_t cycle, const Execution *execution,
                     std::span<const Access> accesses) {
  ++executed[core];
  plan.events.push_back({core, cycle, execution ? execution->end : cycle + 1});
  replay.add(replay.durableAccesses(core, position, accesses));
}

uint64_t CommitPlan::workAfter(size_t i) const {
  const uint64_t end = i + 1 < points.size() ? points[i + 1].begin : timing.cycles;
  return end - points[i].end;
}

uint64_t CommitPlan::commitAfter(size_t i) const {
  return i + 1 < points.size() ? points[i + 1].end - points[i + 1].begin : 0;
}

uint64_t CommitPlan::restoreTo(size_t i) const {
  return restoreCycles + (points[i].liveBits + bitsPerCycle - 1) / bitsPerCycle;
}

CommitPlan runtime::planWith(const LoadedProgram &program, const TimingTable &table,
                             const ProgramLiveness &liveness, const Placement &placement) {
  CommitPlan plan;
  plan.policy = plan.placement = placement.policy;
  Planner planner(program, table, liveness, placement, plan);
  plan.timing = runTiming(program, table, {}, &planner);
  return plan;
}

CommitPlan runtime::planCommits(const LoadedProgram &program, const TimingTable &table,
                                const CommitPolicy &policy, const std::function<Uptime()> &uptime) {
  // What a cut leaves in the arrays would have to be written again.
  for (size_t core = 0; core < program.cores.size(); ++core)
    if (!program.cores[core].tables->rounds.empty())
      fail("core ", core,
           " programs its arrays in rounds, which commits do not cover: compile for "
           "a chip that holds the whole model");
  const ProgramLiveness liveness = computeLiveness(program, table);
  if (policy.kind == CommitPolicy::Kind::Auto)
    return planSoonest(program, table, liveness, uptime ? uptime() : Uptime{});
  return planWith(program, table, liveness,
                  {policy, {}, policy.kind == CommitPolicy::Kind::Cycles});
}
