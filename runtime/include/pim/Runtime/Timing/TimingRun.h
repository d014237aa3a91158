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

#include "pim/Runtime/Timing/CoreTiming.h"

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

struct Timing {
  uint64_t cycles = 0;
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

/// Times an inference. Throws pim::Error at a deadlock, naming core, layer and semaphore, and at an
/// address that leaves the range of 64 bits.
Timing runTiming(const LoadedProgram &program, const TimingTable &table,
                 const TimingObserver &observer = {});

} // namespace pim::runtime

#endif // PIM_RUNTIME_TIMING_TIMINGRUN_H
