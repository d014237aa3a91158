//===- TilingTest.cpp - stacks cover the outputs --------------------------===//
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

class Tiling : public testing::Test {
protected:
  Tiling() { context.loadDialect<PIMDialect>(); }

  TilingAttr tiling(int64_t groups, int64_t rows, int64_t cols, int64_t perArray, int64_t planes) {
    return TilingAttr::get(&context, groups, rows, cols, 16, 4, perArray, planes);
  }

  /// Stacks follow one another from output 0 to the last, none empty.
  void expectCover(TilingAttr attr) {
    int64_t next = 0;
    for (int64_t stack = 0; stack < attr.getStackCount(); ++stack) {
      auto [begin, end] = attr.getStackOutputs(stack);
      EXPECT_EQ(begin, next);
      EXPECT_GT(end, begin);
      next = end;
    }
    EXPECT_EQ(next, attr.getOutputs());
  }

  MLIRContext context;
};

TEST_F(Tiling, OneMatrixInAGrid) {
  TilingAttr attr = tiling(1, 40, 10, 1, 1);
  EXPECT_EQ(attr.getRowTiles(), 3);
  EXPECT_EQ(attr.getColTiles(), 3);
  EXPECT_EQ(attr.getArrays(), 9);
  EXPECT_EQ(attr.getStackOutputs(2), std::pair(int64_t(8), int64_t(10)));
  expectCover(attr);
}

TEST_F(Tiling, PlanesMultiplyArrays) {
  TilingAttr attr = tiling(1, 40, 10, 1, 8);
  EXPECT_EQ(attr.getStackArrays(0), 24);
  EXPECT_EQ(attr.getArrays(), 72);
}

TEST_F(Tiling, GroupsOfTheirOwn) {
  TilingAttr attr = tiling(3, 20, 6, 1, 1);
  EXPECT_EQ(attr.getStackCount(), 6);
  EXPECT_EQ(attr.getArrays(), 12);
  EXPECT_EQ(attr.getStackOutputs(1), std::pair(int64_t(4), int64_t(6)));
  EXPECT_EQ(attr.getStackOutputs(2), std::pair(int64_t(6), int64_t(10)));
  expectCover(attr);
}

TEST_F(Tiling, GroupsOnTheDiagonal) {
  TilingAttr attr = tiling(7, 5, 1, 3, 1);
  EXPECT_EQ(attr.getArrays(), 3);
  EXPECT_EQ(attr.getStackOutputs(2), std::pair(int64_t(6), int64_t(7)));
  expectCover(attr);
}

} // namespace
