//===- Liveness.cpp - what of a memory is still needed -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/Liveness.h"

#include "pim/Runtime/Power/ReplayCheck.h"

using namespace pim;
using namespace pim::runtime;

void Liveness::splitAt(int64_t address) {
  auto next = owners.upper_bound(address);
  if (next == owners.begin())
    return;
  auto &[begin, owner] = *std::prev(next);
  if (begin == address || owner.end <= address)
    return;
  owners.emplace_hint(next, address, owner);
  owner.end = address;
}

void Liveness::read(uint64_t index, ByteRange bytes) {
  auto at = owners.upper_bound(bytes.begin);
  if (at != owners.begin() && std::prev(at)->second.end > bytes.begin)
    --at;
  for (; at != owners.end() && at->first < bytes.end; ++at)
    records[at->second.record].lastRead = index;
}

void Liveness::write(uint64_t index, ByteRange bytes, bool isExact) {
  if (bytes.isEmpty())
    return;
  // What lies in the gaps stays, and from here on counts as written by this one.
  if (!isExact)
    read(index, bytes);
  splitAt(bytes.begin);
  splitAt(bytes.end);
  owners.erase(owners.lower_bound(bytes.begin), owners.lower_bound(bytes.end));
  owners[bytes.begin] = {bytes.end, records.size()};
  records.push_back({index, index, bytes});
}

namespace {

/// Never commits, and notes who reads and writes global memory.
class GlobalAccesses : public CommitControl {
public:
  GlobalAccesses(const LoadedProgram &program, ProgramLiveness &result)
      : replay(program), result(result) {
    result.order.resize(program.cores.size());
  }

  bool wantsCommit(uint32_t, const SequencerState &, uint64_t) override { return false; }
  bool needsCommit(uint32_t, uint32_t, std::span<const Access>) override { return false; }
  uint64_t commit(uint64_t) override { return 0; }
  uint32_t commitsInside(uint32_t, uint32_t) override { return 0; }
  uint64_t commitInside(uint32_t, uint32_t, const Execution &) override { return 0; }
  void issued(uint32_t core, uint32_t position, uint64_t, const Execution *,
              std::span<const Access> accesses) override {
    const std::vector<DurableAccess> all = replay.allAccesses(core, position, accesses);
    for (const DurableAccess &access : all)
      if (access.memory < 0 && !access.isWrite)
        result.global.read(count, access.bytes);
    for (const DurableAccess &access : all)
      if (access.memory < 0 && access.isWrite)
        result.global.write(count, access.bytes, access.isExact);
    result.order[core].push_back(count++);
  }

private:
  ReplayCheck replay;
  ProgramLiveness &result;
  uint64_t count = 0;
};

} // namespace

static void addGlobalMemory(const LoadedProgram &program, const TimingTable &table,
                            ProgramLiveness &result) {
  GlobalAccesses accesses(program, result);
  runTiming(program, table, {}, &accesses);
  for (const auto &port : program.header().outputs) {
    const Box &box = program.tensors[port->tensor];
    result.global.read(~uint64_t(0), {box.base + box.low, box.base + box.high});
  }
}

ExecutedPart ProgramLiveness::globalPart(std::span<const uint64_t> executed) const {
  ExecutedPart part{~uint64_t(0), 0};
  for (size_t core = 0; core < order.size(); ++core) {
    const std::vector<uint64_t> &own = order[core];
    if (executed[core] < own.size())
      part.all = std::min(part.all, own[executed[core]]);
    if (executed[core] != 0)
      part.begun = std::max(part.begun, own[executed[core] - 1] + 1);
  }
  part.all = std::min(part.all, part.begun);
  return part;
}

ProgramLiveness runtime::computeLiveness(const LoadedProgram &program, const TimingTable &table) {
  ProgramLiveness result;
  result.cores.resize(program.cores.size());
  result.shared.resize(program.cores.size());
  std::vector<Access> accesses;
  for (uint32_t number = 0; number < program.cores.size(); ++number) {
    const LoadedCore &core = program.cores[number];
    SequencerState state;
    for (uint64_t index = 0; !state.isHalted; ++index) {
      const InstructionTiming &timing = table.instructions[number][state.position];
      resolveAccesses(number, state, timing, accesses);
      for (const Access &access : accesses)
        if (access.memory == int32_t(number)) {
          if (!access.isWrite)
            result.cores[number].read(index, access.bytes);
        } else if (access.memory >= 0) {
          result.shared[size_t(access.memory)].insert(access.bytes);
        }
      for (const AccessPattern &pattern : timing.accesses) {
        if (!pattern.isWrite || !pattern.box || pattern.box->space == fb::Space::Global ||
            pattern.box->core != number)
          continue;
        const int64_t first = pattern.box->base + state[pattern.offsetRegister];
        result.cores[number].write(index, {first + pattern.box->low, first + pattern.box->high},
                                   !pattern.box->hasGaps());
      }
      isa::visit(core.code[state.position], [&](const auto &instruction) {
        if constexpr (ScalarInstruction<std::decay_t<decltype(instruction)>>)
          execute(state, instruction);
      });
      state.advance();
    }
  }
  if (program.target.power.durable == target::Durability::Arrays)
    addGlobalMemory(program, table, result);
  return result;
}

void LiveBytes::advance(ExecutedPart executed, ByteSet &live, ByteSet &changed) {
  std::erase_if(needed, [&](const WrittenBytes &bytes) { return bytes.lastRead < executed.all; });
  for (const WrittenBytes &bytes : needed)
    live.insert(bytes.bytes);
  const size_t first = next;
  for (size_t i = first; i < writes.size() && writes[i].written < executed.begun; ++i) {
    const bool isCertain = writes[i].written < executed.all;
    next += isCertain;
    if (writes[i].lastRead < executed.all)
      continue;
    live.insert(writes[i].bytes);
    changed.insert(writes[i].bytes);
    if (isCertain)
      needed.push_back(writes[i]);
  }
}
