//===- TimingRun.h - when an inference does what ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Steps all cores through a program in the order of time, without data: no instruction's time
// depends on a value. The cores take the same path as in the functional run, which a test shows.
//
// Tested by runtime/tests/Timing/TimingRunTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TIMING_TIMINGRUN_H
#define PIM_RUNTIME_TIMING_TIMINGRUN_H

#include "pim/Runtime/Timing/CommitControl.h"

#include <functional>

namespace pim::runtime {

struct LayerTiming {
  /// First cycle in which an instruction of the layer issues, and the last in which one completes.
  uint64_t begin = ~uint64_t(0), end = 0;
  /// Cycles of work of each unit, over all cores.
  std::array<uint64_t, isa::kUnitCount> busy{};
  uint64_t executed = 0;

  uint64_t cycles() const { return begin < end ? end - begin : 0; }
};

/// From the first cycle in which a part works to the last.
struct ActiveSpan {
  uint64_t begin = ~uint64_t(0), end = 0;

  void add(uint64_t from, uint64_t to) {
    begin = std::min(begin, from);
    end = std::max(end, to);
  }
  uint64_t cycles() const { return begin < end ? end - begin : 0; }
};

/// When a core and each of its arrays are needed.
struct CoreActivity {
  ActiveSpan core;
  std::vector<ActiveSpan> arrays;
};

struct Timing {
  uint64_t cycles = 0;
  std::vector<CoreActivity> activity; ///< of each core of the program
  std::vector<LayerTiming> layers;
  LayerTiming other; ///< instructions between layers
  /// How often each instruction is executed: [core][position]
  std::vector<std::vector<uint64_t>> executions;
  uint64_t executed = 0;
};

/// One executed instruction, for traces and tests. `execution` is null for those of the sequencer.
struct TimedEvent {
  uint32_t core, position;
  uint64_t issue;
  const Execution *execution;
};
using TimingObserver = std::function<void(const TimedEvent &)>;

/// The bytes that an instruction reads and writes, with the registers of `state`. Replaces
/// `accesses`. Tensors of a host call are not among them. `slot` says whose global memory: each of
/// the images in flight has its own.
void resolveAccesses(uint32_t core, const SequencerState &state,
                     const InstructionTiming &instruction, std::vector<Access> &accesses,
                     uint32_t slot = 0);

/// Times an inference, with commits where there is a control. Throws pim::Error at a deadlock,
/// naming core, layer and semaphore, and at an address that leaves the range of 64 bits.
Timing runTiming(const LoadedProgram &program, const TimingTable &table,
                 const TimingObserver &observer = {}, CommitControl *commits = nullptr);

/// Cycles from the end of one inference to that of the next in a long stream, rounded up: a core
/// begins the next inference as soon as it has halted in the one before, with at most the program's
/// `images_in_flight` under way. With one in flight, and where the program commits, that is the
/// time of `alone`, a timed inference.
uint64_t steadyInterval(const LoadedProgram &program, const TimingTable &table,
                        const Timing &alone);

} // namespace pim::runtime

#endif // PIM_RUNTIME_TIMING_TIMINGRUN_H
