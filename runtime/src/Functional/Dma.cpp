//===- Dma.cpp - dma.copy and dma.fill --------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Functional/Semantics.h"

#include <cstring>

using namespace pim;
using namespace pim::runtime;

void runtime::execute(CoreState &core, const isa::DmaCopy &inst) {
  const Box &dst = core.loaded->boxes[inst.dst], &src = core.loaded->boxes[inst.src];
  uint8_t *to = resolve(core, dst, core.sequencer[inst.rd]);
  uint8_t *from = resolve(core, src, core.sequencer[inst.rs]);
  const CommonRuns<2> runs({&dst, &src});
  const int64_t bytes = dst.elementBytes;
  const bool isContiguous = runs.count == 1 || (runs.stride[0] == bytes && runs.stride[1] == bytes);
  runs.forEach({to, from}, [&](std::array<uint8_t *, 2> at) {
    if (isContiguous) {
      std::memmove(at[0], at[1], runs.count * size_t(bytes)); // may be the same box
      return;
    }
    for (uint64_t i = 0; i < runs.count; ++i)
      std::memmove(at[0] + int64_t(i) * runs.stride[0], at[1] + int64_t(i) * runs.stride[1],
                   size_t(bytes));
  });
}

void runtime::execute(CoreState &core, const isa::DmaFill &inst) {
  const Box &dst = core.loaded->boxes[inst.dst];
  uint8_t *to = resolve(core, dst, core.sequencer[inst.rd]);
  const CommonRuns<1> runs({&dst});
  const size_t bytes = dst.elementBytes;
  runs.forEach({to}, [&](std::array<uint8_t *, 1> at) {
    if (bytes == 1 && runs.stride[0] == 1) {
      std::memset(at[0], inst.value, runs.count);
      return;
    }
    // Little-endian: the low bytes of the value come first.
    for (uint64_t i = 0; i < runs.count; ++i)
      std::memcpy(at[0] + int64_t(i) * runs.stride[0], &inst.value, bytes);
  });
}
