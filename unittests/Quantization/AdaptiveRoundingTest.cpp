//===- AdaptiveRoundingTest.cpp - rounding that corrects itself ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AdaptiveRounding.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace mlir::pim;
namespace codes = pim::codes;

namespace {

/// Inputs that depend on each other, and their second moments.
struct Inputs {
  Inputs(int64_t size, int64_t samples, unsigned seed)
      : size(size), second(size_t(size * size), 0.0f) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    for (int64_t sample = 0; sample < samples; ++sample) {
      std::vector<float> x(static_cast<size_t>(size));
      float common = normal(random);
      for (float &value : x)
        value = std::max(0.0f, common + 0.5f * normal(random));
      for (int64_t i = 0; i < size; ++i)
        for (int64_t j = 0; j < size; ++j)
          second[size_t(i * size + j)] += x[size_t(i)] * x[size_t(j)];
      all.push_back(std::move(x));
    }
    weights.resize(size_t(size));
    for (float &weight : weights)
      weight = normal(random);
  }

  /// Squared error of the output, from the samples themselves.
  double error(double scale, const std::vector<int32_t> &integers) const {
    double sum = 0;
    for (const std::vector<float> &x : all) {
      double miss = 0;
      for (size_t i = 0; i < x.size(); ++i)
        miss += (weights[i] - scale * integers[i]) * x[i];
      sum += miss * miss;
    }
    return sum;
  }

  int64_t size;
  std::vector<float> second, weights;
  std::vector<std::vector<float>> all;
};

class Code : public testing::TestWithParam<const char *> {
protected:
  codes::LevelSet levels{codes::parseCode(GetParam())};
  double scaleFor(const Inputs &inputs) const {
    double largest = 0;
    for (float weight : inputs.weights)
      largest = std::max(largest, double(std::abs(weight)));
    return largest / levels.largest();
  }
};

TEST_P(Code, IsOnTheLevelsAndBeatsNearest) {
  double adaptive = 0, nearest = 0;
  for (unsigned seed = 0; seed < 10; ++seed) {
    Inputs inputs(48, 400, seed);
    double scale = scaleFor(inputs);
    AdaptiveRounder rounder(inputs.second, inputs.size);
    std::vector<int32_t> integers(48), plain;
    rounder.round(levels, inputs.weights, scale, integers);
    for (float weight : inputs.weights)
      plain.push_back(levels.nearest(weight / scale));
    for (int32_t integer : integers)
      EXPECT_TRUE(levels.contains(integer));
    adaptive += inputs.error(scale, integers);
    nearest += inputs.error(scale, plain);
  }
  EXPECT_LT(adaptive, 0.5 * nearest);
}

TEST_P(Code, ReportsTheErrorItMakes) {
  Inputs inputs(24, 300, 3);
  double scale = scaleFor(inputs);
  AdaptiveRounder rounder(inputs.second, inputs.size);
  std::vector<int32_t> integers(24);
  double told = rounder.round(levels, inputs.weights, scale, integers);
  double asked = rounder.outputError(inputs.weights, scale, integers);
  EXPECT_NEAR(told, asked, 1e-3 * asked);
  // Damping adds a little to what the samples say.
  EXPECT_GT(asked, inputs.error(scale, integers) * 0.999);
}

INSTANTIATE_TEST_SUITE_P(All, Code,
                         testing::Values("fixed:2", "fixed:3", "fixed:4", "window:2", "pot"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), ':', '_');
                           return name;
                         });

TEST(AdaptiveRounder, IsPlainRoundingForIndependentInputs) {
  std::vector<float> second{4, 0, 0, 0, 1, 0, 0, 0, 9}, weights{0.4f, -1.6f, 2.2f};
  std::vector<int32_t> integers(3);
  codes::LevelSet levels(codes::parseCode("fixed:3"));
  AdaptiveRounder(second, 3).round(levels, weights, 1, integers);
  EXPECT_EQ(integers, (std::vector<int32_t>{0, -2, 2}));
}

TEST(AdaptiveRounder, InputsThatAreAlwaysZeroAreNoTrouble) {
  std::vector<float> second(9, 0.0f), weights{0.4f, -1.6f, 2.2f};
  std::vector<int32_t> integers(3);
  codes::LevelSet levels(codes::parseCode("fixed:3"));
  AdaptiveRounder(second, 3).round(levels, weights, 1, integers);
  EXPECT_EQ(integers, (std::vector<int32_t>{0, -2, 2}));
}

TEST(AdaptiveRounder, ZerosStayZero) {
  Inputs inputs(32, 200, 5);
  for (size_t i = 0; i < inputs.weights.size(); i += 2)
    inputs.weights[i] = 0;
  std::vector<int32_t> integers(32);
  codes::LevelSet levels(codes::parseCode("fixed:4"));
  AdaptiveRounder(inputs.second, 32).round(levels, inputs.weights, 0.3, integers);
  for (size_t i = 0; i < integers.size(); i += 2)
    EXPECT_EQ(integers[i], 0);
}

} // namespace
