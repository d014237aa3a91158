//===- Elementwise.cpp - vrequant, vadd to vmax, vlookup --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DpuKernels.h"

#include "pim/Runtime/Functional/Semantics.h"

#include <algorithm>
#include <cstring>

using namespace pim;
using namespace pim::runtime;

/// Elements that pass through a dense buffer at a time where an operand is not dense itself.
static constexpr uint64_t bufferedElements = 4096;

namespace {
using Buffer = AlignedBuffer<uint8_t>;

/// Brings `count` elements together that lie `stride` apart; a stride of 0 repeats one.
const uint8_t *gather(const uint8_t *from, int64_t stride, uint32_t bytes, uint64_t count,
                      Buffer &buffer) {
  if (stride == int64_t(bytes))
    return from;
  uint8_t *to = buffer.reserve(bufferedElements * 4);
  for (uint64_t i = 0; i < count; ++i)
    std::memcpy(to + i * bytes, from + int64_t(i) * stride, bytes);
  return to;
}

void scatter(const uint8_t *from, uint8_t *to, int64_t stride, uint32_t bytes, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i)
    std::memcpy(to + int64_t(i) * stride, from + i * bytes, bytes);
}

/// Runs kernel(out, in, count, firstIndex) over boxes of equal sizes, through buffers where
/// elements are not neighbours; in[1] is the second box.
template <size_t N, typename Kernel>
void forEachRun(CoreState &core, const std::array<const Box *, N> &boxes,
                const std::array<int32_t, N> &offsets, Kernel kernel) {
  std::array<uint8_t *, N> first;
  for (size_t n = 0; n < N; ++n)
    first[n] = resolve(core, *boxes[n], offsets[n]);
  const CommonRuns<N> runs(boxes);
  bool isDense = true;
  for (size_t n = 0; n < N; ++n)
    isDense &= runs.stride[n] == int64_t(boxes[n]->elementBytes);
  std::array<Buffer, 3> &buffers = core.machine->operands;
  runs.forEach(first, [&](std::array<uint8_t *, N> at) {
    if (isDense) {
      std::array<const uint8_t *, N> in{};
      for (size_t n = 1; n < N; ++n)
        in[n] = at[n];
      kernel(at[0], in, runs.count, uint64_t(0));
      return;
    }
    for (uint64_t begin = 0; begin < runs.count; begin += bufferedElements) {
      const uint64_t some = std::min(bufferedElements, runs.count - begin);
      std::array<const uint8_t *, N> in{};
      for (size_t n = 1; n < N; ++n)
        in[n] = gather(at[n] + int64_t(begin) * runs.stride[n], runs.stride[n],
                       boxes[n]->elementBytes, some, buffers[n]);
      uint8_t *out = at[0] + int64_t(begin) * runs.stride[0];
      if (runs.stride[0] == int64_t(boxes[0]->elementBytes)) {
        kernel(out, in, some, begin);
        continue;
      }
      uint8_t *packed = buffers[0].reserve(bufferedElements * 4);
      kernel(packed, in, some, begin);
      scatter(packed, out, runs.stride[0], boxes[0]->elementBytes, some);
    }
  });
}
} // namespace

void runtime::execute(CoreState &core, const isa::Vrequant &inst) {
  const Box &dst = core.loaded->boxes[inst.dst], &src = core.loaded->boxes[inst.src];
  const RequantizeTable &table = core.executable->requantize[inst.params];
  forEachRun<2>(core, {&dst, &src}, {core.sequencer[inst.rd], core.sequencer[inst.rs]},
                [&](uint8_t *out, const auto &in, uint64_t count, uint64_t begin) {
                  requantizeRun(table, dst.element, out, src.element, in[1], count, begin);
                });
}

/// What vadd to vmax have in common.
template <typename X> static void executeBinary(CoreState &core, const X &inst, BinaryOp op) {
  const Box &dst = core.loaded->boxes[inst.dst];
  const Box &a = core.loaded->boxes[inst.a], &b = core.loaded->boxes[inst.b];
  forEachRun<3>(core, {&dst, &a, &b},
                {core.sequencer[inst.rd], core.sequencer[inst.ra], core.sequencer[inst.rb]},
                [&](uint8_t *out, const auto &in, uint64_t count, uint64_t) {
                  binaryRun(op, dst.element, out, in[1], in[2], count);
                });
}

void runtime::execute(CoreState &core, const isa::Vadd &inst) {
  executeBinary(core, inst, BinaryOp::Add);
}

void runtime::execute(CoreState &core, const isa::Vsub &inst) {
  executeBinary(core, inst, BinaryOp::Sub);
}

void runtime::execute(CoreState &core, const isa::Vmul &inst) {
  executeBinary(core, inst, BinaryOp::Mul);
}

void runtime::execute(CoreState &core, const isa::Vmin &inst) {
  executeBinary(core, inst, BinaryOp::Min);
}

void runtime::execute(CoreState &core, const isa::Vmax &inst) {
  executeBinary(core, inst, BinaryOp::Max);
}

void runtime::execute(CoreState &core, const isa::Vlookup &inst) {
  const Box &dst = core.loaded->boxes[inst.dst], &src = core.loaded->boxes[inst.src];
  const std::vector<int32_t> &entries = core.loaded->tables->lookups[inst.lookup]->entries;
  const uint32_t bytes = dst.elementBytes;
  forEachRun<2>(core, {&dst, &src}, {core.sequencer[inst.rd], core.sequencer[inst.rs]},
                [&](uint8_t *out, const auto &in, uint64_t count, uint64_t) {
                  // int8 + 128 is the byte with its top bit flipped. Little-endian entries.
                  for (uint64_t i = 0; i < count; ++i)
                    std::memcpy(out + i * bytes, &entries[in[1][i] ^ 0x80], bytes);
                });
}
