//===- TimingRun.cpp - when an inference does what --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/TimingRun.h"

#include "pim/Runtime/Machine/Sequencer.h"
#include "pim/Runtime/Timing/Semaphores.h"
#include "pim/Support/Error.h"

#include <set>

using namespace pim;
using namespace pim::runtime;

namespace {

struct TimedCore {
  SequencerState sequencer;
  CoreTiming units;
  uint64_t now = 0;       ///< when the next instruction can issue
  bool isWaiting = false; ///< at a `wait` that it could not pass yet
  uint64_t image = 0;     ///< the inference under way
};

/// An inference of a stream.
struct ImageState {
  uint64_t completed = 0;       ///< when the last core so far was done with it
  size_t coresLeft = 0;         ///< that have not halted
  std::vector<uint32_t> parked; ///< cores that wait for its memory
};

class Run {
public:
  /// `images` inferences, each begun by a core as soon as it is done with the one before. Commits
  /// are for single inferences.
  Run(const LoadedProgram &program, const TimingTable &table, const TimingObserver &observer,
      CommitControl *commits, uint64_t images);
  Timing run();
  uint64_t completed(uint64_t image) const { return images[image].completed; }

private:
  void stepCore(uint32_t index);
  bool passWait(uint32_t index, const isa::Wait &wait);
  bool isTurnOf(const TimedCore &core) const {
    return agenda.empty() || core.now <= agenda.begin()->first;
  }
  void executeSignal(TimedCore &core, const isa::Signal &signal);
  void finishImage(uint32_t index);
  void beginImage(uint32_t index, uint64_t cycle);
  /// The semaphore that an instruction of `core` names: each image in flight has a set.
  size_t semaphoreOf(const TimedCore &core, uint32_t named) const {
    return core.image % inFlight * program.header().semaphores + named;
  }
  void issue(uint32_t index, const InstructionTiming &instruction, LayerTiming &layer);
  uint64_t atRest() const;
  void holdUntil(uint32_t index, uint64_t cycle);
  void commit(uint32_t index);
  void noteActivity(uint32_t index, const InstructionTiming &instruction,
                    const Execution &execution);
  LayerTiming &layerAt(uint32_t index, uint32_t position);
  [[noreturn]] void reportDeadlock() const;

  const LoadedProgram &program;
  const TimingTable &table;
  const TimingObserver &observer;
  CommitControl *commits;
  Mesh mesh;
  std::vector<TimedCore> cores;
  uint64_t inFlight;
  std::vector<ImageState> images;
  std::vector<SemaphoreTimeline> semaphores;
  std::vector<std::vector<uint32_t>> waiters;     ///< of each semaphore
  std::set<std::pair<uint64_t, uint32_t>> agenda; ///< cores by the time of their next instruction
  std::vector<Access> accesses;
  Timing result;
};

} // namespace

Run::Run(const LoadedProgram &program, const TimingTable &table, const TimingObserver &observer,
         CommitControl *commits, uint64_t imageCount)
    : program(program), table(table), observer(observer), commits(commits),
      inFlight(program.header().images_in_flight), images(imageCount),
      semaphores(program.header().semaphores * inFlight), waiters(semaphores.size()) {
  for (ImageState &image : images)
    image.coresLeft = program.cores.size();
  for (size_t i = 0; i < program.cores.size(); ++i) {
    cores.push_back(
        {{},
         CoreTiming(table.groups[i], program.cores[i].tables->arrays,
                    program.target.core.queueDepth, mesh, program.target.scratchpad.ports),
         0,
         false,
         0});
    agenda.insert({0, uint32_t(i)});
    result.executions.emplace_back(program.cores[i].code.size());
    result.activity.push_back(
        {{}, std::vector<ActiveSpan>(program::physicalArrays(*program.cores[i].tables))});
  }
  result.layers.resize(program.header().layers.size());
}

Timing Run::run() {
  while (!agenda.empty()) {
    const uint32_t index = agenda.begin()->second;
    agenda.erase(agenda.begin());
    stepCore(index);
  }
  for (const TimedCore &core : cores)
    if (!core.sequencer.isHalted)
      reportDeadlock();
  return std::move(result);
}

