//===- RatiosTest.cpp - pruning ratios from sensitivities ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/ADMM/Ratios.h"
#include "pim/Support/Error.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace pim;
using namespace pim::admm;

namespace {

ArrayGeometry arrays128() { return {128, 128, 8, 1}; }

/// A layer whose loss rises as share^2 times a factor.
LayerSensitivity layer(const char *name, int64_t inputs, int64_t outputs, double factor) {
  LayerSensitivity result{name, inputs, outputs, 1, PrunedAxis::Inputs, {}};
  for (double share = 0.1; share < 0.95; share += 0.1)
    result.losses.push_back({share, factor * share * share});
  return result;
}

int64_t total(const std::vector<RatioChoice> &choices) {
  int64_t sum = 0;
  for (const RatioChoice &choice : choices)
    sum += choice.arrays;
  return sum;
}

double totalLoss(const std::vector<RatioChoice> &choices) {
  double sum = 0;
  for (const RatioChoice &choice : choices)
    sum += choice.loss;
  return sum;
}

TEST(Goal, PrintsWhatItReads) {
  for (const char *text : {"arrays=8x", "arrays=2.5x", "accuracy-loss=0.5"})
    EXPECT_EQ(formatGoal(parseGoal(text)), text);
  for (const char *text :
       {"arrays=8", "arrays=0.5x", "accuracy-loss=-1", "accuracy-loss", "speed=2x"})
    EXPECT_THROW(parseGoal(text), Error) << text;
}

TEST(Ratios, CountsArraysOfBothMappings) {
  LayerSensitivity conv = layer("conv", 1152, 256, 1);
  EXPECT_EQ(countArrays(conv, 1152, arrays128()), 9 * 2 * 8);
  EXPECT_EQ(countArrays(conv, 1152, {128, 128, 1, 8}), 9 * 16);
  conv.axis = PrunedAxis::Outputs;
  conv.groups = 2;
  EXPECT_EQ(countArrays(conv, 129, arrays128()), 2 * 9 * 2 * 8);
}

TEST(Ratios, KeepsMultiplesOfTheArrayRows) {
  std::vector<LayerSensitivity> layers{layer("a", 1152, 256, 1), layer("b", 576, 64, 3)};
  std::vector<RatioChoice> choices = chooseRatios(layers, arrays128(), parseGoal("arrays=3x"));
  for (size_t i = 0; i < layers.size(); ++i) {
    EXPECT_TRUE(choices[i].kept == layers[i].inputs || choices[i].kept % 128 == 0);
    EXPECT_NEAR(choices[i].dropped, 1 - double(choices[i].kept) / double(layers[i].inputs), 1e-12);
    EXPECT_EQ(choices[i].arrays, countArrays(layers[i], choices[i].kept, arrays128()));
  }
  EXPECT_LE(total(choices) * 3, 9 * 2 * 8 + 5 * 8);
}

TEST(Ratios, OutputsKeepMultiplesOfTheArrayColumns) {
  LayerSensitivity wide = layer("wide", 128, 512, 1);
  wide.axis = PrunedAxis::Outputs;
  std::vector<RatioChoice> choices =
      chooseRatios(std::span(&wide, 1), {128, 128, 1, 8}, parseGoal("arrays=4x"));
  EXPECT_EQ(choices[0].kept, 128);
  EXPECT_EQ(choices[0].arrays, 8);
}

TEST(Ratios, SensitiveLayersKeepMore) {
  std::vector<LayerSensitivity> layers{layer("robust", 1280, 128, 0.1),
                                       layer("sensitive", 1280, 128, 10)};
  std::vector<RatioChoice> choices = chooseRatios(layers, arrays128(), parseGoal("arrays=1.5x"));
  EXPECT_GT(choices[0].dropped, choices[1].dropped);
}

TEST(Ratios, LossBudgetIsKeptAndUsed) {
  std::vector<LayerSensitivity> layers{layer("a", 1280, 128, 2), layer("b", 1280, 256, 1),
                                       layer("c", 640, 128, 4)};
  int64_t before = INT64_MAX;
  for (const char *goal : {"accuracy-loss=0", "accuracy-loss=0.5", "accuracy-loss=2"}) {
    std::vector<RatioChoice> choices = chooseRatios(layers, arrays128(), parseGoal(goal));
    EXPECT_LE(totalLoss(choices), parseGoal(goal).value + 1e-12);
    EXPECT_LT(total(choices), before);
    before = total(choices);
  }
}

TEST(Ratios, NoSampledChoiceIsBetter) {
  std::mt19937 random(6);
  std::uniform_real_distribution<double> factor(0.1, 10);
  for (int round = 0; round < 20; ++round) {
    std::vector<LayerSensitivity> layers;
    for (int i = 0; i < 4; ++i)
      layers.push_back(layer("l", 128 * (2 + int64_t(random() % 8)),
                             128 * (1 + int64_t(random() % 3)), factor(random)));
    std::vector<RatioChoice> choices = chooseRatios(layers, arrays128(), parseGoal("arrays=2x"));
    for (int sample = 0; sample < 300; ++sample) {
      int64_t arrays = 0;
      double loss = 0;
      for (const LayerSensitivity &l : layers) {
        int64_t kept = 128 * (1 + int64_t(random()) % (l.inputs / 128));
        double dropped = 1 - double(kept) / double(l.inputs);
        if (dropped > 0.9)
          continue;
        // The curve itself lies below its chords.
        loss += l.losses.back().second / (0.9 * 0.9) * dropped * dropped;
        arrays += countArrays(l, kept, arrays128());
      }
      if (arrays == total(choices)) {
        EXPECT_GE(loss, totalLoss(choices) * 0.95 - 0.05);
      }
    }
  }
}

TEST(Ratios, SayHowFarOneCanGo) {
  std::vector<LayerSensitivity> layers{layer("a", 1280, 128, 1)};
  try {
    chooseRatios(layers, arrays128(), parseGoal("arrays=100x"));
    FAIL();
  } catch (const Error &error) {
    EXPECT_STREQ(error.what(), "'arrays=100x' is out of reach: of 80 arrays 8 remain with every "
                               "layer at the last share that was measured, a factor of 10");
  }
}

TEST(Ratios, NoisyMeasurementsNeverRewardPruning) {
  LayerSensitivity noisy{"noisy", 512, 128, 1, PrunedAxis::Inputs, {{0.5, -0.2}, {0.75, 0.1}}};
  std::vector<RatioChoice> choices =
      chooseRatios(std::span(&noisy, 1), arrays128(), parseGoal("accuracy-loss=0"));
  EXPECT_EQ(choices[0].kept, 256);
  EXPECT_EQ(choices[0].loss, 0);
  noisy.losses.push_back({1.5, 0});
  EXPECT_THROW(chooseRatios(std::span(&noisy, 1), arrays128(), parseGoal("arrays=2x")), Error);
  noisy.losses.back() = {0.5, NAN};
  EXPECT_THROW(chooseRatios(std::span(&noisy, 1), arrays128(), parseGoal("arrays=2x")), Error);
}

TEST(Ratios, LayersBelowOneArrayStayDense) {
  LayerSensitivity small = layer("small", 27, 16, 0.01);
  EXPECT_EQ(
      chooseRatios(std::span(&small, 1), arrays128(), parseGoal("accuracy-loss=5"))[0].dropped, 0);
}

} // namespace
