//===- IntermittentRun.cpp - an inference whose supply fails -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/IntermittentRun.h"

#include "pim/Runtime/Functional/Executor.h"
#include "pim/Runtime/Functional/Semantics.h"
#include "pim/Support/Error.h"

#include <cstring>
#include <random>
#include <utility>

using namespace pim;
using namespace pim::runtime;

namespace {

/// One of the two places of durable state; one of them is valid.
struct Place {
  uint32_t event = 0, part = 0, parts = 1;
  std::vector<SequencerState> sequencers;
  std::vector<int64_t> semaphores;
  std::vector<std::vector<uint8_t>> scratchpads;
  std::vector<uint8_t> globalMemory; ///< empty where it keeps its contents
};

class Run {
public:
  Run(MachineState &machine, const CommitPlan &plan, uint64_t seed);
  void run(std::span<const Cut> cuts);

private:
  // Going forward.
  void goTo(uint32_t target);
  void executeBefore(uint32_t event);
  void executeEvent();
  void commitInside(const CommitPoint &target);
  void commit(const std::vector<SavedBytes> &bytes);
  std::vector<SavedBytes> bytesOf(const CommitPoint &at) const {
    return {plan.saved.begin() + at.savedBegin, plan.saved.begin() + at.savedEnd};
  }
  CoreState &coreOf(uint32_t index) { return machine.cores[plan.events[index].core]; }
  const isa::Instruction &nextOf(const CoreState &core) const {
    return core.loaded->code[core.sequencer.position];
  }

  // A cut.
  void failAfter(uint64_t cycles);
  void tear(CoreState &core, const isa::Instruction &instruction, const SequencerState &state);
  void tearBox(uint8_t *first, const Box &box);
  void loseSupply();
  void restore();
  void fillWithNoise(void *bytes, size_t count);

  uint8_t *memory(int32_t number) {
    return number < 0 ? machine.globalMemory.data()
                      : machine.cores[size_t(number)].scratchpad.data();
  }
  static uint8_t *memory(Place &place, int32_t number) {
    return number < 0 ? place.globalMemory.data() : place.scratchpads[size_t(number)].data();
  }

  MachineState &machine;
  const CommitPlan &plan;
  const bool keepsScratchpads, keepsGlobalMemory;
  std::mt19937_64 random;
  Place places[2];
  uint32_t valid = 0;
  std::vector<SavedBytes> lastSaved; ///< by the commit before, which the other place lacks
  uint32_t point = 0;                ///< of the plan, committed
  uint32_t event = 0;                ///< the next one
  uint32_t part = 0, parts = 1;      ///< of it, done
};

} // namespace

static target::Durability durabilityOf(const MachineState &machine) {
  return machine.executable.program.target.power.durable;
}

Run::Run(MachineState &machine, const CommitPlan &plan, uint64_t seed)
    : machine(machine), plan(plan),
      keepsScratchpads(durabilityOf(machine) == target::Durability::All),
      keepsGlobalMemory(durabilityOf(machine) != target::Durability::Arrays), random(seed) {
  for (Place &place : places) {
    place.sequencers.resize(machine.cores.size());
    place.semaphores = machine.semaphores;
    if (!keepsScratchpads)
      for (const CoreState &core : machine.cores) {
        std::vector<uint8_t> &bytes = place.scratchpads.emplace_back(core.scratchpad.size());
        fillWithNoise(bytes.data(), bytes.size());
      }
    if (!keepsGlobalMemory)
      place.globalMemory.assign(machine.globalMemory.data(),
                                machine.globalMemory.data() + machine.globalMemory.size());
  }
}

void Run::fillWithNoise(void *bytes, size_t count) {
  auto *at = static_cast<uint8_t *>(bytes);
  uint64_t word = random() | 1;
  for (; count >= 8; count -= 8, at += 8) {
    word ^= word << 13, word ^= word >> 7, word ^= word << 17; // Marsaglia's xorshift
    std::memcpy(at, &word, 8);
  }
  std::memcpy(at, &word, count);
}

