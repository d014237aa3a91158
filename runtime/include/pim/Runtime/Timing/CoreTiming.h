//===- CoreTiming.h - the units of a core ----------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// When an instruction can issue to its unit, start and complete. The sequencer hands instructions
// to the queues of the units in program order; DMA, DPU and host take theirs in order, `mvm`s start
// when the arrays of their group are free, `reprogram`s when all are; none starts against a hazard.
// Owns no clock: the cycle is an argument.
//
// Tested by runtime/tests/Timing/CoreTimingTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TIMING_CORETIMING_H
#define PIM_RUNTIME_TIMING_CORETIMING_H

#include "pim/Runtime/Timing/Hazards.h"
#include "pim/Runtime/Timing/InstructionTiming.h"
#include "pim/Runtime/Timing/Mesh.h"

#include <array>
#include <optional>

namespace pim::runtime {

/// What keeps an instruction from issuing.
enum class IssueBlock {
  None,
  QueueFull, ///< state: every place in front of the unit is taken
  NotDrained ///< time: it waits until all earlier instructions have completed
};

struct IssueProbe {
  uint64_t earliest = 0; ///< first cycle at or after the one asked about
  IssueBlock block = IssueBlock::None;
};

struct Execution {
  uint64_t start = 0;
  uint64_t unitFree = 0; ///< when the unit takes the next
  uint64_t end = 0;      ///< when results are visible
};

class CoreTiming {
public:
  /// `groups` lists the arrays of each group; `mesh` is shared by all cores. Both must outlive
  /// this. With fewer than three `ports`, units take turns at the scratchpad.
  CoreTiming(const std::vector<std::vector<ArrayUse>> &groups, uint32_t arrays, uint32_t queueDepth,
             Mesh &mesh, uint32_t ports = 3);

  /// When the instruction can issue. Changes nothing. REQUIRES: it is not for the sequencer.
  IssueProbe probe(const InstructionTiming &instruction, uint64_t cycle) const;

  /// Issues the instruction at `cycle` and says when it runs. Nothing is issued if probe() names a
  /// later cycle.
  std::optional<Execution> issue(const InstructionTiming &instruction,
                                 std::span<const Access> accesses, uint64_t cycle);

  /// When everything that has been issued is complete.
  uint64_t drained() const { return lastEnd; }

private:
  uint64_t claimShared(const InstructionTiming &instruction, uint64_t start);
  uint64_t arraysFree(const InstructionTiming &instruction) const;
  void takeArrays(const InstructionTiming &instruction, uint64_t until);
  struct Queue {
    std::vector<uint64_t> starts; ///< of instructions that may not have started, ascending
    uint64_t free = 0;
  };

  const std::vector<std::vector<ArrayUse>> &groups;
  size_t queueDepth;
  Mesh &mesh;
  std::vector<MemoryChannel> ports; ///< of the scratchpad; empty where each unit has its own
  std::array<Queue, isa::kUnitCount> queues;
  std::vector<uint64_t> arrayFree;
  Hazards hazards;
  uint64_t lastEnd = 0;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_TIMING_CORETIMING_H
