//===- RandomTest.cpp - tensors drawn at random ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpRunner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

using namespace pim;
using namespace pim::onnx;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

double meanOf(const std::vector<float> &values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}
double deviationOf(const std::vector<float> &values) {
  double mean = meanOf(values), sum = 0;
  for (float value : values)
    sum += (value - mean) * (value - mean);
  return std::sqrt(sum / double(values.size()));
}

TEST(OnnxRandom, UniformStaysWithinItsBounds) {
  std::vector<float> drawn = values<float>(run("RandomUniform", 1, {},
                                               {{"shape", intList({100, 100})},
                                                {"low", oneFloat(-3)},
                                                {"high", oneFloat(1)},
                                                {"seed", oneFloat(7)}}));
  ASSERT_EQ(drawn.size(), 10000u);
  EXPECT_THAT(drawn, Each(testing::AllOf(testing::Ge(-3), testing::Lt(1))));
  // Five deviations of the mean of 10,000.
  EXPECT_NEAR(meanOf(drawn), -1, 5 * 4 / std::sqrt(12.0) / 100);
  EXPECT_NEAR(deviationOf(drawn), 4 / std::sqrt(12.0), 0.03);
}

TEST(OnnxRandom, NormalHasItsMeanAndDeviation) {
  std::vector<float> drawn = values<float>(run("RandomNormalLike", 1, {counting({10000})},
                                               {{"mean", oneFloat(2)}, {"scale", oneFloat(3)}}));
  EXPECT_NEAR(meanOf(drawn), 2, 5 * 3 / 100.0);
  EXPECT_NEAR(deviationOf(drawn), 3, 0.12);
}

TEST(OnnxRandom, OneSeedDrawsTheSameAgain) {
  auto draw = [](double seed) {
    return values<float>(
        run("RandomNormal", 1, {}, {{"shape", intList({8})}, {"seed", oneFloat(seed)}}));
  };
  EXPECT_EQ(draw(1.5), draw(1.5));
  EXPECT_NE(draw(1.5), draw(2.5));
}

TEST(OnnxRandom, BernoulliFollowsItsProbabilities) {
  EXPECT_THAT(
      values<bool>(run("Bernoulli", 15, {floats({4}, {0, 1, 0, 1})}, {{"dtype", oneInt(9)}})),
      ElementsAre(false, true, false, true));
  std::vector<float> half(10000, 0.25f);
  EXPECT_NEAR(meanOf(values<float>(run("Bernoulli", 15, {floats({10000}, half)}))), 0.25, 0.022);
}

TEST(OnnxRandom, MultinomialFollowsItsLogarithms) {
  const float never = -1e30f;
  std::vector<int32_t> drawn =
      values<int32_t>(run("Multinomial", 7, {floats({2, 3}, {never, 0, never, 5, never, 5})},
                          {{"sample_size", oneInt(1000)}}));
  ASSERT_EQ(drawn.size(), 2000u);
  EXPECT_THAT(std::vector<int32_t>(drawn.begin(), drawn.begin() + 1000), Each(1));
  // Of two equal ones each is drawn about 500 times of 1,000.
  EXPECT_NEAR(double(std::count(drawn.begin() + 1000, drawn.end(), 0)), 500, 80);
  EXPECT_EQ(std::count(drawn.begin() + 1000, drawn.end(), 1), 0);
}

TEST(OnnxRandom, RefusesWhatMakesNoSense) {
  EXPECT_THAT(errorOf("RandomUniform", 1, {}, {{"shape", intList({-2})}}), HasSubstr("holds -2"));
  EXPECT_THAT(errorOf("Multinomial", 7, {counting({3})}), HasSubstr("no matrix"));
  EXPECT_THAT(errorOf("Multinomial", 7, {counting({1, 3})}, {{"dtype", oneInt(1)}}),
              HasSubstr("32 or 64"));
}

} // namespace
