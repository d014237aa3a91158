//===- ConductanceTest.cpp - what a cell of a crossbar conducts -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/Conductance.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace pim;
using namespace pim::runtime;

namespace {

target::Target targetOf(unsigned bits) {
  target::Target target;
  target.cell.bits = bits;
  return target;
}

TEST(ConductanceTest, AnIdealCellConductsItsDigit) {
  const Conductance conductance(targetOf(2), {});
  EXPECT_TRUE(conductance.isIdeal());
  for (unsigned digit = 0; digit < 4; ++digit)
    EXPECT_EQ(conductance.cell(0, 1, 2, digit), digit);
  EXPECT_EQ(conductance.reference(0, 1), 0);
  EXPECT_EQ(conductance.gain(), 1);
}

TEST(ConductanceTest, LevelsAreEquallyFarApartBetweenOffAndOn) {
  target::Target target = targetOf(2);
  target.cell.onOffRatio = 10;
  const Conductance conductance(target, {});
  EXPECT_DOUBLE_EQ(conductance.cell(0, 0, 0, 0), 0.3);
  EXPECT_DOUBLE_EQ(conductance.cell(0, 0, 0, 1), 1.2);
  EXPECT_DOUBLE_EQ(conductance.cell(0, 0, 0, 3), 3.0);
  // The reference column takes the rest away.
  for (unsigned digit = 0; digit < 4; ++digit)
    EXPECT_DOUBLE_EQ((conductance.cell(0, 0, 0, digit) - conductance.reference(0, 0)) *
                         conductance.gain(),
                     digit);
  target.array.reference = target::Reference::None;
  EXPECT_EQ(Conductance(target, {}).reference(0, 0), 0);
  EXPECT_EQ(Conductance(target, {}).gain(), 1);
}

TEST(ConductanceTest, VariationHasItsDeviation) {
  for (auto kind : {target::Variation::Lognormal, target::Variation::Normal}) {
    target::Target target = targetOf(1);
    target.cell.variation = kind;
    target.cell.variationSigma = 0.1;
    const Conductance conductance(target, {});
    double sum = 0, squares = 0;
    constexpr int count = 200000;
    for (int i = 0; i < count; ++i) {
      const double g =
          conductance.cell(uint32_t(i / 10000), uint32_t(i % 100), uint32_t(i / 100), 1);
      const double x = kind == target::Variation::Normal ? g - 1 : std::log(g);
      sum += x;
      squares += x * x;
      EXPECT_EQ(conductance.cell(uint32_t(i / 10000), uint32_t(i % 100), uint32_t(i / 100), 0), 0);
    }
    EXPECT_NEAR(sum / count, 0, 0.001);
    EXPECT_NEAR(std::sqrt(squares / count), 0.1, 0.001);
  }
}

TEST(ConductanceTest, NoConductanceIsNegative) {
  EXPECT_EQ(variationFactor(target::Variation::Normal, 1, -3), 0);
  EXPECT_GT(variationFactor(target::Variation::Lognormal, 1, -3), 0);
}

TEST(ConductanceTest, DriftFollowsItsPower) {
  EXPECT_EQ(driftFactor(0.5, 0.1), 1);
  EXPECT_DOUBLE_EQ(driftFactor(1000, 0.1), std::pow(1000, -0.1));
  target::Target target = targetOf(1);
  target.cell.driftExponent = 0.1;
  EXPECT_TRUE(Conductance(target, {}).isIdeal());
  target.cell.retentionTimeS = 1000;
  EXPECT_DOUBLE_EQ(Conductance(target, {}).cell(0, 0, 0, 1), std::pow(1000, -0.1));
}

} // namespace
