//===- WindowRowsTest.cpp - rows that a window touches ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Machine/WindowRows.h"

#include <gtest/gtest.h>
#include <random>

using namespace pim;
using namespace pim::runtime;

namespace {

/// Rows of 10 bytes from byte 100 on.
fb::WindowDescriptorT window(uint32_t rows, uint32_t ring, uint32_t outRows, uint32_t kernel) {
  fb::WindowDescriptorT w;
  w.element = fb::ElementType::I8;
  w.base = 100;
  w.out_rows = outRows;
  w.kernel_rows = kernel;
  w.out_cols = w.kernel_cols = w.row_step = w.row_dilation = 1;
  w.rows = rows;
  w.ring_rows = ring;
  w.cols = 5;
  w.channels = w.col_pitch = 2;
  w.row_pitch = 10;
  return w;
}

TEST(WindowRowsTest, InsideTheMap) {
  const auto ranges = bytesRead(window(20, 20, 2, 3), 4); // rows 4 to 7
  EXPECT_EQ(ranges[0], (ByteRange{140, 180}));
  EXPECT_TRUE(ranges[1].isEmpty());
}

TEST(WindowRowsTest, ClippedAtTheMap) {
  EXPECT_EQ(bytesRead(window(20, 20, 2, 3), -2)[0], (ByteRange{100, 120}));
  EXPECT_EQ(bytesRead(window(20, 20, 2, 3), 18)[0], (ByteRange{280, 300}));
  EXPECT_TRUE(bytesRead(window(20, 20, 2, 3), 20)[0].isEmpty());
  EXPECT_TRUE(bytesRead(window(20, 20, 2, 3), -4)[0].isEmpty());
}

TEST(WindowRowsTest, RoundTheRing) {
  const auto ranges = bytesRead(window(20, 6, 2, 3), 10); // rows 10 to 13: places 4, 5, 0, 1
  EXPECT_EQ(ranges[0], (ByteRange{140, 160}));
  EXPECT_EQ(ranges[1], (ByteRange{100, 120}));
  EXPECT_EQ(bytesRead(window(20, 6, 4, 3), 10)[0], (ByteRange{100, 160}));
}

TEST(WindowRowsTest, InsideOfAgreesWithCounting) {
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    const int64_t first = int64_t(random() % 30) - 15;
    const uint32_t step = random() % 4, count = random() % 8, size = random() % 12;
    uint32_t inside = 0, begin = count;
    for (uint32_t k = 0; k < count; ++k)
      if (const int64_t at = first + int64_t(k) * step; at >= 0 && at < int64_t(size)) {
        begin = std::min(begin, k);
        ++inside;
      }
    const IndexRange range = insideOf(first, step, count, size);
    ASSERT_EQ(range.size(), inside) << first << " " << step << " " << count << " " << size;
    if (inside != 0) {
      ASSERT_EQ(range.begin, begin);
    }
    ASSERT_LE(range.end, count);
  }
}

} // namespace
