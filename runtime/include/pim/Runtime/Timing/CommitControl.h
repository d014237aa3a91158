//===- CommitControl.h - the chip stops to commit --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TIMING_COMMITCONTROL_H
#define PIM_RUNTIME_TIMING_COMMITCONTROL_H

#include "pim/Runtime/Machine/Sequencer.h"
#include "pim/Runtime/Timing/CoreTiming.h"

namespace pim::runtime {

/// What decides, during a timing run, when the chip makes its state durable. To commit, all cores
/// stop issuing, what they have issued completes, and the state is written; then they go on.
class CommitControl {
public:
  virtual ~CommitControl() = default;

  /// Whether to commit before a core goes on with the instruction at its position, which may be a
  /// `wait` that it cannot pass yet. Asked once each time that a core comes to an instruction.
  virtual bool wantsCommit(uint32_t core, const SequencerState &state, uint64_t now) = 0;
  /// Whether a commit must come before an instruction with these accesses.
  virtual bool needsCommit(uint32_t core, uint32_t position, std::span<const Access> accesses) = 0;
  /// The chip is at rest at `cycle` and commits. Returns the cycles that it takes.
  virtual uint64_t commit(uint64_t cycle) = 0;
  /// Commits inside the instruction, for which the chip is at rest but for it; 0 for none.
  virtual uint32_t commitsInside(uint32_t core, uint32_t position) = 0;
  /// An instruction with commits inside runs at `execution`, as if there were none. Returns the
  /// cycles that they take in all.
  virtual uint64_t commitInside(uint32_t core, uint32_t position, const Execution &execution) = 0;
  /// A core has issued an instruction. `execution` is null for those of the sequencer.
  virtual void issued(uint32_t core, uint32_t position, uint64_t cycle, const Execution *execution,
                      std::span<const Access> accesses) = 0;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_TIMING_COMMITCONTROL_H
