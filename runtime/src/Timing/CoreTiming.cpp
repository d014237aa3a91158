//===- CoreTiming.cpp - the units of a core ---------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/CoreTiming.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;

CoreTiming::CoreTiming(const std::vector<std::vector<ArrayUse>> &groups, uint32_t arrays,
                       uint32_t queueDepth, MemoryChannel &channel)
    : groups(groups), queueDepth(queueDepth), channel(channel), arrayFree(arrays) {}

IssueProbe CoreTiming::probe(const InstructionTiming &instruction, uint64_t cycle) const {
  if (instruction.unit == isa::Unit::HostCpu && lastEnd > cycle)
    return {lastEnd, IssueBlock::NotDrained};
  const std::vector<uint64_t> &starts = queues[size_t(instruction.unit)].starts;
  // The instruction whose start leaves a place for this one.
  if (starts.size() >= queueDepth && starts[starts.size() - queueDepth] > cycle)
    return {starts[starts.size() - queueDepth], IssueBlock::QueueFull};
  return {cycle, IssueBlock::None};
}

std::optional<Execution> CoreTiming::issue(const InstructionTiming &instruction,
                                           std::span<const Access> accesses, uint64_t cycle) {
  if (probe(instruction, cycle).earliest > cycle)
    return std::nullopt;
  hazards.retire(cycle);
  Queue &queue = queues[size_t(instruction.unit)];
  const bool isMvm = instruction.unit == isa::Unit::Array;

  // An instruction starts in the cycle after it was issued at the earliest.
  uint64_t start = cycle + 1;
  if (isMvm)
    for (const ArrayUse &use : groups[instruction.group])
      start = std::max(start, arrayFree[use.ordinal]);
  else
    start = std::max(start, queue.free);
  start = hazards.earliest(accesses, start);
  if (instruction.channelCycles != 0) {
    start = channel.earliest(start, instruction.channelCycles);
    channel.reserve(start, instruction.channelCycles);
  }

  const uint64_t unitFree = start + instruction.occupancy;
  const uint64_t end = unitFree + instruction.latency;
  if (isMvm)
    for (const ArrayUse &use : groups[instruction.group])
      arrayFree[use.ordinal] = unitFree;
  else
    queue.free = unitFree;
  std::erase_if(queue.starts, [cycle](uint64_t other) { return other <= cycle; });
  queue.starts.insert(std::upper_bound(queue.starts.begin(), queue.starts.end(), start), start);
  hazards.add(accesses, end);
  lastEnd = std::max(lastEnd, end);
  return Execution{start, unitFree, end};
}
