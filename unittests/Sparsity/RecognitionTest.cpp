//===- RecognitionTest.cpp - which pattern zeros follow ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Sparsity/PatternSpec.h"
#include "pim/Sparsity/Projection.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

using namespace pim::sparsity;

namespace {

std::vector<float> projected(const char *spec, const WeightShape &shape, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> distribution;
  std::vector<float> values(size_t(shape.count()));
  for (float &value : values)
    value = distribution(random);
  project(parsePatternSpec(spec), values, shape);
  return values;
}

/// What is recognized, as text, most explained first.
std::vector<std::string> recognized(const WeightView &weight) {
  std::vector<std::string> names;
  for (const Recognition &recognition : recognize(weight))
    names.push_back(formatPattern(recognition.pattern));
  return names;
}

class Recognized : public testing::TestWithParam<const char *> {};

TEST_P(Recognized, ProjectedWeightsSatisfyTheirPatternFully) {
  WeightShape shape{32, 32, 3, 3};
  std::vector<float> weight = projected(GetParam(), shape, 11);
  bool found = false;
  for (const Recognition &recognition : recognize({weight, shape}))
    if (formatPattern(recognition.pattern) == GetParam()) {
      // A few fragments of one weight have no sign to agree on.
      EXPECT_NEAR(recognition.explained, 1,
                  std::holds_alternative<Polarized>(recognition.pattern) ? 0.01 : 1e-12);
      found = true;
    }
  EXPECT_TRUE(found) << testing::PrintToString(recognized({weight, shape}));
}

INSTANTIATE_TEST_SUITE_P(All, Recognized,
                         testing::Values("irregular=0.75", "filter=0.5", "column=0.25",
                                         "columns=100", "channel=0.25", "pattern=4/9",
                                         "limited=32@0.5", "nm=2:4", "nm=1:8", "block=8x4@0.5",
                                         "block=16x16@0.25", "polarize=1x8"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return !std::isalnum(c); },
                               '_');
                           return name;
                         });

TEST(Recognition, EverythingRecognizedIsSatisfied) {
  for (const char *spec : {"none", "irregular=0.95", "filter=0.5,column=0.5", "nm=1:2,channel=0.5",
                           "limited=24@0.7", "polarize=1x4,irregular=0.5"})
    for (WeightShape shape : {WeightShape{8, 12, 3, 3}, {5, 70, 1, 1}, {16, 6, 5, 5}})
      for (unsigned seed = 0; seed < 5; ++seed) {
        std::vector<float> weight = projected(spec, shape, seed);
        for (const Recognition &recognition : recognize({weight, shape})) {
          EXPECT_TRUE(satisfies(recognition.pattern, {weight, shape}))
              << spec << " as " << formatPattern(recognition.pattern);
          EXPECT_GT(recognition.explained, 0);
          EXPECT_LE(recognition.explained, 1);
        }
      }
}

TEST(Recognition, DenseWeightsFollowNothing) {
  WeightShape shape{32, 32, 3, 3};
  EXPECT_TRUE(recognized({projected("none", shape, 3), shape}).empty());
}

TEST(Recognition, ScatteredZerosAreOnlyIrregular) {
  WeightShape shape{64, 64, 1, 1};
  EXPECT_EQ(recognized({projected("irregular=0.3", shape, 3), shape}).front(),
            "irregular=0.300048828125");
}

TEST(Recognition, LongRunsOfScatteredZerosAreNoPattern) {
  WeightShape shape{120, 400, 1, 1};
  EXPECT_THAT(recognized({projected("irregular=0.5", shape, 3), shape}),
              testing::ElementsAre("irregular=0.5"));
}

TEST(Recognition, NOfMComesBeforeTheRunsThatItImplies) {
  WeightShape shape{32, 64, 1, 1};
  std::vector<std::string> found = recognized({projected("nm=2:4", shape, 3), shape});
  auto place = [&](const char *name) { return std::find(found.begin(), found.end(), name); };
  ASSERT_NE(place("limited=16@0.5"), found.end());
  EXPECT_LT(place("nm=2:4"), place("limited=16@0.5"));
}

TEST(Recognition, ZeroWeightHasNoRatio) {
  WeightShape shape{4, 4, 1, 1};
  std::vector<float> zeros(16, 0.0f);
  EXPECT_TRUE(recognize({zeros, shape}).empty());
}

} // namespace