/// Runs a core until another one's turn comes, it has to wait, or it halts.
void Run::stepCore(uint32_t index) {
  TimedCore &core = cores[index];
  mesh.retire(core.now);
  const LoadedCore &loaded = program.cores[index];
  while (isTurnOf(core)) {
    const uint32_t position = core.sequencer.position;
    const isa::Instruction &instruction = loaded.code[position];
    if (commits && !core.isWaiting && commits->wantsCommit(index, core.sequencer, core.now))
      commit(index);
    if (const auto *wait = instruction.getIf<isa::Wait>())
      if (!passWait(index, *wait))
        return;
    LayerTiming &layer = layerAt(index, position);
    layer.begin = std::min(layer.begin, core.now);
    const InstructionTiming &timing = table.instructions[index][position];
    if (timing.unit == isa::Unit::Sequencer) {
      if (const auto *signal = instruction.getIf<isa::Signal>())
        executeSignal(core, *signal);
      isa::visit(instruction, [&](const auto &scalar) {
        if constexpr (ScalarInstruction<std::decay_t<decltype(scalar)>>)
          execute(core.sequencer, scalar);
      });
      if (commits)
        commits->issued(index, position, core.now, nullptr, {});
      if (observer)
        observer({index, position, core.now, nullptr});
    } else {
      issue(index, timing, layer);
    }
    ++core.now;
    layer.end = std::max(layer.end, core.now);
    ++layer.executed;
    ++result.executions[index][position];
    ++result.executed;
    core.sequencer.advance();
    if (core.sequencer.isHalted) {
      result.cycles = std::max({result.cycles, core.now, core.units.drained()});
      finishImage(index);
      return;
    }
  }
  agenda.insert({core.now, index});
}

/// A core has halted. The memory and the semaphores of an image are free again once all have.
void Run::finishImage(uint32_t index) {
  TimedCore &core = cores[index];
  ImageState &image = images[core.image];
  image.completed = std::max({image.completed, core.now, core.units.drained()});
  if (--image.coresLeft == 0) {
    const size_t first = core.image % inFlight * program.header().semaphores;
    std::fill_n(semaphores.begin() + std::ptrdiff_t(first), program.header().semaphores,
                SemaphoreTimeline());
    for (uint32_t parked : image.parked)
      beginImage(parked, image.completed);
  }
  const uint64_t next = core.image + 1;
  if (next == images.size())
    return;
  if (next >= inFlight && images[next - inFlight].coresLeft != 0)
    images[next - inFlight].parked.push_back(index);
  else
    beginImage(index, next >= inFlight ? images[next - inFlight].completed : 0);
}

void Run::beginImage(uint32_t index, uint64_t cycle) {
  TimedCore &core = cores[index];
  ++core.image;
  core.sequencer = {};
  core.now = std::max(core.now, cycle);
  agenda.insert({core.now, index});
}

/// Moves the core to the cycle when the semaphore lets it go on. Returns false, with the core on
/// the agenda for the cycle that is known so far, if it cannot go on now: until then another core
/// may raise the semaphore earlier.
bool Run::passWait(uint32_t index, const isa::Wait &wait) {
  TimedCore &core = cores[index];
  const int64_t threshold = int64_t(core.sequencer[wait.rs]) + wait.imm;
  const size_t semaphore = semaphoreOf(core, wait.semaphore);
  const std::optional<uint64_t> release = semaphores[semaphore].reaches(threshold, core.now);
  if (release && (agenda.empty() || *release <= agenda.begin()->first)) {
    core.now = *release;
    if (core.isWaiting)
      std::erase(waiters[semaphore], index);
    core.isWaiting = false;
    return true;
  }
  if (!core.isWaiting)
    waiters[semaphore].push_back(index);
  core.isWaiting = true;
  if (release)
    agenda.insert({*release, index});
  return false;
}

void Run::executeSignal(TimedCore &core, const isa::Signal &signal) {
  const size_t named = semaphoreOf(core, signal.semaphore);
  SemaphoreTimeline &semaphore = semaphores[named];
  semaphore.signal(std::max(core.now + 1, core.units.drained()), signal.amount);
  for (uint32_t index : waiters[named]) {
    const SequencerState &other = cores[index].sequencer;
    const auto &wait = program.cores[index].code[other.position].as<isa::Wait>();
    const int64_t threshold = int64_t(other[wait.rs]) + wait.imm;
    std::erase_if(agenda, [index](const auto &entry) { return entry.second == index; });
    if (const auto release = semaphore.reaches(threshold, cores[index].now))
      agenda.insert({*release, index});
  }
}

void Run::issue(uint32_t index, const InstructionTiming &instruction, LayerTiming &layer) {
  TimedCore &core = cores[index];
  const uint32_t position = core.sequencer.position;
  resolveAccesses(index, core.sequencer, instruction, accesses, uint32_t(core.image % inFlight));
  if (commits && commits->needsCommit(index, position, accesses))
    commit(index);
  const bool hasCommitsInside = commits && commits->commitsInside(index, position) != 0;
  if (hasCommitsInside)
    holdUntil(index, atRest());
  core.now = core.units.probe(instruction, core.now).earliest;
  const uint64_t issued = core.now;
  Execution execution = *core.units.issue(instruction, accesses, issued);
  if (commits)
    commits->issued(index, position, issued, &execution, accesses);
  if (hasCommitsInside) {
    execution.end += commits->commitInside(index, position, execution);
    holdUntil(index, execution.end - 1); // the sequencer goes on a cycle later
  }
  layer.end = std::max(layer.end, execution.end);
  layer.busy[size_t(instruction.unit)] += instruction.occupancy;
  noteActivity(index, instruction, execution);
  if (instruction.unit == isa::Unit::HostCpu)
    core.now = execution.end - 1; // the sequencer stands still
  if (observer)
    observer({index, position, issued, &execution});
}

