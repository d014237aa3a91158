//===- GatherKernel.cpp - windows to input vectors --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GatherKernel.h"

#include "pim/Runtime/Machine/WindowRows.h"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "GatherKernel.cpp"
#include <hwy/foreach_target.h> // IWYU pragma: keep
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Copies `count` runs of `length` bytes in steps of one vector, over their ends.
template <size_t Bytes>
static HWY_INLINE void copyRunsBy(const uint8_t *from, size_t fromStride, uint8_t *to,
                                  size_t toStride, size_t length, size_t count, InputCode code) {
  const hn::CappedTag<uint8_t, Bytes> d;
  const size_t lanes = hn::Lanes(d);
  const auto offset = hn::Set(d, code.offset), mask = hn::Set(d, code.mask);
  for (size_t i = 0; i < count; ++i, from += fromStride, to += toStride)
    for (size_t b = 0; b < length; b += lanes)
      hn::StoreU(hn::And(hn::Add(hn::LoadU(d, from + b), offset), mask), d, to + b);
}

static void copyRuns(const uint8_t *from, size_t fromStride, uint8_t *to, size_t toStride,
                     size_t length, size_t count, InputCode code) {
  if (length <= 16)
    copyRunsBy<16>(from, fromStride, to, toStride, length, count, code);
  else if (length <= 32)
    copyRunsBy<32>(from, fromStride, to, toStride, length, count, code);
  else
    copyRunsBy<64>(from, fromStride, to, toStride, length, count, code);
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pim::runtime {

HWY_EXPORT(copyRuns);

namespace {
/// One kernel row of the vectors of one output row. Within a vector everything is written in
/// ascending order: each copy runs over its end, and what follows sets that right.
class RowGather {
public:
  RowGather(const fb::WindowDescriptorT &window, InputCode code, int64_t firstCol, uint32_t count)
      : window(window), code(code), firstCol(firstCol), count(count),
        stride(gatherStride(size_t(window.kernel_rows) * window.kernel_cols * window.channels)),
        padValue(uint8_t(uint8_t(window.pad_value) + code.offset) & code.mask) {}

  size_t vectorStride() const { return stride; }

  void pad(uint8_t *to) const {
    for (uint32_t j = 0; j < count; ++j)
      memset(to + j * stride, padValue, size_t(window.kernel_cols) * window.channels);
  }

  /// Taps that are neighbours in memory: one run for each vector.
  void copyTogether(const uint8_t *row, uint8_t *to) const {
    const uint32_t taps = window.kernel_cols;
    const IndexRange whole =
        window.cols < taps ? IndexRange{}
                           : insideOf(firstCol, window.col_step, count, window.cols - (taps - 1));
    for (uint32_t j = 0; j < count; ++j) {
      if (j == whole.begin && whole.size() != 0) {
        copy(row, j, 0, whole.size(), size_t(taps) * window.channels, to);
        j = whole.end;
        if (j == count)
          break;
      }
      copyAtBorder(row, j, to);
    }
  }

  /// Taps with gaps between them: one run for each tap.
  void copyApart(const uint8_t *row, uint8_t *to) const {
    for (uint32_t b = 0; b < window.kernel_cols; ++b, to += window.channels) {
      const IndexRange inside = insideOf(firstCol + int64_t(b) * window.col_dilation,
                                         window.col_step, count, window.cols);
      for (uint32_t j = 0; j < inside.begin; ++j)
        memset(to + j * stride, padValue, window.channels);
      if (inside.size() != 0)
        copy(row, inside.begin, b, inside.size(), window.channels, to);
      for (uint32_t j = inside.end; j < count; ++j)
        memset(to + j * stride, padValue, window.channels);
    }
  }

private:
  int64_t column(uint32_t j, uint32_t b) const {
    return firstCol + int64_t(j) * window.col_step + int64_t(b) * window.col_dilation;
  }

  void copy(const uint8_t *row, uint32_t j, uint32_t b, uint32_t vectors, size_t length,
            uint8_t *to) const {
    HWY_DYNAMIC_DISPATCH(copyRuns)
    (row + column(j, b) * window.col_pitch, size_t(window.col_step) * window.col_pitch,
     to + j * stride, stride, length, vectors, code);
  }

  void copyAtBorder(const uint8_t *row, uint32_t j, uint8_t *to) const {
    const IndexRange inside = insideOf(column(j, 0), 1, window.kernel_cols, window.cols);
    uint8_t *vector = to + j * stride;
    memset(vector, padValue, size_t(inside.begin) * window.channels);
    if (inside.size() != 0)
      HWY_DYNAMIC_DISPATCH(copyRuns)
    (row + column(j, inside.begin) * window.col_pitch, 0,
     vector + size_t(inside.begin) * window.channels, 0, size_t(inside.size()) * window.channels, 1,
     code);
    memset(vector + size_t(inside.end) * window.channels, padValue,
           size_t(window.kernel_cols - inside.end) * window.channels);
  }

  const fb::WindowDescriptorT &window;
  InputCode code;
  int64_t firstCol;
  uint32_t count;
  size_t stride;
  uint8_t padValue;
};
} // namespace

void gatherVectors(const fb::WindowDescriptorT &window, const uint8_t *scratchpad, int32_t firstRow,
                   uint32_t outRow, uint32_t colBegin, uint32_t count, InputCode code,
                   uint8_t *vectors) {
  const RowGather gather(window, code, window.first_col + int64_t(colBegin) * window.col_step,
                         count);
  const bool areNeighbours =
      window.kernel_cols == 1 || (window.col_dilation == 1 && window.col_pitch == window.channels);
  for (uint32_t a = 0; a < window.kernel_rows; ++a) {
    const int64_t v =
        int64_t(firstRow) + int64_t(outRow) * window.row_step + int64_t(a) * window.row_dilation;
    uint8_t *to = vectors + size_t(a) * window.kernel_cols * window.channels;
    if (v < 0 || v >= window.rows) {
      gather.pad(to);
      continue;
    }
    const uint8_t *row =
        scratchpad + window.base + uint64_t(v) % window.ring_rows * window.row_pitch;
    if (areNeighbours)
      gather.copyTogether(row, to);
    else
      gather.copyApart(row, to);
  }
}

} // namespace pim::runtime
#endif // HWY_ONCE
