//===- ReadNoiseTest.cpp - noise from read to read ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/ReadNoise.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace pim::runtime;

namespace {

TEST(ReadNoiseTest, IsNormallyDistributed) {
  constexpr uint32_t vectors = 100000;
  double squares = 0, fourth = 0, sum = 0, product = 0;
  // Counts up to -2, -1, 0, 1, 2 deviations.
  double below[5] = {};
  for (uint32_t v = 0; v < vectors; ++v) {
    const auto noise = drawNoise({3, 2}, 17, v, 5);
    for (double x : noise) {
      sum += x;
      squares += x * x;
      fourth += x * x * x * x;
      for (int i = 0; i < 5; ++i)
        below[i] += x < i - 2;
    }
    product += noise[0] * noise[1];
  }
  constexpr double count = 8.0 * vectors;
  EXPECT_NEAR(sum / count, 0, 0.005);
  EXPECT_NEAR(squares / count, 1, 0.008);
  EXPECT_NEAR(fourth / count, 3, 0.06);
  EXPECT_NEAR(product / vectors, 0, 0.015);
  for (int i = 0; i < 5; ++i)
    EXPECT_NEAR(below[i] / count, std::erfc(-(i - 2) / std::sqrt(2.0)) / 2, 0.0025) << i - 2;
}

TEST(ReadNoiseTest, EachOccasionAndColumnHasItsOwn) {
  const auto noise = drawNoise({1, 0}, 4, 5, 6);
  EXPECT_EQ(noise, drawNoise({1, 0}, 4, 5, 6));
  EXPECT_NE(noise, drawNoise({1, 0}, 5, 5, 6));
  EXPECT_NE(noise, drawNoise({1, 0}, 4, 6, 6));
  EXPECT_NE(noise, drawNoise({1, 0}, 4, 5, 7));
  EXPECT_NE(noise, drawNoise({1, 1}, 4, 5, 6));
  EXPECT_NE(noise, drawNoise({2, 0}, 4, 5, 6));
}

} // namespace