/// The cycle when everything that has been issued is complete.
uint64_t Run::atRest() const {
  uint64_t rest = 0;
  for (const TimedCore &core : cores)
    rest = std::max(
        {rest, core.units.drained(), core.isWaiting || core.sequencer.isHalted ? 0 : core.now});
  return rest;
}

/// No core issues before `cycle`. The core at `index`, which is under way, is not on the agenda.
void Run::holdUntil(uint32_t index, uint64_t cycle) {
  for (TimedCore &core : cores)
    if (!core.sequencer.isHalted)
      core.now = std::max(core.now, cycle);
  std::set<std::pair<uint64_t, uint32_t>> later;
  for (const auto &[time, core] : agenda)
    if (core != index)
      later.insert({std::max(time, cycle), core});
  agenda = std::move(later);
}

void Run::commit(uint32_t index) {
  const uint64_t rest = atRest();
  holdUntil(index, rest + commits->commit(rest));
}

void Run::noteActivity(uint32_t index, const InstructionTiming &instruction,
                       const Execution &execution) {
  CoreActivity &activity = result.activity[index];
  activity.core.add(execution.start, execution.end);
  if (instruction.unit != isa::Unit::Array)
    return;
  if (instruction.takesAllArrays)
    for (ActiveSpan &array : activity.arrays)
      array.add(execution.start, execution.end);
  else
    for (const ArrayUse &use : table.groups[index][instruction.group])
      activity.arrays[program::physicalArray(*program.cores[index].tables, use.ordinal)].add(
          execution.start, execution.end);
}

void runtime::resolveAccesses(uint32_t core, const SequencerState &state,
                              const InstructionTiming &instruction, std::vector<Access> &accesses,
                              uint32_t slot) {
  accesses.clear();
  for (const AccessPattern &pattern : instruction.accesses) {
    const int32_t offset = state[pattern.offsetRegister];
    if (pattern.box) {
      const Box &box = *pattern.box;
      const int64_t first = box.base + offset;
      accesses.push_back({box.space == fb::Space::Global ? -1 - int32_t(slot) : int32_t(box.core),
                          pattern.isWrite,
                          {first + box.low, first + box.high},
                          &box});
      continue;
    }
    for (const ByteRange &range : bytesRead(*pattern.window, offset))
      if (!range.isEmpty())
        accesses.push_back({int32_t(core), pattern.isWrite, range});
  }
}

LayerTiming &Run::layerAt(uint32_t index, uint32_t position) {
  const int32_t layer = program.cores[index].layerOf[position];
  return layer < 0 ? result.other : result.layers[size_t(layer)];
}

void Run::reportDeadlock() const {
  for (size_t i = 0; i < cores.size(); ++i) {
    if (cores[i].sequencer.isHalted)
      continue;
    const uint32_t position = cores[i].sequencer.position;
    const auto &wait = program.cores[i].code[position].as<isa::Wait>();
    fail("deadlock: ", program.describe(i, position), " waits for semaphore ", wait.semaphore,
         " to reach ", int64_t(cores[i].sequencer[wait.rs]) + wait.imm,
         ", which no core makes it do");
  }
  fail("deadlock");
}

Timing runtime::runTiming(const LoadedProgram &program, const TimingTable &table,
                          const TimingObserver &observer, CommitControl *commits) {
  return Run(program, table, observer, commits, 1).run();
}

uint64_t runtime::steadyInterval(const LoadedProgram &program, const TimingTable &table,
                                 const Timing &alone) {
  const uint64_t inFlight = program.header().images_in_flight;
  // A commit is of the whole chip, which cannot stop in the middle of several images.
  if (inFlight == 1 || program.hasCommits())
    return alone.cycles;
  // Filling the machine takes as many images as it holds; after those, a few show the interval.
  constexpr uint64_t measured = 4;
  const TimingObserver nobody; // outlives the run, which borrows it
  Run stream(program, table, nobody, nullptr, inFlight + measured);
  stream.run();
  return (stream.completed(inFlight + measured - 1) - stream.completed(inFlight - 1) + measured -
          1) /
         measured;
}
