//===- AdaptiveRoundingTest.cpp - rounding that corrects itself ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AdaptiveRounding.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
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

  /// Rounds the weights; `told`, if given, gets the error that the rounder reports.
  std::vector<int32_t> round(const codes::LevelSet &levels, double scale,
                             double *told = nullptr) const {
    std::vector<int32_t> integers(weights.size());
    double error = 0;
    AdaptiveRounder(second, size)
        .round(levels, {weights, 1, size}, {&scale, 1}, integers, {&error, 1});
    if (told)
      *told = error;
    return integers;
  }

  /// d'Hd of a rounding, H with the damping.
  double dampedError(double scale, const std::vector<int32_t> &integers) const {
    double trace = 0, sum = 0;
    for (int64_t i = 0; i < size; ++i)
      trace += second[size_t(i * size + i)];
    for (size_t i = 0; i < weights.size(); ++i) {
      double miss = weights[i] - scale * integers[i];
      sum += AdaptiveRounder::damping * trace / double(size) * miss * miss;
    }
    return error(scale, integers) + sum;
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
    std::vector<int32_t> integers = inputs.round(levels, scale), plain;
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
  // More than one panel of columns, and one that is not full.
  for (int64_t size : {24, 64, 150}) {
    Inputs inputs(size, 300, 3);
    double scale = scaleFor(inputs), told = 0;
    std::vector<int32_t> integers = inputs.round(levels, scale, &told);
    double real = inputs.dampedError(scale, integers);
    EXPECT_NEAR(told, real, 1e-3 * real) << size;
  }
}

TEST_P(Code, RoundsManyVectorsAsItRoundsEach) {
  Inputs inputs(100, 300, 4), other(100, 1, 5);
  std::vector<float> both = inputs.weights;
  both.insert(both.end(), other.weights.begin(), other.weights.end());
  other.second = inputs.second;
  std::vector<double> scales{scaleFor(inputs), scaleFor(other)}, errors(2, 0.0);
  std::vector<int32_t> integers(both.size());
  AdaptiveRounder(inputs.second, 100).round(levels, {both, 2, 100}, scales, integers, errors);
  std::vector<int32_t> expected = inputs.round(levels, scales[0]),
                       second = other.round(levels, scales[1]);
  expected.insert(expected.end(), second.begin(), second.end());
  EXPECT_EQ(integers, expected);
}

INSTANTIATE_TEST_SUITE_P(All, Code,
                         testing::Values("fixed:2", "fixed:3", "fixed:4", "window:2", "pot"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), ':', '_');
                           return name;
                         });

class AdaptiveRounderTest : public testing::Test {
protected:
  static std::vector<int32_t> round(const char *code, const std::vector<float> &second,
                                    const std::vector<float> &weights, double scale) {
    std::vector<int32_t> integers(weights.size());
    double error = 0;
    const auto size = int64_t(weights.size());
    AdaptiveRounder(second, size)
        .round(codes::LevelSet(codes::parseCode(code)), {weights, 1, size}, {&scale, 1}, integers,
               {&error, 1});
    return integers;
  }
};

TEST_F(AdaptiveRounderTest, IsPlainRoundingForIndependentInputs) {
  EXPECT_EQ(round("fixed:3", {4, 0, 0, 0, 1, 0, 0, 0, 9}, {0.4f, -1.6f, 2.2f}, 1),
            (std::vector<int32_t>{0, -2, 2}));
}

TEST_F(AdaptiveRounderTest, InputsThatAreAlwaysZeroAreNoTrouble) {
  EXPECT_EQ(round("fixed:3", std::vector<float>(9, 0.0f), {0.4f, -1.6f, 2.2f}, 1),
            (std::vector<int32_t>{0, -2, 2}));
}

TEST_F(AdaptiveRounderTest, InputsThatAreAllAlikeAreNoTrouble) {
  // Only damping keeps this from being singular: the first error is all made up for.
  constexpr int64_t size = 200;
  std::vector<float> weights(size, 0.4f);
  std::vector<int32_t> integers =
      round("fixed:3", std::vector<float>(size * size, 1e6f), weights, 1);
  EXPECT_NEAR(std::accumulate(integers.begin(), integers.end(), 0.0), 0.4 * size, 1);
}

TEST_F(AdaptiveRounderTest, ZerosStayZero) {
  Inputs inputs(32, 200, 5);
  for (size_t i = 0; i < inputs.weights.size(); i += 2)
    inputs.weights[i] = 0;
  std::vector<int32_t> integers = round("fixed:4", inputs.second, inputs.weights, 0.3);
  for (size_t i = 0; i < integers.size(); i += 2)
    EXPECT_EQ(integers[i], 0);
}

TEST_F(AdaptiveRounderTest, EnergyIsThatOfTheOutput) {
  Inputs inputs(150, 300, 6);
  const std::vector<int32_t> none(inputs.weights.size(), 0);
  double energy = AdaptiveRounder(inputs.second, 150).energy({inputs.weights, 1, 150});
  double real = inputs.dampedError(0, none);
  EXPECT_NEAR(energy, real, 1e-3 * real);
}

} // namespace