void Run::run(std::span<const Cut> cuts) {
  for (const Cut &cut : cuts) {
    goTo(cut.point);
    failAfter(cut.cycles);
    loseSupply();
    restore();
  }
  executeBefore(uint32_t(plan.events.size()));
}

//===----------------------------------------------------------------------===//
// Going forward
//===----------------------------------------------------------------------===//

/// Runs up to a point and commits on the way. Of commits inside one instruction only the last is
/// made: it holds what the others would.
void Run::goTo(uint32_t target) {
  while (point < target) {
    uint32_t next = point + 1;
    while (next < target && plan.points[next].part != 0 &&
           plan.points[next + 1].part > plan.points[next].part)
      ++next;
    const CommitPoint &at = plan.points[next];
    executeBefore(at.event);
    if (at.part == 0)
      commit(bytesOf(at));
    else
      commitInside(at);
    point = next;
  }
}

void Run::executeBefore(uint32_t end) {
  while (event < end)
    executeEvent();
}

/// Executes what is left of the next event. Parts that are done stay as they are, which matters
/// where an `mvm` adds to what is there.
void Run::executeEvent() {
  CoreState &core = coreOf(event);
  const isa::Instruction &instruction = nextOf(core);
  if (const auto *wait = instruction.getIf<isa::Wait>(); wait && !isReady(core, *wait))
    fail(machine.executable.program.describe(core.number, core.sequencer.position),
         ": waits where the plan of commits does not");
  if (part == 0) {
    executeNext(core);
  } else {
    const auto &mvm = instruction.as<isa::Mvm>();
    const Box &box = core.loaded->boxes[mvm.dst];
    uint8_t *first = resolve(core, box, core.sequencer[mvm.rd]);
    std::vector<uint8_t> before(box.bytes()), after(box.bytes());
    copyBox(box, first, before.data(), true);
    executeNext(core);
    copyBox(box, first, after.data(), true);
    const uint64_t positions = uint64_t(box.sizes[1]) * box.sizes[2];
    const uint64_t done = positions * part / parts;
    std::memcpy(after.data(), before.data(), done * (before.size() / positions));
    copyBox(box, first, after.data(), false);
  }
  ++event;
  part = 0;
  parts = 1;
}

/// Commits in the middle of the next event: positions that are done have their new values, the
/// others those from before.
void Run::commitInside(const CommitPoint &target) {
  CoreState &core = coreOf(event);
  const SequencerState state = core.sequencer;
  const auto &mvm = nextOf(core).as<isa::Mvm>();
  const Box &box = core.loaded->boxes[mvm.dst];
  const int32_t offset = state[mvm.rd];
  uint8_t *first = resolve(core, box, offset);
  std::vector<uint8_t> before(box.bytes()), merged(box.bytes());
  copyBox(box, first, before.data(), true);
  executeEvent();
  if (target.part != target.parts) {
    copyBox(box, first, merged.data(), true);
    const uint64_t positions = uint64_t(box.sizes[1]) * box.sizes[2];
    const uint64_t done = positions * target.part / target.parts * (before.size() / positions);
    std::memcpy(merged.data() + done, before.data() + done, before.size() - done);
    copyBox(box, first, merged.data(), false);
    core.sequencer = state;
    --event;
    part = target.part;
    parts = target.parts;
  }
  std::vector<SavedBytes> bytes;
  if (!keepsScratchpads)
    bytes.push_back(
        {int32_t(core.number), {box.base + offset + box.low, box.base + offset + box.high}});
  commit(bytes);
}

/// Writes the state into the place that is not valid and makes it the valid one.
void Run::commit(const std::vector<SavedBytes> &bytes) {
  Place &place = places[1 - valid];
  place.event = event;
  place.part = part;
  place.parts = parts;
  place.semaphores = machine.semaphores;
  for (size_t i = 0; i < machine.cores.size(); ++i)
    place.sequencers[i] = machine.cores[i].sequencer;
  for (const std::vector<SavedBytes> *list : {&std::as_const(lastSaved), &bytes})
    for (const SavedBytes &saved : *list)
      std::memcpy(memory(place, saved.memory) + saved.bytes.begin,
                  memory(saved.memory) + saved.bytes.begin,
                  size_t(saved.bytes.end - saved.bytes.begin));
  lastSaved = bytes;
  valid = 1 - valid;
}

