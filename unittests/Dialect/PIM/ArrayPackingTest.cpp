//===- ArrayPackingTest.cpp - rectangles of cells in few arrays -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArrayPacking.h"

#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

using namespace mlir::pim;

namespace {

/// Every row of every output of every item once, inside of arrays, no cell twice.
void expectSound(const std::vector<PackItem> &items, const std::vector<PackPlace> &places,
                 int64_t rows, int64_t cols) {
  std::vector<std::vector<int64_t>> seen;
  for (const PackItem &item : items)
    seen.emplace_back(size_t(item.outputs * item.rows), 0);
  std::set<std::tuple<int64_t, int64_t, int64_t>> cells;
  for (const PackPlace &place : places) {
    const PackItem &item = items[place.item];
    for (int64_t output = place.begin; output < place.end; ++output)
      for (int64_t row = place.rowBegin; row < place.rowEnd; ++row)
        ++seen[place.item][size_t(output * item.rows + row)];
    int64_t width = (place.end - place.begin) * item.width, height = place.rowEnd - place.rowBegin;
    EXPECT_TRUE(height == item.rows || item.mayCutRows);
    EXPECT_LE(place.row + height, rows);
    EXPECT_LE(place.col + width, cols);
    for (int64_t row = 0; row < height; ++row)
      for (int64_t col = 0; col < width; ++col)
        EXPECT_TRUE(cells.insert({place.array, place.row + row, place.col + col}).second);
  }
  for (const std::vector<int64_t> &outputs : seen)
    for (int64_t count : outputs)
      EXPECT_EQ(count, 1);
}

TEST(ArrayPacking, RandomItemsAreWholeAndApart) {
  std::mt19937 random(3);
  auto draw = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  for (int round = 0; round < 50; ++round) {
    std::vector<PackItem> items;
    int64_t cells = 0;
    for (int64_t i = 0, count = draw(1, 30); i < count; ++i) {
      int64_t width = draw(1, 4), outputs = draw(1, 32 / width);
      items.push_back({draw(0, 5), draw(1, 32), outputs, width, draw(0, 3) > 0, draw(0, 1) > 0});
      cells += items.back().rows * outputs * width;
    }
    ArrayPacking packing(32, 32, 100, 256);
    auto places = packing.pack(items);
    ASSERT_TRUE(places);
    expectSound(items, *places, 32, 32);
    EXPECT_GE(packing.arrays() * 32 * 32, cells);
    EXPECT_LE(packing.arrays(), int64_t(items.size()));
  }
}

TEST(ArrayPacking, CutsBetweenOutputsToFillAGap) {
  // Two of 24 columns and one of 16: the third goes into what the first two leave.
  std::vector<PackItem> items{{0, 32, 12, 2, false}, {1, 32, 12, 2, false}, {2, 32, 8, 2}};
  ArrayPacking packing(32, 32, 2, 256);
  auto places = packing.pack(items);
  ASSERT_TRUE(places);
  expectSound(items, *places, 32, 32);
  EXPECT_EQ(packing.arrays(), 2);
  items[2].isDivisible = false;
  EXPECT_FALSE(packing.pack(items));
}

TEST(ArrayPacking, CutsBetweenRowsToSaveAnArray) {
  // Three of 20 rows leave gaps of 12, which hold the third between them.
  std::vector<PackItem> items(3, {0, 20, 32, 1, true, true});
  ArrayPacking packing(32, 32, 2, 256);
  auto places = packing.pack(items);
  ASSERT_TRUE(places);
  expectSound(items, *places, 32, 32);
  EXPECT_EQ(places->size(), 4u);
  // Not where the gaps are an eighth of the rows or less.
  items.assign(9, {0, 29, 32, 1, true, true});
  EXPECT_FALSE(ArrayPacking(32, 32, 8, 256).pack(items));
  EXPECT_TRUE(ArrayPacking(32, 32, 9, 256).pack(items));
}

TEST(ArrayPacking, ShortItemsLieUnderEachOther) {
  std::vector<PackItem> items(4, {0, 8, 32, 1});
  ArrayPacking packing(32, 32, 1, 256);
  auto places = packing.pack(items);
  ASSERT_TRUE(places);
  expectSound(items, *places, 32, 32);
}

TEST(ArrayPacking, OwnersHaveNoMorePiecesThanTheyMay) {
  std::vector<PackItem> items(4, {0, 8, 32, 1});
  ArrayPacking packing(32, 32, 10, 3);
  ASSERT_TRUE(packing.pack(items));
  EXPECT_EQ(packing.arrays(), 2);
  items.push_back({1, 8, 32, 1});
  ASSERT_TRUE(packing.pack(items));
  EXPECT_EQ(packing.arrays(), 2);
}

TEST(ArrayPacking, SaysWhenThereIsNoRoom) {
  std::vector<PackItem> items(3, {0, 20, 32, 1});
  EXPECT_FALSE(ArrayPacking(32, 32, 2, 256).pack(items));
  EXPECT_TRUE(ArrayPacking(32, 32, 3, 256).pack(items));
}

} // namespace
