//===- ReadNoiseTest.cpp - noise from read to read ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/ReadNoise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

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

/// The number above which a part `tail` of a normal distribution lies, by Newton's method.
double quantile(double tail) {
  double x = 1;
  for (int turn = 0; turn < 60; ++turn) {
    const double density = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
    x += std::clamp((std::erfc(x / std::sqrt(2.0)) / 2 - tail) / density, -0.5, 0.5);
  }
  return x;
}

TEST(ReadNoiseTest, PiecesFollowTheQuantiles) {
  double squares = 0, fourth = 0, errors = 0;
  for (uint32_t half = 0; half < 1u << 15; ++half) {
    const auto [positive, negative] = toNoise(half | ~half << 16);
    const double expected = quantile((2 * half + 1) * 0x1p-17);
    EXPECT_NEAR(positive, expected, 6.4e-3) << half;
    EXPECT_EQ(negative, -positive);
    errors += (positive - expected) * (positive - expected);
    squares += positive * positive;
    fourth += std::pow(positive, 4);
  }
  EXPECT_NEAR(std::sqrt(errors * 0x1p-15), 0, 1.9e-3);
  EXPECT_NEAR(squares * 0x1p-15, 1, 1e-6);
  EXPECT_NEAR(fourth * 0x1p-15, 3, 1e-3);
}

TEST(ReadNoiseTest, DeviationsAreRootsNearly) {
  double squares = 0, errors = 0, count = 0;
  // From 1 to 4.
  for (uint32_t bits = 0x3f800000; bits < 0x40800000; bits += 101) {
    ++count;
    const auto current = std::bit_cast<float>(bits);
    const double ratio = double(deviationOf(current)) / std::sqrt(double(current));
    EXPECT_GT(ratio, 1 - 1.27e-3) << current;
    EXPECT_LT(ratio, 1 + 6.3e-4) << current;
    squares += ratio * ratio;
    errors += (ratio - 1) * (ratio - 1);
    // Alike from one power of four to the next.
    EXPECT_NEAR(deviationOf(current * 0x1p40f), deviationOf(current) * 0x1p20f, 1e2f) << current;
    EXPECT_NEAR(deviationOf(current * 0x1p-40f), deviationOf(current) * 0x1p-20f, 1e-10f);
  }
  EXPECT_NEAR(squares / count, 1, 1e-6);
  EXPECT_NEAR(std::sqrt(errors / count), 0, 6.4e-4);
  EXPECT_EQ(deviationOf(0), 0) << "no current, no noise";
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
