//===- EncodeTest.cpp - weights on the levels of a code ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Codes/Encode.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace pim;
using namespace pim::codes;

namespace {

std::vector<float> laplace(size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::exponential_distribution<float> magnitude(20);
  std::bernoulli_distribution sign;
  std::vector<float> values(count);
  for (float &value : values)
    value = sign(random) ? magnitude(random) : -magnitude(random);
  return values;
}

double squaredDistance(const std::vector<float> &a, const std::vector<float> &b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += (double(a[i]) - b[i]) * (double(a[i]) - b[i]);
  return sum;
}

class CodeProperty : public testing::TestWithParam<const char *> {
protected:
  LevelSet levels{parseCode(GetParam())};
};

TEST_P(CodeProperty, ResultIsOnTheLevels) {
  for (ScaleFit fit : {ScaleFit::Largest, ScaleFit::Alternate, ScaleFit::Search}) {
    std::vector<float> weights = laplace(300, 5);
    std::vector<float> original = weights;
    EncodeOptions options;
    options.fit = fit;
    Encoding encoding = encode(levels, weights, options);
    double scale = project(levels, weights, options);
    EXPECT_EQ(scale, encoding.scale);
    EXPECT_GT(scale, 0);
    for (size_t i = 0; i < weights.size(); ++i) {
      EXPECT_TRUE(levels.contains(encoding.integers[i]));
      EXPECT_EQ(weights[i], float(scale * encoding.integers[i]));
    }
    EXPECT_NEAR(encoding.squaredError, squaredDistance(weights, original), 1e-6);
    EXPECT_TRUE(findScale(levels, weights));
  }
}

TEST_P(CodeProperty, IsIdempotent) {
  for (ScaleFit fit : {ScaleFit::Largest, ScaleFit::Alternate, ScaleFit::Search})
    for (unsigned seed = 0; seed < 20; ++seed) {
      std::vector<float> once = laplace(50, seed);
      EncodeOptions options;
      options.fit = fit;
      project(levels, once, options);
      std::vector<float> twice = once;
      project(levels, twice, options);
      EXPECT_EQ(once, twice);
    }
}

TEST_P(CodeProperty, NoSampledPointIsNearer) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    std::vector<float> weights = laplace(60, seed);
    double least = encode(levels, weights).squaredError;
    for (double scale = 1e-4; scale < 1; scale *= 1.003)
      EXPECT_GE(encodeWithScale(levels, weights, scale).squaredError, least * (1 - 1e-9));
  }
}

TEST_P(CodeProperty, GridIsNearlyAsGoodAsTheExactSearch) {
  // Long enough for the grid; no scale of a fine scan is better by a hundredth.
  std::vector<float> weights = laplace(40000, 9);
  double found = encode(levels, weights).squaredError, least = found;
  for (double scale = 1e-4; scale < 1; scale *= 1.02)
    least = std::min(least, encodeWithScale(levels, weights, scale).squaredError);
  EXPECT_LE(found, 1.01 * least);
}

TEST_P(CodeProperty, SearchIsNeverWorseThanTheOtherFits) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    std::vector<float> weights = laplace(200, seed);
    double searched = encode(levels, weights).squaredError;
    for (ScaleFit fit : {ScaleFit::Largest, ScaleFit::Alternate}) {
      EncodeOptions options;
      options.fit = fit;
      EXPECT_LE(searched, encode(levels, weights, options).squaredError * (1 + 1e-9));
    }
  }
}

TEST_P(CodeProperty, ZerosStayZero) {
  std::vector<float> weights = laplace(100, 2);
  for (size_t i = 0; i < weights.size(); i += 3)
    weights[i] = 0;
  project(levels, weights);
  for (size_t i = 0; i < weights.size(); i += 3)
    EXPECT_EQ(weights[i], 0.0f);
  std::vector<float> none(5, 0.0f);
  EXPECT_EQ(encode(levels, none).scale, 1);
  EXPECT_EQ(encode(levels, none).integers, std::vector<int32_t>(5, 0));
}

INSTANTIATE_TEST_SUITE_P(All, CodeProperty,
                         testing::Values("fixed:2", "fixed:4", "fixed:8", "pot", "apot", "window:2",
                                         "window:3", "run:3", "ternary", "binary"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), ':', '_');
                           return name;
                         });

TEST(Encode, BinaryScaleIsTheMeanMagnitude) {
  std::vector<float> weights{1, -2, 3, -6};
  Encoding encoding = encode(LevelSet(parseCode("binary")), weights);
  EXPECT_DOUBLE_EQ(encoding.scale, 3);
  EXPECT_EQ(encoding.integers, (std::vector<int32_t>{1, -1, 1, -1}));
}

TEST(Encode, FindsTheLargestScaleThatFits) {
  LevelSet fixed(parseCode("fixed:4"));
  std::vector<float> weights{0.5f, -1.0f, 0, 1.5f};
  EXPECT_NEAR(*findScale(fixed, weights), 0.5, 1e-12);
  weights.push_back(0.1f);
  EXPECT_FALSE(findScale(fixed, weights));
  // 5 = 101b has no window of two, nor has any multiple of it.
  EXPECT_FALSE(findScale(LevelSet(parseCode("window:2")), std::vector<float>{5, 1}));
  EXPECT_TRUE(findScale(LevelSet(parseCode("window:3")), std::vector<float>{5, 1}));
}

TEST(Encode, RowsHaveScalesOfTheirOwn) {
  std::vector<float> weights{1, 2, 3, 10, 20, 30};
  std::vector<double> scales = projectRows(LevelSet(parseCode("fixed:3")), weights, 2);
  EXPECT_NEAR(scales[0], 1, 1e-6);
  EXPECT_NEAR(scales[1], 10, 1e-5);
  EXPECT_THROW(projectRows(LevelSet(parseCode("fixed:3")), weights, 4), Error);
}

} // namespace
