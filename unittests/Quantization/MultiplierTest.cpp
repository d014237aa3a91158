//===- MultiplierTest.cpp - real factors as TOSA multipliers --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/Multiplier.h"
#include "pim/Quantization/QuantParams.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

using namespace mlir::pim;

namespace {

TEST(Multiplier, IsExactForPowersOfTwo) {
  for (int exponent = -32; exponent <= 28; ++exponent) {
    auto multiplier = quantizeMultiplier(std::ldexp(1.0, exponent));
    ASSERT_TRUE(multiplier) << exponent;
    EXPECT_EQ(multiplier->multiplier, 1 << 30);
    EXPECT_EQ(multiplier->shift, 30 - exponent);
  }
}

TEST(Multiplier, HoldsThirtyOneLeadingBits) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponents(-31, 28.9);
  for (int i = 0; i < 100000; ++i) {
    double factor = std::exp2(exponents(random));
    auto multiplier = quantizeMultiplier(factor);
    ASSERT_TRUE(multiplier) << factor;
    EXPECT_GE(multiplier->multiplier, 1 << 30);
    EXPECT_GE(multiplier->shift, minRescaleShift);
    EXPECT_LE(multiplier->shift, maxRescaleShift);
    EXPECT_LE(std::abs(multiplier->factor() / factor - 1), std::ldexp(1.0, -31));
  }
}

TEST(Multiplier, RoundsUpToTheNextPowerOfTwo) {
  // 1 - 2^-40 has more leading ones than the multiplier has bits.
  auto multiplier = quantizeMultiplier(1 - std::ldexp(1.0, -40));
  ASSERT_TRUE(multiplier);
  EXPECT_EQ(*multiplier, (Multiplier{1 << 30, 30}));
}

TEST(Multiplier, LosesBitsGracefullyBelowItsRange) {
  auto small = quantizeMultiplier(3 * std::ldexp(1.0, -62));
  ASSERT_TRUE(small);
  EXPECT_EQ(*small, (Multiplier{3, 62}));
  auto smaller = quantizeMultiplier(std::ldexp(1.0, -70));
  ASSERT_TRUE(smaller);
  EXPECT_EQ(*smaller, (Multiplier{0, 62}));
}

TEST(Multiplier, RefusesWhatNoMultiplierExpresses) {
  EXPECT_FALSE(quantizeMultiplier(0));
  EXPECT_FALSE(quantizeMultiplier(-1));
  EXPECT_FALSE(quantizeMultiplier(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(quantizeMultiplier(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(quantizeMultiplier(std::numeric_limits<float>::denorm_min()));
  EXPECT_FALSE(quantizeMultiplier(std::ldexp(1.0, 29)));
  EXPECT_TRUE(quantizeMultiplier(std::nextafter(std::ldexp(1.0, 29), 0.0) * (1 - 1e-9)));
}

TEST(QuantParams, PutTheZeroPointAtTheEndOfAOneSidedRange) {
  QuantParams relu = chooseQuantParams(0, 6, 8);
  EXPECT_EQ(relu.zeroPoint, -128);
  EXPECT_EQ(relu.quantize(6), 127);
  QuantParams negative = chooseQuantParams(-3, 0, 4);
  EXPECT_EQ(negative.zeroPoint, 7);
  EXPECT_EQ(negative.min, -8);
  EXPECT_EQ(negative.quantize(-3), -8);
}

TEST(QuantParams, AlwaysRepresentZero) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> ends(-10, 10);
  for (int i = 0; i < 1000; ++i) {
    double a = ends(random), b = ends(random);
    for (unsigned bits = 1; bits <= 8; ++bits) {
      QuantParams params = chooseQuantParams(std::min(a, b), std::max(a, b), bits);
      EXPECT_EQ(params.max - params.min, (1 << bits) - 1);
      EXPECT_EQ(params.dequantize(params.quantize(0)), 0);
    }
  }
}

TEST(QuantParams, SurviveARangeOfNothing) {
  QuantParams params = chooseQuantParams(0, 0, 8);
  EXPECT_TRUE(isUsableScale(params.scale));
  EXPECT_EQ(params.dequantize(params.quantize(0)), 0);
}

} // namespace
