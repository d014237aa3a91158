//===- LayerPlanTest.cpp - rings hold the rows that blocks need -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/LayerPlan.h"
#include "gtest/gtest.h"

#include <map>
#include <random>

using namespace mlir::pim;

namespace {

/// A random window that gives at least one row.
Window randomWindow(std::mt19937 &random) {
  auto pick = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  while (true) {
    Window window;
    window.kernelRows = pick(1, 7);
    window.rowStep = pick(1, 5);
    window.rowDilation = pick(1, 4);
    window.padTop = pick(0, 6);
    window.input.rows = pick(1, 40);
    int64_t room = window.input.rows + window.padTop + pick(0, 6) -
                   (window.kernelRows - 1) * window.rowDilation - 1;
    if (room < 0)
      continue;
    window.output.rows = room / window.rowStep + 1;
    return window;
  }
}

/// Follows the loads and the reads of every block, with the ring as a map from place to row.
void expectRowsInTime(const Window &window, int64_t blockRows) {
  RowRing ring = RowRing::of(window, blockRows);
  std::map<int64_t, int64_t> places;
  auto load = [&](int64_t chunk) {
    for (int64_t row = chunk * ring.chunkRows;
         row < std::min((chunk + 1) * ring.chunkRows, ring.neededRows); ++row)
      places[row % ring.ringRows] = row;
  };
  for (int64_t chunk = 0; chunk <= ring.lead; ++chunk)
    load(chunk);
  for (int64_t block = 0; block * blockRows < window.output.rows; ++block) {
    // The next chunk may arrive before, during or after the computation: assume before.
    load(block + ring.lead + 1);
    for (int64_t i = block * blockRows; i < std::min((block + 1) * blockRows, window.output.rows);
         ++i)
      for (int64_t tap = 0; tap < window.kernelRows; ++tap) {
        int64_t row = i * window.rowStep + tap * window.rowDilation - window.padTop;
        if (row < 0 || row >= window.input.rows)
          continue;
        auto place = places.find(row % ring.ringRows);
        ASSERT_TRUE(place != places.end() && place->second == row)
            << "row " << row << " is missing for output row " << i;
      }
  }
}

TEST(RowRing, HasEveryRowWhenABlockNeedsIt) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    Window window = randomWindow(random);
    for (int64_t blockRows = 1; blockRows <= window.output.rows; ++blockRows)
      expectRowsInTime(window, blockRows);
  }
}

TEST(RowRing, IsSmallForPlainConvolutions) {
  Window window;
  window.input = window.output = {56, 56, 64};
  window.kernelRows = 3;
  window.padTop = 1;
  EXPECT_EQ(RowRing::of(window, 1).ringRows, 4); // three under the kernel, one under way
}

TEST(InputCols, CoverTheTapsOfASegment) {
  Window window;
  window.input = {1, 20, 1};
  window.kernelCols = 3;
  window.colStep = 2;
  window.padLeft = 1;
  EXPECT_EQ(window.inputCols(0, 2), std::pair(int64_t(0), int64_t(4)));
  EXPECT_EQ(window.inputCols(2, 10), std::pair(int64_t(3), int64_t(20)));
}

TEST(MapShapeOf, TakesTheInnermostDimensionsApart) {
  EXPECT_EQ(MapShape::of({1, 4, 5, 6}), (MapShape{4, 5, 6}));
  EXPECT_EQ(MapShape::of({1, 10}), (MapShape{1, 1, 10}));
  EXPECT_EQ(MapShape::of({7}), (MapShape{1, 1, 7}));
}

} // namespace
