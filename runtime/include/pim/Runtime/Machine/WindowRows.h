//===- WindowRows.h - rows that a window touches ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which bytes of the scratchpad a window (Program.fbs) reads for one value of its row register. The
// functional run reads them, the timing run keeps other units from overwriting them: both ask here.
//
// Tested by runtime/tests/Machine/WindowRowsTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_MACHINE_WINDOWROWS_H
#define PIM_RUNTIME_MACHINE_WINDOWROWS_H

#include "pim/Program/Program.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace pim::runtime {

/// Bytes of an element of a window or box.
uint32_t elementBytesOf(fb::ElementType element);

/// Bytes [begin, end) of a memory.
struct ByteRange {
  int64_t begin = 0, end = 0;
  bool isEmpty() const { return begin >= end; }
  bool overlaps(const ByteRange &other) const { return begin < other.end && other.begin < end; }
  bool operator==(const ByteRange &) const = default;
};

/// The rows from the first to the last that any tap of the window reads, as at most two ranges: the
/// second one where the ring begins again. Empty ranges where every tap lies outside the map.
std::array<ByteRange, 2> bytesRead(const fb::WindowDescriptorT &window, int32_t firstRow);

/// Indices [begin, end) of `count` places, the first at `first` and `step` apart, that lie inside
/// [0, size).
struct IndexRange {
  uint32_t begin = 0, end = 0;
  uint32_t size() const { return end - begin; }
};
inline IndexRange insideOf(int64_t first, uint32_t step, uint32_t count, uint32_t size) {
  if (step == 0)
    return first >= 0 && first < int64_t(size) ? IndexRange{0, count} : IndexRange{0, 0};
  const int64_t begin = first >= 0 ? 0 : (-first + step - 1) / step;
  const int64_t end = first >= int64_t(size) ? 0 : (int64_t(size) - 1 - first) / step + 1;
  const int64_t clamped = std::min<int64_t>(std::max<int64_t>(end, 0), count);
  return {uint32_t(std::min(begin, clamped)), uint32_t(clamped)};
}

} // namespace pim::runtime

#endif // PIM_RUNTIME_MACHINE_WINDOWROWS_H
