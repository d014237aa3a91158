//===- SlicingTest.cpp - weights as cells and back ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/MLIRContext.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::pim;

namespace {

class Slicing : public testing::TestWithParam<std::tuple<SliceScheme, unsigned, unsigned>> {
protected:
  Slicing() { context.loadDialect<PIMDialect>(); }

  SlicingAttr slicing() {
    auto [scheme, bits, cellBits] = GetParam();
    return SlicingAttr::get(&context, bits, cellBits, 8, 128, 1, scheme, SliceLayout::Columns);
  }

  MLIRContext context;
};

TEST_P(Slicing, CellsAreWorthTheWeight) {
  SlicingAttr attr = slicing();
  auto [low, high] = attr.getWeightRange();
  for (int64_t weight = low; weight <= high; ++weight) {
    if (attr.getWeightBits() == 1 && weight == 0)
      continue; // one-bit weights are -1 and 1
    int64_t sum = 0;
    for (const SlicingAttr::Slice &slice : attr.getSlices()) {
      int64_t cell = attr.getCell(weight, slice);
      sum += (slice.negative ? -1 : 1) * (cell << slice.shift);
    }
    EXPECT_EQ(attr.getWeightScale() * sum + attr.getWeightOffset(), weight);
  }
}

TEST_P(Slicing, CellsHoldTheirBits) {
  SlicingAttr attr = slicing();
  auto [low, high] = attr.getWeightRange();
  for (const SlicingAttr::Slice &slice : attr.getSlices()) {
    EXPECT_LE(slice.bits, attr.getCellBits());
    for (int64_t weight = low; weight <= high; ++weight)
      EXPECT_LT(attr.getCell(weight, slice), 1u << slice.bits);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Slicing,
                         testing::Combine(testing::Values(SliceScheme::Offset,
                                                          SliceScheme::Differential,
                                                          SliceScheme::TwosComplement),
                                          testing::Range(1u, 9u), testing::Range(1u, 5u)));

TEST(SlicingCount, FollowsTheScheme) {
  MLIRContext context;
  context.loadDialect<PIMDialect>();
  auto count = [&](SliceScheme scheme, unsigned bits, unsigned cellBits) {
    return SlicingAttr::get(&context, bits, cellBits, 8, 128, 1, scheme, SliceLayout::Columns)
        .getSliceCount();
  };
  EXPECT_EQ(count(SliceScheme::Offset, 8, 1), 8u);
  EXPECT_EQ(count(SliceScheme::Offset, 8, 3), 3u);
  // The sign bit has a cell of its own, since it counts negative.
  EXPECT_EQ(count(SliceScheme::TwosComplement, 8, 2), 5u);
  EXPECT_EQ(count(SliceScheme::Differential, 8, 1), 14u);
  EXPECT_EQ(count(SliceScheme::Differential, 9, 1), 16u);
  EXPECT_EQ(count(SliceScheme::TwosComplement, 1, 1), 1u);
  EXPECT_EQ(
      SlicingAttr::get(&context, 8, 1, 8, 128, 1, SliceScheme::Polarized, SliceLayout::Columns, 8)
          .getSliceCount(),
      7u);
}

} // namespace
