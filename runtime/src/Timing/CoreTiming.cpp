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

/// Arrays, DPU and DMA.
static constexpr uint32_t unitsWithPorts = 3;

CoreTiming::CoreTiming(const std::vector<std::vector<ArrayUse>> &groups, uint32_t arrays,
                       uint32_t queueDepth, Mesh &mesh, uint32_t portCount)
    : groups(groups), queueDepth(queueDepth), mesh(mesh), arrayFree(arrays) {
  if (portCount < unitsWithPorts)
    ports.resize(portCount);
}

IssueProbe CoreTiming::probe(const InstructionTiming &instruction, uint64_t cycle) const {
  if (instruction.unit == isa::Unit::HostCpu && lastEnd > cycle)
    return {lastEnd, IssueBlock::NotDrained};
  const std::vector<uint64_t> &starts = queues[size_t(instruction.unit)].starts;
  // The instruction whose start leaves a place for this one.
  if (starts.size() >= queueDepth && starts[starts.size() - queueDepth] > cycle)
    return {starts[starts.size() - queueDepth], IssueBlock::QueueFull};
  return {cycle, IssueBlock::None};
}

/// Takes what the instruction shares with others, and says from when on.
uint64_t CoreTiming::claimShared(const InstructionTiming &instruction, uint64_t start) {
  const bool usesMesh = instruction.channelCycles != 0 || !instruction.links.empty();
  MemoryChannel *port = nullptr;
  for (uint64_t before = start + 1; before != start;) {
    before = start;
    start = mesh.weightStore().earliest(start, instruction.storeCycles);
    if (usesMesh)
      start = mesh.earliest(start, instruction.links, instruction.linkCycles,
                            instruction.channelCycles);
    if (ports.empty() || instruction.portCycles == 0)
      continue;
    uint64_t first = ~uint64_t(0);
    for (MemoryChannel &one : ports)
      if (const uint64_t free = one.earliest(start, instruction.portCycles); free < first) {
        first = free;
        port = &one;
      }
    start = first;
  }
  if (usesMesh)
    mesh.reserve(start, instruction.links, instruction.linkCycles, instruction.channelCycles);
  mesh.weightStore().reserve(start, instruction.storeCycles);
  if (port)
    port->reserve(start, instruction.portCycles);
  return start;
}

/// When the arrays that the instruction drives or writes are free.
uint64_t CoreTiming::arraysFree(const InstructionTiming &instruction) const {
  uint64_t free = 0;
  if (instruction.takesAllArrays)
    free = arrayFree.empty() ? 0 : *std::max_element(arrayFree.begin(), arrayFree.end());
  else
    for (const ArrayUse &use : groups[instruction.group])
      free = std::max(free, arrayFree[use.ordinal]);
  return free;
}

void CoreTiming::takeArrays(const InstructionTiming &instruction, uint64_t until) {
  if (instruction.takesAllArrays)
    std::fill(arrayFree.begin(), arrayFree.end(), until);
  else
    for (const ArrayUse &use : groups[instruction.group])
      arrayFree[use.ordinal] = until;
}

std::optional<Execution> CoreTiming::issue(const InstructionTiming &instruction,
                                           std::span<const Access> accesses, uint64_t cycle) {
  if (probe(instruction, cycle).earliest > cycle)
    return std::nullopt;
  hazards.retire(cycle);
  for (MemoryChannel &port : ports)
    port.retire(cycle);
  Queue &queue = queues[size_t(instruction.unit)];
  const bool usesArrays = instruction.unit == isa::Unit::Array;

  // An instruction starts in the cycle after it was issued at the earliest.
  uint64_t start = std::max(cycle + 1, usesArrays ? arraysFree(instruction) : queue.free);
  start = hazards.earliest(accesses, start);
  start = claimShared(instruction, start);

  const uint64_t unitFree = start + instruction.occupancy;
  const uint64_t end = unitFree + instruction.latency;
  if (usesArrays)
    takeArrays(instruction, unitFree);
  else
    queue.free = unitFree;
  std::erase_if(queue.starts, [cycle](uint64_t other) { return other <= cycle; });
  queue.starts.insert(std::upper_bound(queue.starts.begin(), queue.starts.end(), start), start);
  hazards.add(accesses, end);
  lastEnd = std::max(lastEnd, end);
  return Execution{start, unitFree, end};
}
