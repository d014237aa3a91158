//===- WindowRows.cpp - rows that a window touches --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Machine/WindowRows.h"

#include "pim/Program/Graph.h"

using namespace pim;
using namespace pim::runtime;

uint32_t runtime::elementBytesOf(fb::ElementType element) {
  return uint32_t(elementBytes(ElementType(int(element))));
}

std::array<ByteRange, 2> runtime::bytesRead(const fb::WindowDescriptorT &window, int32_t firstRow) {
  const int64_t last = int64_t(firstRow) + int64_t(window.out_rows - 1) * window.row_step +
                       int64_t(window.kernel_rows - 1) * window.row_dilation;
  const int64_t begin = std::max<int64_t>(firstRow, 0);
  const int64_t end = std::min<int64_t>(last + 1, window.rows);
  if (begin >= end)
    return {};
  const int64_t rowBytes = int64_t(window.cols - 1) * window.col_pitch +
                           int64_t(window.channels) * elementBytesOf(window.element);
  const int64_t base = int64_t(window.base), pitch = window.row_pitch, ring = window.ring_rows;
  auto rows = [&](int64_t from, int64_t to) { // places in the ring
    return ByteRange{base + from * pitch, base + (to - 1) * pitch + rowBytes};
  };
  if (end - begin >= ring)
    return {rows(0, ring), ByteRange{}};
  const int64_t from = begin % ring, to = (end - 1) % ring + 1;
  if (from < to)
    return {rows(from, to), ByteRange{}};
  return {rows(from, ring), rows(0, to)};
}
