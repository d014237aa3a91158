//===- Hazards.h - accesses under way --------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps instructions of one core that touch the same bytes in order: a read starts when the writes
// before it are done, a write when the reads and writes before it are. Owns no clock.
//
// Tested by runtime/tests/Timing/HazardsTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TIMING_HAZARDS_H
#define PIM_RUNTIME_TIMING_HAZARDS_H

#include "pim/Runtime/Machine/Box.h"
#include "pim/Runtime/Machine/WindowRows.h"

#include <span>
#include <vector>

namespace pim::runtime {

/// Bytes of one memory: scratchpads by core, global memory -1 and down, one for each image in
/// flight.
struct Access {
  int32_t memory = -1;
  bool isWrite = false;
  ByteRange bytes;
  const Box *box = nullptr; ///< of elements between which bytes may be left out; null: of a window
};

class Hazards {
public:
  /// The first cycle at or after `cycle` when nothing under way stands against `accesses`.
  uint64_t earliest(std::span<const Access> accesses, uint64_t cycle) const;
  /// The accesses are under way until `end`.
  void add(std::span<const Access> accesses, uint64_t end);
  /// Forgets what is over at `cycle`. No later question may be about an earlier cycle.
  void retire(uint64_t cycle);

  size_t size() const { return entries.size(); }

private:
  struct Entry {
    Access access;
    uint64_t end;
  };
  std::vector<Entry> entries;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_TIMING_HAZARDS_H
