//===- CommitPlan.h - the commits of an inference --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where an inference commits under a policy, what each commit writes and how long it takes: all of
// it follows from program and target. Making the plan proves that the program may be resumed: in
// memories that keep their contents, no byte is overwritten that was read since the last commit.
//
// Tested by runtime/tests/Power/CommitPlanTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_POWER_COMMITPLAN_H
#define PIM_RUNTIME_POWER_COMMITPLAN_H

#include "pim/Runtime/Power/CommitPolicy.h"
#include "pim/Runtime/Power/Supply.h"
#include "pim/Runtime/Timing/TimingRun.h"

#include <functional>

namespace pim::runtime {

/// An instruction as the chip executes it, with commits.
struct PlannedEvent {
  uint32_t core = 0;
  uint64_t issue = 0, end = 0; ///< cycles
};

/// Bytes that a commit writes to their durable place.
struct SavedBytes {
  int32_t memory = -1; ///< -1: global memory, others: scratchpads by core
  ByteRange bytes;
};

/// A durable state. The first of a plan is the beginning of the inference.
struct CommitPoint {
  /// Events before it are executed; of event `event` itself, `part` of `parts` (0 of 1: none).
  uint32_t event = 0;
  uint32_t part = 0, parts = 1;
  /// Cycles when the chip stops for it and goes on after it.
  uint64_t begin = 0, end = 0;
  /// Bits that it writes, and that going back to it reads.
  uint64_t savedBits = 0, liveBits = 0;
  /// Its bytes in CommitPlan::saved.
  uint32_t savedBegin = 0, savedEnd = 0;
  bool isForced = false; ///< not the policy's: an input was about to be overwritten
  int32_t layer = -1;    ///< that is over by it, or -1
};

struct CommitPlan {
  CommitPolicy policy;
  /// What policy "auto" has chosen, "layer" (at the ends of some) or "cycles"; else the policy.
  CommitPolicy placement;
  std::vector<PlannedEvent> events;
  std::vector<CommitPoint> points;
  std::vector<SavedBytes> saved;
  Timing timing;              ///< of the inference with its commits
  uint64_t restoreCycles = 0; ///< without the bits read
  uint64_t bitsPerCycle = 1;  ///< of the whole chip

  /// Cycles of work from point `i` to where the next one, or the end, begins; and of that commit
  /// (0 at the end).
  uint64_t workAfter(size_t i) const;
  uint64_t commitAfter(size_t i) const;
  /// Cycles from a stable supply to where point `i` goes on.
  uint64_t restoreTo(size_t i) const;
};

/// Throws pim::Error, naming layer and instruction, if the program overwrites what it has read
/// since the last commit of the policy; policies "cycles" and "auto" commit there instead.
/// Only "auto" asks for the `uptime` of the supply; without one it holds for ever.
CommitPlan planCommits(const LoadedProgram &program, const TimingTable &table,
                       const CommitPolicy &policy, const std::function<Uptime()> &uptime = {});

} // namespace pim::runtime

#endif // PIM_RUNTIME_POWER_COMMITPLAN_H