//===----------------------------------------------------------------------===//
// A cut
//===----------------------------------------------------------------------===//

/// Executes what the chip begins within `cycles` of the point that it is at.
void Run::failAfter(uint64_t cycles) {
  const uint64_t limit = plan.points[point].end + cycles;
  const bool isLast = point + 1 == plan.points.size();
  const uint32_t end = isLast ? uint32_t(plan.events.size()) : plan.points[point + 1].event;
  struct Torn {
    CoreState *core;
    isa::Instruction instruction;
    SequencerState state;
  };
  std::vector<Torn> torn;
  while (event < end && plan.events[event].issue < limit) {
    CoreState &core = coreOf(event);
    if (plan.events[event].end > limit)
      torn.push_back({&core, nextOf(core), core.sequencer});
    executeEvent();
  }
  for (const Torn &one : torn)
    tear(*one.core, one.instruction, one.state);
  if (isLast || limit <= plan.points[point + 1].begin)
    return;
  // The commit had begun.
  Place &place = places[1 - valid];
  for (const SavedBytes &saved : bytesOf(plan.points[point + 1]))
    fillWithNoise(memory(place, saved.memory) + saved.bytes.begin,
                  size_t(saved.bytes.end - saved.bytes.begin));
  fillWithNoise(place.semaphores.data(), place.semaphores.size() * sizeof(int64_t));
  fillWithNoise(place.sequencers.data(), place.sequencers.size() * sizeof(SequencerState));
}

/// Results that were being written are anything.
void Run::tear(CoreState &core, const isa::Instruction &instruction, const SequencerState &state) {
  const LoadedProgram &program = machine.executable.program;
  if (const auto *host = instruction.getIf<isa::Host>()) {
    for (uint32_t tensor : program.header().host_calls[host->call]->outputs)
      tearBox(machine.globalMemory.data() + program.tensors[tensor].base, program.tensors[tensor]);
    return;
  }
  const isa::InstructionInfo &info = isa::info(instruction.opcode());
  const isa::Operands operands = isa::operands(instruction);
  for (const isa::EffectInfo &effect : info.effects) {
    if (effect.access != isa::Access::Write ||
        info.fields[size_t(effect.field)].kind != isa::FieldKind::Tensor)
      continue;
    const Box &box = core.loaded->boxes[size_t(operands[size_t(effect.field)])];
    const int32_t offset = effect.offset < 0 ? 0 : state[uint32_t(operands[size_t(effect.offset)])];
    tearBox(resolve(core, box, offset), box);
  }
}

void Run::tearBox(uint8_t *first, const Box &box) {
  std::vector<uint8_t> noise(box.bytes());
  fillWithNoise(noise.data(), noise.size());
  copyBox(box, first, noise.data(), false);
}

void Run::loseSupply() {
  for (CoreState &core : machine.cores) {
    fillWithNoise(&core.sequencer, sizeof(core.sequencer));
    if (!keepsScratchpads)
      fillWithNoise(core.scratchpad.data(), core.scratchpad.size());
  }
  fillWithNoise(machine.semaphores.data(), machine.semaphores.size() * sizeof(int64_t));
  if (!keepsGlobalMemory)
    fillWithNoise(machine.globalMemory.data(), machine.globalMemory.size());
}

void Run::restore() {
  const Place &place = places[valid];
  event = place.event;
  part = place.part;
  parts = place.parts;
  machine.semaphores = place.semaphores;
  for (size_t i = 0; i < machine.cores.size(); ++i) {
    machine.cores[i].sequencer = place.sequencers[i];
    if (!keepsScratchpads)
      std::memcpy(machine.cores[i].scratchpad.data(), place.scratchpads[i].data(),
                  place.scratchpads[i].size());
  }
  if (!keepsGlobalMemory)
    std::memcpy(machine.globalMemory.data(), place.globalMemory.data(), place.globalMemory.size());
}

void runtime::runIntermittent(MachineState &machine, const CommitPlan &plan,
                              std::span<const Cut> cuts, uint64_t seed) {
  Run(machine, plan, seed).run(cuts);
}
