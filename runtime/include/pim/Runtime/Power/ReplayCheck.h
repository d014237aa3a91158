//===- ReplayCheck.h - may the program be resumed --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After a cut, the instructions since the last commit run again. They find registers and volatile
// memories as they were, but what they wrote to memories that keep their contents is there already.
// That does no harm unless one reads a byte that a later one of them overwrites: the rule that
// intermittent systems call idempotence (Lucia and Ransford, "A simpler, safer programming and
// execution model for intermittent systems", PLDI 2015).
//
// Tested by runtime/tests/Power/CommitPlanTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_POWER_REPLAYCHECK_H
#define PIM_RUNTIME_POWER_REPLAYCHECK_H

#include "pim/Runtime/Machine/LoadedProgram.h"
#include "pim/Runtime/Power/ByteSet.h"
#include "pim/Runtime/Timing/Hazards.h"

#include <map>

namespace pim::runtime {

/// Bytes that an instruction touches: runs of a box.
struct DurableAccess {
  int32_t memory = -1;
  bool isWrite = false;
  ByteRange bytes;
  /// Whether it certainly touches each of them: of a window, and of a box with very many runs, they
  /// are all between the first and the last. Such a read or write may be taken for one of bytes
  /// that it leaves alone, and refuse a program that is fine; it never makes up for a byte that it
  /// may not have written, and accepts none that is not.
  bool isExact = true;
};

class ReplayCheck {
public:
  explicit ReplayCheck(const LoadedProgram &program) : program(program) {}

  /// The accesses of an instruction run by run, those of a host call included.
  std::vector<DurableAccess> allAccesses(uint32_t core, uint32_t position,
                                         std::span<const Access> accesses) const;
  /// Those to memories that keep their contents.
  std::vector<DurableAccess> durableAccesses(uint32_t core, uint32_t position,
                                             std::span<const Access> accesses) const;

  /// Whether an instruction with these accesses overwrites what was read since the last commit, or
  /// what it reads itself.
  bool breaks(std::span<const DurableAccess> accesses) const;
  bool breaksAlone(std::span<const DurableAccess> accesses) const;
  void add(std::span<const DurableAccess> accesses);
  void commit() { memories.clear(); }

private:
  bool isDurable(int32_t memory) const;

  struct Memory {
    ByteSet written; ///< before anything read them
    ByteSet read;
  };
  const LoadedProgram &program;
  std::map<int32_t, Memory> memories;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_POWER_REPLAYCHECK_H
