//===- Mvm.cpp - mvm --------------------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GatherKernel.h"

#include "pim/Runtime/Functional/Semantics.h"

#include <algorithm>
#include <cstring>

using namespace pim;
using namespace pim::runtime;

/// Input vectors that are gathered at a time: enough to keep a product busy, few enough to stay in
/// the second-level cache.
static constexpr size_t gatheredBytes = size_t(1) << 18;

namespace {
/// The vectors of some output rows, or of a part of one.
struct Batch {
  uint32_t rowBegin, rowCount, colBegin, colCount;
};
} // namespace

/// Writes the results of a batch where they do not lie as the arrays deliver them.
static void scatterResults(const Box &dst, uint8_t *to, const Batch &batch, const int32_t *results,
                           bool accumulate) {
  for (uint32_t i = 0; i < batch.rowCount; ++i)
    for (uint32_t j = 0; j < batch.colCount; ++j)
      for (uint32_t o = 0; o < dst.sizes[3]; ++o) {
        uint8_t *at = to + (batch.rowBegin + i) * dst.strides[1] +
                      (batch.colBegin + j) * dst.strides[2] + o * dst.strides[3];
        uint32_t value = uint32_t(*results++), before = 0;
        if (accumulate)
          std::memcpy(&before, at, 4);
        value += before;
        std::memcpy(at, &value, 4);
      }
}

void runtime::execute(CoreState &core, const isa::Mvm &inst) {
  MachineState &machine = *core.machine;
  const fb::CoreT &tables = *core.loaded->tables;
  const fb::WindowDescriptorT &window = *tables.windows[inst.window];
  const fb::ArrayGroupT &map = *tables.groups[inst.group];
  const ProgrammedGroup &group = *core.executable->groups[inst.group];
  const Box &dst = core.loaded->boxes[inst.dst];
  uint8_t *to = resolve(core, dst, core.sequencer[inst.rd]);
  const int32_t firstRow = core.sequencer[inst.rv];

  const InputCode code{uint8_t(map.input_offset), uint8_t((1u << map.input_bits) - 1)};
  const size_t stride = gatherStride(map.matrix_rows);
  const uint32_t rows = window.out_rows, cols = window.out_cols;
  // The results of a row of positions, and those of several rows, lie a constant stride apart.
  const bool isAligned = dst.strides[3] == 4 || dst.sizes[3] == 1;
  const bool isInPlace = isAligned && dst.strides[2] % 4 == 0 && dst.strides[1] % 4 == 0 &&
                         dst.strides[2] >= 0 && reinterpret_cast<uintptr_t>(to) % 4 == 0;
  const bool joinsRows =
      !isInPlace || rows == 1 || dst.strides[1] == dst.strides[2] * int64_t(cols);
  const size_t vectorsAtOnce = std::max<size_t>(gatheredBytes / stride, 1);

  const uint32_t colsAtOnce = uint32_t(std::min<size_t>(cols, vectorsAtOnce));
  const uint32_t rowsAtOnce =
      colsAtOnce < cols || !joinsRows
          ? 1
          : uint32_t(std::clamp<size_t>(vectorsAtOnce / cols, 1, std::max(64 / cols, 1u)));
  uint8_t *vectors = machine.vectors.reserve(size_t(rowsAtOnce) * colsAtOnce * stride + 64);
  for (uint32_t i = 0; i < rows; i += rowsAtOnce)
    for (uint32_t j = 0; j < cols; j += colsAtOnce) {
      const Batch batch{i, std::min(rowsAtOnce, rows - i), j, std::min(colsAtOnce, cols - j)};
      for (uint32_t r = 0; r < batch.rowCount; ++r)
        gatherVectors(window, core.scratchpad.data(), firstRow, i + r, j, batch.colCount, code,
                      vectors + size_t(r) * batch.colCount * stride);
      const InputVectors inputs{vectors,
                                size_t(batch.rowCount) * batch.colCount,
                                stride,
                                {machine.sample, core.sequencer.vectorsDriven}};
      core.sequencer.vectorsDriven += uint32_t(inputs.count);
      if (isInPlace) {
        auto *results = reinterpret_cast<int32_t *>(to + i * dst.strides[1] + j * dst.strides[2]);
        group.multiply(inputs, {results, size_t(dst.strides[2] / 4)}, inst.accumulate,
                       machine.arrayScratch);
        continue;
      }
      int32_t *results = machine.results.reserve(inputs.count * map.matrix_cols);
      group.multiply(inputs, {results, map.matrix_cols}, false, machine.arrayScratch);
      scatterResults(dst, to, batch, results, inst.accumulate);
    }
}
