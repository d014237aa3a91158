//===- Liveness.h - what of a scratchpad is still needed -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A commit writes the bytes of a scratchpad that will still be read and nothing else. Which those
// are follows from the accesses of the core in program order, which no data and no time changes.
//
// Tested by runtime/tests/Power/LivenessTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_POWER_LIVENESS_H
#define PIM_RUNTIME_POWER_LIVENESS_H

#include "pim/Runtime/Power/ByteSet.h"
#include "pim/Runtime/Timing/TimingRun.h"

namespace pim::runtime {

/// Bytes written into the scratchpad by the instruction that the core executes as its `written`-th,
/// and the last one that reads any of them.
struct WrittenBytes {
  uint64_t written = 0, lastRead = 0;
  ByteRange bytes;
};

/// Of one core.
class Liveness {
public:
  /// Adds the accesses to the core's own scratchpad of its `index`-th instruction, in order.
  /// `isExact`: a write covers each byte between the first and the last.
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

/// Of all cores, each stepped through on its own.
struct ProgramLiveness {
  std::vector<Liveness> cores;
  /// Bytes of each core's scratchpad that others read or write: when is not known, so they are
  /// always needed.
  std::vector<ByteSet> shared;
};
ProgramLiveness computeLiveness(const LoadedProgram &program, const TimingTable &table);

/// Goes through the writes of a core with the commits.
class LiveBytes {
public:
  explicit LiveBytes(std::span<const WrittenBytes> writes) : writes(writes) {}

  /// The core has executed `executed` instructions: adds bytes to `live` that a later one reads,
  /// and to `changed` those among them that were written since the last call.
  void advance(uint64_t executed, ByteSet &live, ByteSet &changed);

private:
  std::span<const WrittenBytes> writes;
  size_t next = 0;
  std::vector<WrittenBytes> needed; ///< written before the last call
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_POWER_LIVENESS_H
