//===- Hazards.cpp - accesses under way -------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/Hazards.h"

using namespace pim::runtime;

uint64_t Hazards::earliest(std::span<const Access> accesses, uint64_t cycle) const {
  for (const Entry &entry : entries)
    for (const Access &access : accesses)
      if (entry.end > cycle && entry.access.memory == access.memory &&
          (entry.access.isWrite || access.isWrite) && entry.access.bytes.overlaps(access.bytes))
        cycle = entry.end;
  return cycle;
}

void Hazards::add(std::span<const Access> accesses, uint64_t end) {
  for (const Access &access : accesses)
    if (!access.bytes.isEmpty())
      entries.push_back({access, end});
}

void Hazards::retire(uint64_t cycle) {
  std::erase_if(entries, [cycle](const Entry &entry) { return entry.end <= cycle; });
}
