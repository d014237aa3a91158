//===- ReplayCheck.cpp - may the program be resumed ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/ReplayCheck.h"

using namespace pim;
using namespace pim::runtime;

/// Runs of a box with gaps that are listed one by one; of a box with more, the bytes from the first
/// to the last, not exact.
static constexpr uint64_t maxRuns = 4096;

/// The runs of `box`, moved to where `access` is.
static void addRuns(const Box &box, const Access &access, std::vector<DurableAccess> &result) {
  const CommonRuns<1> runs({&box});
  const bool isContiguous = runs.count == 1 || runs.stride[0] == int64_t(box.elementBytes);
  const uint64_t count = box.elements() / (isContiguous ? runs.count : 1);
  const bool hasGaps = box.hasGaps();
  if (!hasGaps || count > maxRuns) {
    result.push_back({access.memory, access.isWrite, access.bytes, !hasGaps});
    return;
  }
  const int64_t bytes = int64_t(box.elementBytes) * (isContiguous ? int64_t(runs.count) : 1);
  // Addresses stand for pointers; nothing is read through them.
  const auto first = reinterpret_cast<uint8_t *>(access.bytes.begin - box.low);
  runs.forEach({first}, [&](std::array<uint8_t *, 1> at) {
    for (uint64_t i = 0; i < (isContiguous ? 1 : runs.count); ++i) {
      const int64_t begin = reinterpret_cast<int64_t>(at[0]) + int64_t(i) * runs.stride[0];
      result.push_back({access.memory, access.isWrite, {begin, begin + bytes}, true});
    }
  });
}

static void addTensors(const LoadedProgram &program, const std::vector<uint32_t> &tensors,
                       bool isWrite, std::vector<DurableAccess> &result) {
  for (uint32_t tensor : tensors) {
    const Box &box = program.tensors[tensor];
    addRuns(box, {-1, isWrite, {box.base + box.low, box.base + box.high}}, result);
  }
}

std::vector<DurableAccess> ReplayCheck::allAccesses(uint32_t core, uint32_t position,
                                                    std::span<const Access> accesses) const {
  std::vector<DurableAccess> result;
  if (const auto *host = program.cores[core].code[position].getIf<isa::Host>()) {
    const fb::HostCallT &call = *program.header().host_calls[host->call];
    addTensors(program, call.inputs, false, result);
    addTensors(program, call.outputs, true, result);
    return result;
  }
  for (const Access &access : accesses)
    if (access.box)
      addRuns(*access.box, access, result);
    else
      result.push_back({access.memory, access.isWrite, access.bytes, false});
  return result;
}

bool ReplayCheck::isDurable(int32_t memory) const {
  const target::Durability durable = program.target.power.durable;
  return memory < 0 ? durable != target::Durability::Arrays : durable == target::Durability::All;
}

std::vector<DurableAccess> ReplayCheck::durableAccesses(uint32_t core, uint32_t position,
                                                        std::span<const Access> accesses) const {
  auto isLost = [&](const auto &access) { return !isDurable(access.memory); };
  std::vector<Access> kept(accesses.begin(), accesses.end());
  std::erase_if(kept, isLost);
  std::vector<DurableAccess> result = allAccesses(core, position, kept);
  std::erase_if(result, isLost);
  return result;
}

bool ReplayCheck::breaks(std::span<const DurableAccess> accesses) const {
  if (breaksAlone(accesses))
    return true;
  for (const DurableAccess &access : accesses) {
    const auto memory = memories.find(access.memory);
    if (access.isWrite && memory != memories.end() && memory->second.read.overlaps(access.bytes))
      return true;
  }
  return false;
}

bool ReplayCheck::breaksAlone(std::span<const DurableAccess> accesses) const {
  for (const DurableAccess &write : accesses)
    for (const DurableAccess &read : accesses)
      if (write.isWrite && !read.isWrite && write.memory == read.memory &&
          write.bytes.overlaps(read.bytes))
        return true;
  return false;
}

void ReplayCheck::add(std::span<const DurableAccess> accesses) {
  for (const DurableAccess &access : accesses) {
    Memory &memory = memories[access.memory];
    // What was written first is written again before it is read again.
    if (!access.isWrite && !memory.written.contains(access.bytes))
      memory.read.insert(access.bytes);
  }
  for (const DurableAccess &access : accesses)
    if (access.isWrite && access.isExact)
      memories[access.memory].written.insert(access.bytes);
}
