//===- Liveness.cpp - what of a scratchpad is still needed ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/Liveness.h"

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
                                   pattern.box->isDense());
      }
      isa::visit(core.code[state.position], [&](const auto &instruction) {
        if constexpr (ScalarInstruction<std::decay_t<decltype(instruction)>>)
          execute(state, instruction);
      });
      state.advance();
    }
  }
  return result;
}

void LiveBytes::advance(uint64_t executed, ByteSet &live, ByteSet &changed) {
  std::erase_if(needed, [&](const WrittenBytes &bytes) { return bytes.lastRead < executed; });
  for (const WrittenBytes &bytes : needed)
    live.insert(bytes.bytes);
  for (; next < writes.size() && writes[next].written < executed; ++next) {
    if (writes[next].lastRead < executed)
      continue;
    live.insert(writes[next].bytes);
    changed.insert(writes[next].bytes);
    needed.push_back(writes[next]);
  }
}
