//===- SenseErrorsTest.cpp - errors in sensing two rows -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/SenseErrors.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace pim::runtime;

namespace {

double tail(double x) { return std::erfc(x / std::sqrt(2.0)) / 2; }

TEST(SenseErrorsTest, MarginIsHalfAStep) {
  // TMR 100 %: currents 2, 1.5, 1 in units of a parallel cell, reference 1.75.
  const SenseErrorRates rates = senseErrorRates(1, 0, 0.1);
  EXPECT_DOUBLE_EQ(rates.both, tail(2.5));
  EXPECT_DOUBLE_EQ(rates.one, tail(2.5));
  EXPECT_DOUBLE_EQ(rates.none, tail(7.5));
}

TEST(SenseErrorsTest, CellsThatConductMoreSpreadMore) {
  const SenseErrorRates rates = senseErrorRates(1, 0.05, 0);
  EXPECT_DOUBLE_EQ(rates.both, tail(0.25 / (0.05 * std::sqrt(2.0))));
  EXPECT_DOUBLE_EQ(rates.one, tail(0.25 / (0.05 * std::sqrt(1.25))));
  EXPECT_GT(rates.both, rates.one);
  EXPECT_GT(rates.one, rates.none);
}

TEST(SenseErrorsTest, LessMagnetoresistanceErrsMore) {
  double before = 1;
  for (double tmr : {0.7, 1.0, 1.5, 2.0}) {
    const double rate = senseErrorRates(tmr, 0.05, 0.02).both;
    EXPECT_LT(rate, before);
    before = rate;
  }
  EXPECT_FALSE(senseErrorRates(1, 0, 0).any());
}

TEST(SenseErrorsTest, BinomialHasItsMoments) {
  for (double probability : {0.001, 0.1, 0.7}) {
    const Binomial binomial(probability, 200);
    double sum = 0, squares = 0;
    constexpr uint32_t count = 100000;
    for (uint32_t i = 0; i < count; ++i) {
      const double x = binomial(200, draw({}, Chance::SenseError, 0, i, 0)[0]);
      sum += x;
      squares += x * x;
    }
    const double mean = 200 * probability, variance = mean * (1 - probability);
    EXPECT_NEAR(sum / count, mean, 4 * std::sqrt(variance / count));
    EXPECT_NEAR(squares / count - mean * mean, variance, 0.03 * variance + 0.001);
  }
}

TEST(SenseErrorsTest, BinomialOfCertainAndImpossible) {
  EXPECT_EQ(Binomial(0, 10)(10, ~0u), 0u);
  EXPECT_EQ(Binomial(1, 10)(10, 0), 10u);
  EXPECT_EQ(Binomial(0.5, 10)(0, ~0u), 0u);
  EXPECT_EQ(Binomial(0.5, 10)(10, ~0u), 10u);
}

} // namespace
