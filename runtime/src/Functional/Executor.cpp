//===- Executor.cpp - runs an inference -------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Functional/Executor.h"

#include "pim/Runtime/Functional/Semantics.h"
#include "pim/Runtime/Machine/LayerTracker.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <numeric>
#include <random>

using namespace pim;
using namespace pim::runtime;

namespace {
/// Gives each instruction its meaning.
struct Meaning {
  CoreState &core;

  template <typename X> void operator()(const X &instruction) const {
    if constexpr (ScalarInstruction<X>)
      execute(core.sequencer, instruction);
    else
      execute(core, instruction);
  }
};

/// What a run without an observer does about one: nothing.
struct NoObserver {
  void reaches(const CoreState &) {}
  void before(const CoreState &) {}
  static bool endsTurn() { return false; }
  static void order(std::vector<uint32_t> &) {}
};

class Observer {
public:
  Observer(const ExecutionObserver &observer, const LoadedProgram &program)
      : observer(observer), tracker(program), random(observer.interleaving) {}

  /// A core has come to an instruction, or to its end: it has left the layer before even if it must
  /// wait here, while other cores go on and may reuse the memory of the layer's result.
  void reaches(const CoreState &core) {
    const SequencerState &sequencer = core.sequencer;
    const int64_t finished = tracker.enter(core.number, sequencer.position, sequencer.isHalted);
    if (finished >= 0 && observer.onLayer)
      observer.onLayer(size_t(finished));
  }

  /// A core is about to execute an instruction.
  void before(const CoreState &core) {
    if (observer.onInstruction)
      observer.onInstruction(core.number, core.sequencer.position);
  }

  /// Whether another core's turn comes before the core has to wait.
  bool endsTurn() { return observer.interleaving != 0 && random() % 16 == 0; }
  void order(std::vector<uint32_t> &cores) {
    if (observer.interleaving != 0)
      std::shuffle(cores.begin(), cores.end(), random);
  }

private:
  const ExecutionObserver &observer;
  LayerTracker tracker;
  std::mt19937_64 random;
};
} // namespace

void runtime::executeNext(CoreState &core) {
  isa::visit(core.loaded->code[core.sequencer.position], Meaning{core});
  core.sequencer.advance();
}

/// Runs a core until it halts or waits; returns the instructions executed.
template <typename Watch> static uint64_t runCore(CoreState &core, Watch &watch) {
  SequencerState &sequencer = core.sequencer;
  const isa::Instruction *code = core.loaded->code.data();
  uint64_t executed = 0;
  while (!sequencer.isHalted) {
    const isa::Instruction &instruction = code[sequencer.position];
    watch.reaches(core);
    if (const auto *wait = instruction.getIf<isa::Wait>())
      if (!isReady(core, *wait))
        break;
    watch.before(core);
    executeNext(core);
    ++executed;
    if (sequencer.isHalted)
      watch.reaches(core);
    else if (watch.endsTurn())
      break;
  }
  return executed;
}

template <typename Watch> static uint64_t runAll(MachineState &machine, Watch &&watch) {
  uint64_t total = 0;
  std::vector<uint32_t> order(machine.cores.size());
  std::iota(order.begin(), order.end(), 0u);
  for (;;) {
    uint64_t executed = 0;
    const CoreState *waiting = nullptr;
    watch.order(order);
    for (uint32_t number : order) {
      CoreState &core = machine.cores[number];
      executed += runCore(core, watch);
      if (!core.sequencer.isHalted)
        waiting = &core;
    }
    total += executed;
    if (!waiting)
      return total;
    if (executed == 0)
      fail("deadlock: ",
           machine.executable.program.describe(waiting->number, waiting->sequencer.position),
           " waits for a semaphore that no core raises any more");
  }
}

uint64_t runtime::runCores(MachineState &machine, const ExecutionObserver *observer) {
  if (observer)
    return runAll(machine, Observer(*observer, machine.executable.program));
  return runAll(machine, NoObserver());
}
