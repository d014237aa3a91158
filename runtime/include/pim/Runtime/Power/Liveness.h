//===- Liveness.h - what of a memory is still needed -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A commit writes the bytes of a volatile memory that will still be read and nothing else. For a
// scratchpad, which those are follows from the accesses of its core in program order, which no data
// and no time changes. Global memory is read and written by all cores, in an order that semaphores
// keep wherever it matters: that of an inference without commits stands for all.
//
// Tested by runtime/tests/Power/LivenessTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_POWER_LIVENESS_H
#define PIM_RUNTIME_POWER_LIVENESS_H

#include "pim/Runtime/Power/ByteSet.h"
#include "pim/Runtime/Timing/TimingRun.h"

namespace pim::runtime {

/// Bytes written by the instruction that is executed as the `written`-th, and the last one that
/// reads any of them.
struct WrittenBytes {
  uint64_t written = 0, lastRead = 0;
  ByteRange bytes;
};

/// Of one memory.
class Liveness {
public:
  /// Adds the accesses of the `index`-th instruction, in order. `isExact`: a write covers each byte
  /// between the first and the last.
  void read(uint64_t index, ByteRange bytes);
  void write(uint64_t index, ByteRange bytes, bool isExact);

  std::span<const WrittenBytes> writes() const { return records; }

private:
  struct Owner {
    int64_t end;
    size_t record;
  };
  void splitAt(int64_t address);

  std::vector<WrittenBytes> records;
  std::map<int64_t, Owner> owners; ///< by the first byte
};

/// What of a sequence of instructions has been executed: all before `all`, none from `begun` on.
struct ExecutedPart {
  uint64_t all = 0, begun = 0;
};

/// Of all cores, each stepped through on its own, and of global memory.
struct ProgramLiveness {
  std::vector<Liveness> cores;
  /// Bytes of each core's scratchpad that others read or write: when is not known, so they are
  /// always needed.
  std::vector<ByteSet> shared;
  /// Of global memory where it does not keep its contents, else empty. Results are read at the end.
  Liveness global;
  /// Of each core's instructions: the places in the sequence that `global` counts.
  std::vector<std::vector<uint64_t>> order;

  /// What of that sequence has been executed when each core has executed so many of its own.
  ExecutedPart globalPart(std::span<const uint64_t> executed) const;
};
ProgramLiveness computeLiveness(const LoadedProgram &program, const TimingTable &table);

/// Goes through the writes to a memory with the commits.
class LiveBytes {
public:
  explicit LiveBytes(std::span<const WrittenBytes> writes) : writes(writes) {}

  /// Adds bytes to `live` that are written and that an instruction which is left reads, and to
  /// `changed` those among them that were written since the last call. Where it is not known
  /// whether an instruction has been executed, it may have been or not.
  void advance(ExecutedPart executed, ByteSet &live, ByteSet &changed);

private:
  std::span<const WrittenBytes> writes;
  size_t next = 0;
  std::vector<WrittenBytes> needed; ///< certainly written before the last call
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_POWER_LIVENESS_H
