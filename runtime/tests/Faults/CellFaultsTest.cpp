//===- CellFaultsTest.cpp - cells that do not hold what was written -------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/CellFaults.h"
#include "pim/Target/Target.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace pim::runtime;

namespace {

/// Arrays of 100 x 60 cells; every third cell holds `digit`, the others 0.
struct Cells {
  explicit Cells(unsigned bits = 1, unsigned digit = 1) : layout{100, 60, bits} {
    words.assign(layout.words() * arrays, 0);
    for (uint32_t i = 0; i < arrays * 6000; ++i)
      if (i % 3 == 0)
        view().setDigit(i / 6000, i % 100, i / 100 % 60, digit);
  }
  CellWords view() { return {words, layout}; }
  uint32_t holding(unsigned digit) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < arrays * 6000; ++i)
      count += view().digit(i / 6000, i % 100, i / 100 % 60) == digit;
    return count;
  }

  static constexpr uint32_t arrays = 5, cells = arrays * 6000;
  pim::program::CellLayout layout;
  std::vector<uint64_t> words;
};

TEST(CellFaultsTest, DigitsAreWhatWasSet) {
  Cells cells(2, 3);
  EXPECT_EQ(cells.holding(3), Cells::cells / 3);
  EXPECT_EQ(cells.holding(0), Cells::cells / 3 * 2);
  cells.view().setDigit(4, 99, 59, 2);
  EXPECT_EQ(cells.view().digit(4, 99, 59), 2u);
}

TEST(CellFaultsTest, StuckCellsOccurAtTheirRates) {
  Cells cells;
  applyStuckCells(cells.view(), {}, 0.1, 0.2);
  // A third held 1: 0.8/3 of it still does, and 0.1 of all cells besides.
  EXPECT_NEAR(cells.holding(1) / double(Cells::cells), 0.7 / 3 + 0.1, 0.01);
  Cells all;
  applyStuckCells(all.view(), {}, 1, 0);
  EXPECT_EQ(all.holding(1), Cells::cells);
  Cells none;
  applyStuckCells(none.view(), {}, 0, 1);
  EXPECT_EQ(none.holding(0), Cells::cells);
}

TEST(CellFaultsTest, MoreFaultsIncludeFewerFaults) {
  // The same cells fail first: sweeps over a rate are sweeps over one chip.
  Cells few, many;
  applyStuckCells(few.view(), {3, 0}, 0, 0.01);
  applyStuckCells(many.view(), {3, 0}, 0, 0.1);
  for (size_t i = 0; i < few.words.size(); ++i)
    EXPECT_EQ(many.words[i] & ~few.words[i], 0u);
}

TEST(CellFaultsTest, WriteErrorsMoveByOneDigit) {
  Cells binary;
  applyWriteErrors(binary.view(), {}, 1);
  EXPECT_EQ(binary.holding(0), Cells::cells / 3);
  Cells wide(2, 2);
  applyWriteErrors(wide.view(), {}, 1);
  EXPECT_EQ(wide.holding(2), 0u);
  EXPECT_EQ(wide.holding(3) + wide.holding(1), Cells::cells);
  EXPECT_NEAR(wide.holding(3) / double(Cells::cells), 1 / 6.0, 0.01);
}

TEST(CellFaultsTest, FlipsSaturateAtOneHalf) {
  EXPECT_NEAR(flippedPart(1, 40), 1e9 * std::exp(-40), 1e-12);
  EXPECT_EQ(flippedPart(0, 40), 0);
  EXPECT_DOUBLE_EQ(flippedPart(1e9, 10), 0.5);
  Cells cells;
  applyRetention(cells.view(), {}, 1e9, 10);
  EXPECT_NEAR(cells.holding(1) / double(Cells::cells), 0.5, 0.015);
}

TEST(CellFaultsTest, AllTogetherKeepWhatIsNotAsked) {
  const Cells cells;
  pim::target::Target target;
  EXPECT_FALSE(hasCellFaults(target));
  EXPECT_EQ(faultyCells(cells.words, cells.layout, target, {}), cells.words);
  target.cell.retentionTimeS = 1e9; // without a barrier, nothing flips
  EXPECT_FALSE(hasCellFaults(target));
  target.cell.thermalStability = 35;
  EXPECT_TRUE(hasCellFaults(target));
  EXPECT_NE(faultyCells(cells.words, cells.layout, target, {}), cells.words);
  EXPECT_NE(faultyCells(cells.words, cells.layout, target, {1, 0}),
            faultyCells(cells.words, cells.layout, target, {2, 0}));
}

} // namespace
