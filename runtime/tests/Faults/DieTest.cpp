//===- DieTest.cpp - what chance decides about one chip -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/Die.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace pim::runtime;

namespace {

TEST(DieTest, CellsHaveNumbersOfTheirOwn) {
  const Die die{7, 1};
  const uint32_t word = drawCell(die, Chance::StuckCell, 2, 5, 6);
  EXPECT_EQ(word, drawCell(die, Chance::StuckCell, 2, 5, 6));
  EXPECT_NE(word, drawCell(die, Chance::StuckCell, 2, 6, 5));
  EXPECT_NE(word, drawCell(die, Chance::StuckCell, 2, 4, 6));
  EXPECT_NE(word, drawCell(die, Chance::StuckCell, 3, 5, 6));
  EXPECT_NE(word, drawCell(die, Chance::WriteError, 2, 5, 6));
  EXPECT_NE(word, drawCell({8, 1}, Chance::StuckCell, 2, 5, 6));
  EXPECT_NE(word, drawCell({7, 2}, Chance::StuckCell, 2, 5, 6));
  EXPECT_NE(word, drawCell({7 | uint64_t(1) << 40, 1}, Chance::StuckCell, 2, 5, 6));
}

TEST(DieTest, GaussiansHaveTheMomentsOfTheNormalDistribution) {
  double sum = 0, squares = 0, fourth = 0;
  int beyondTwo = 0;
  constexpr int count = 400000;
  for (int i = 0; i < count; ++i) {
    const double x = drawCellGaussian({1, 0}, Chance::Variation, 0, uint32_t(i), 3);
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
    beyondTwo += std::fabs(x) > 2;
  }
  EXPECT_NEAR(sum / count, 0, 0.008);
  EXPECT_NEAR(squares / count, 1, 0.012);
  EXPECT_NEAR(fourth / count, 3, 0.08);
  EXPECT_NEAR(double(beyondTwo) / count, 0.0455, 0.0017);
}

} // namespace
