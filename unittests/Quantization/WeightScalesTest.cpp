//===- WeightScalesTest.cpp - scales of constant weights ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightScales.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace mlir::pim;

namespace {

using Floats = std::vector<float>;

TEST(WeightScales, SpanTheLargestWeightOfEachChannel) {
  RealConstant weights({2, 3}, Floats{1, -2, 0.5, 0, 0.25, 0.125});
  auto rows = chooseWeightScales(weights, 0, 8);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_FLOAT_EQ(rows[0], 2.0 / 127);
  EXPECT_FLOAT_EQ(rows[1], 0.25 / 127);
  auto columns = chooseWeightScales(weights, 1, 8);
  ASSERT_EQ(columns.size(), 3u);
  EXPECT_FLOAT_EQ(columns[1], 2.0 / 127);
}

TEST(WeightScales, AreNeverZero) {
  auto scales = chooseWeightScales({{2, 2}, Floats{0, 0, 1, 1}}, 0, 8);
  EXPECT_GT(scales[0], 0);
  EXPECT_GT(chooseWeightScales({{1, 2}, Floats{0, 0}}, 0, 8)[0], 0);
}

TEST(WeightScales, OfOneBitAreTheMeanMagnitude) {
  EXPECT_FLOAT_EQ(chooseWeightScales({{1, 4}, Floats{1, -2, 3, -4}}, 0, 1)[0], 2.5);
}

TEST(WeightScales, OfFewBitsHaveLessErrorThanTheFullSpan) {
  std::mt19937 random(7);
  std::normal_distribution<double> distribution;
  Floats values;
  double largest = 0;
  for (int i = 0; i < 1000; ++i) {
    values.push_back(float(distribution(random)));
    largest = std::max(largest, double(std::abs(values.back())));
  }
  RealConstant weights({1, 1000}, std::move(values));
  for (unsigned bits = 2; bits <= 6; ++bits) {
    double steps = double(largestWeight(bits));
    auto error = [&](double scale) {
      double sum = 0;
      for (double weight : weights.values) {
        double q = std::clamp(std::nearbyint(weight / scale), -steps, steps);
        sum += (weight - q * scale) * (weight - q * scale);
      }
      return sum;
    };
    EXPECT_LE(error(chooseWeightScales(weights, 0, bits)[0]), error(largest / steps) * 1.0001);
  }
}

} // namespace
