//===- Pooling.cpp - vmaxpool and vavgpool ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DpuKernels.h"

#include "pim/Runtime/Functional/Semantics.h"
#include "pim/Runtime/Machine/WindowRows.h"

#include <cstring>

using namespace pim;
using namespace pim::runtime;

/// Calls kernel(out, taps) for each output position; `out` has the window's channels one after the
/// other.
template <typename Kernel>
static void forEachPosition(CoreState &core, const fb::WindowDescriptorT &window, const Box &dst,
                            int32_t offset, int32_t firstRow, Kernel kernel) {
  uint8_t *to = resolve(core, dst, offset);
  const uint32_t elementBytes = dst.elementBytes;
  const bool isDense = dst.strides[3] == int64_t(elementBytes) || dst.sizes[3] == 1;
  uint8_t *packed =
      isDense ? nullptr : core.machine->vectors.reserve(size_t(window.channels) * elementBytes);
  const uint8_t *map = core.scratchpad.data() + window.base;
  std::vector<const uint8_t *> firstTaps;
  for (uint32_t i = 0; i < window.out_rows; ++i) {
    const int64_t v = int64_t(firstRow) + int64_t(i) * window.row_step;
    const IndexRange rows = insideOf(v, window.row_dilation, window.kernel_rows, window.rows);
    for (uint32_t j = 0; j < window.out_cols; ++j) {
      const int64_t u = int64_t(window.first_col) + int64_t(j) * window.col_step;
      const IndexRange cols = insideOf(u, window.col_dilation, window.kernel_cols, window.cols);
      firstTaps.clear();
      for (uint32_t a = rows.begin; a < rows.end; ++a) {
        const uint64_t row = uint64_t(v + int64_t(a) * window.row_dilation) % window.ring_rows;
        firstTaps.push_back(map + row * window.row_pitch +
                            (u + int64_t(cols.begin) * window.col_dilation) * window.col_pitch);
      }
      const PoolTaps taps{firstTaps.data(), cols.size() ? firstTaps.size() : 0, cols.size(),
                          size_t(window.col_dilation) * window.col_pitch};
      uint8_t *out = to + i * dst.strides[1] + j * dst.strides[2];
      kernel(isDense ? out : packed, taps);
      for (uint32_t c = 0; !isDense && c < window.channels; ++c)
        std::memcpy(out + c * dst.strides[3], packed + c * elementBytes, elementBytes);
    }
  }
}

void runtime::execute(CoreState &core, const isa::Vmaxpool &inst) {
  const fb::WindowDescriptorT &window = *core.loaded->tables->windows[inst.window];
  const Box &dst = core.loaded->boxes[inst.dst];
  forEachPosition(core, window, dst, core.sequencer[inst.rd], core.sequencer[inst.rv],
                  [&](uint8_t *out, const PoolTaps &taps) {
                    maxPoolRun(window.element, out, taps, window.channels);
                  });
}

void runtime::execute(CoreState &core, const isa::Vavgpool &inst) {
  const fb::WindowDescriptorT &window = *core.loaded->tables->windows[inst.window];
  const Box &dst = core.loaded->boxes[inst.dst];
  const RequantizeTable &table = core.executable->requantize[inst.params];
  forEachPosition(core, window, dst, core.sequencer[inst.rd], core.sequencer[inst.rv],
                  [&](uint8_t *out, const PoolTaps &taps) {
                    avgPoolRun(table, window.element, out, taps, window.channels);
                  });
}
