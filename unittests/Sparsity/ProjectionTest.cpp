//===- ProjectionTest.cpp - every pattern's projection -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same three properties for each pattern, over shapes that do and do not divide evenly: the
// result is feasible (by a count of its own, not by the code under test), projecting again changes
// nothing, and no sampled feasible weight is nearer.
//
//===----------------------------------------------------------------------===//

#include "pim/Sparsity/Projection.h"
#include "pim/Sparsity/PatternSpec.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <random>

using namespace pim;
using namespace pim::sparsity;

namespace {

std::vector<float> randomWeights(const WeightShape &shape, std::mt19937 &random) {
  std::normal_distribution<float> distribution;
  std::vector<float> values(size_t(shape.count()));
  for (float &value : values)
    value = distribution(random);
  return values;
}

double distance(const std::vector<float> &a, const std::vector<float> &b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += (double(a[i]) - b[i]) * (double(a[i]) - b[i]);
  return sum;
}

int64_t nonZeroFilters(const WeightView &w) {
  int64_t count = 0;
  for (int64_t f = 0; f < w.shape.filters; ++f) {
    bool any = false;
    for (int64_t k = 0; k < w.shape.columns(); ++k)
      any |= w.at(f, k) != 0;
    count += any;
  }
  return count;
}

/// Groups of `width` matrix columns with a non-zero.
int64_t nonZeroColumnGroups(const WeightView &w, int64_t width) {
  int64_t count = 0;
  for (int64_t begin = 0; begin < w.shape.columns(); begin += width) {
    bool any = false;
    for (int64_t f = 0; f < w.shape.filters; ++f)
      for (int64_t k = begin; k < begin + width; ++k)
        any |= w.at(f, k) != 0;
    count += any;
  }
  return count;
}

/// Whether the weight is in the set, told from the definitions.
struct Feasible {
  const WeightView &w;
  int64_t count() const {
    return w.shape.count() - std::count(w.values.begin(), w.values.end(), 0.0f);
  }
  bool operator()(const Irregular &p) const {
    return count() <= std::llround(double(w.shape.count()) * (1 - p.dropped));
  }
  bool operator()(const Filter &p) const {
    return nonZeroFilters(w) <= p.share.kept(w.shape.filters);
  }
  bool operator()(const Column &p) const {
    return nonZeroColumnGroups(w, 1) <= p.share.kept(w.shape.columns());
  }
  bool operator()(const ColumnCount &p) const { return nonZeroColumnGroups(w, 1) <= p.kept; }
  bool operator()(const Channel &p) const {
    return nonZeroColumnGroups(w, w.shape.taps()) <= p.share.kept(w.shape.channels);
  }
  bool operator()(const KernelPattern &) const {
    for (size_t kernel = 0; kernel < w.values.size(); kernel += 9) {
      bool any = false;
      for (int candidate = 0; candidate < KernelPattern::candidates; ++candidate) {
        bool fits = true;
        for (size_t tap = 0; tap < 9; ++tap)
          if (KernelPattern::zeroedTaps(candidate) >> tap & 1)
            fits &= w.values[kernel + tap] == 0;
        any |= fits;
      }
      if (!any)
        return false;
    }
    return true;
  }
  bool operator()(const BlockLimited &p) const {
    std::vector<int64_t> order = w.shape.arrayOrder();
    for (int64_t f = 0; f < w.shape.filters; ++f)
      for (int64_t begin = 0; begin < w.shape.columns(); begin += p.width) {
        int64_t end = std::min(w.shape.columns(), begin + p.width), nonZeros = 0;
        for (int64_t row = begin; row < end; ++row)
          nonZeros += w.at(f, order[size_t(row)]) != 0;
        if (double(nonZeros) >= double(end - begin) * (1 - p.dropped) + 1)
          return false;
      }
    return true;
  }
  bool operator()(const NOfM &p) const {
    for (int64_t f = 0; f < w.shape.filters; ++f)
      for (int64_t tap = 0; tap < w.shape.taps(); ++tap)
        for (int64_t begin = 0; begin < w.shape.channels; begin += p.group) {
          int64_t nonZeros = 0;
          for (int64_t c = begin; c < std::min(w.shape.channels, begin + p.group); ++c)
            nonZeros += w.at(f, w.shape.column(c, tap)) != 0;
          if (nonZeros > p.kept)
            return false;
        }
    return true;
  }
  bool operator()(const Block &p) const {
    int64_t blocks = 0, nonZeroBlocks = 0;
    for (int64_t f = 0; f < w.shape.filters; f += p.filters)
      for (int64_t c = 0; c < w.shape.channels; c += p.channels)
        for (int64_t tap = 0; tap < w.shape.taps(); ++tap) {
          bool any = false;
          for (int64_t i = f; i < std::min(w.shape.filters, f + p.filters); ++i)
            for (int64_t j = c; j < std::min(w.shape.channels, c + p.channels); ++j)
              any |= w.at(i, w.shape.column(j, tap)) != 0;
          ++blocks;
          nonZeroBlocks += any;
        }
    return nonZeroBlocks <= std::max<int64_t>(1, std::llround(double(blocks) * (1 - p.dropped)));
  }
  bool operator()(const Polarized &p) const {
    std::vector<int64_t> order = w.shape.arrayOrder();
    for (int64_t f = 0; f < w.shape.filters; f += p.filters)
      for (int64_t begin = 0; begin < w.shape.columns(); begin += p.rows) {
        bool positive = false, negative = false;
        for (int64_t i = f; i < std::min(w.shape.filters, f + p.filters); ++i)
          for (int64_t r = begin; r < std::min(w.shape.columns(), begin + p.rows); ++r) {
            positive |= w.at(i, order[size_t(r)]) > 0;
            negative |= w.at(i, order[size_t(r)]) < 0;
          }
        if (positive && negative)
          return false;
      }
    return true;
  }
};

bool feasible(const Pattern &pattern, const WeightView &w) {
  return std::visit(Feasible{w}, pattern);
}

class PatternProperty : public testing::TestWithParam<const char *> {
protected:
  std::vector<WeightShape> shapes() {
    std::vector<WeightShape> all{
        {8, 8, 3, 3}, {5, 7, 3, 3}, {16, 33, 1, 1}, {1, 1, 3, 3}, {9, 2, 5, 3}};
    std::erase_if(all, [&](const WeightShape &s) { return misfit(pattern, s).has_value(); });
    return all;
  }
  Pattern pattern = parsePattern(GetParam());
  std::mt19937 random{7};
};

TEST_P(PatternProperty, ResultIsFeasibleAndCounted) {
  for (const WeightShape &shape : shapes())
    for (int round = 0; round < 10; ++round) {
      std::vector<float> before = randomWeights(shape, random), after = before;
      Projection projection = project(pattern, after, shape);
      EXPECT_TRUE(feasible(pattern, {after, shape}));
      EXPECT_TRUE(satisfies(pattern, {after, shape}));
      for (size_t i = 0; i < after.size(); ++i)
        EXPECT_EQ(after[i], projection.mask[i] ? before[i] : 0.0f);
      EXPECT_EQ(projection.kept, std::count(projection.mask.begin(), projection.mask.end(), 1));
      EXPECT_NEAR(projection.removedEnergy, distance(before, after), 1e-6);
      EXPECT_EQ(satisfies(pattern, {before, shape}), feasible(pattern, {before, shape}));
    }
}

TEST_P(PatternProperty, IsIdempotent) {
  for (const WeightShape &shape : shapes()) {
    std::vector<float> once = randomWeights(shape, random);
    project(pattern, once, shape);
    std::vector<float> twice = once;
    EXPECT_EQ(project(pattern, twice, shape).removedEnergy, 0);
    EXPECT_EQ(once, twice);
  }
}

TEST_P(PatternProperty, NoSampledFeasibleWeightIsNearer) {
  for (const WeightShape &shape : shapes()) {
    std::vector<float> weight = randomWeights(shape, random), nearest = weight;
    project(pattern, nearest, shape);
    double least = distance(weight, nearest);
    std::uniform_real_distribution<float> spread(0, 2);
    for (int sample = 0; sample < 200; ++sample) {
      // Another feasible weight's zeros, but the best values between them: the weight's own.
      std::vector<float> other = weight;
      float noise = spread(random);
      std::vector<float> shift = randomWeights(shape, random);
      for (size_t i = 0; i < other.size(); ++i)
        other[i] += noise * shift[i];
      project(pattern, other, shape);
      ASSERT_TRUE(feasible(pattern, {other, shape}));
      for (size_t i = 0; i < other.size(); ++i) {
        if (other[i] != 0 && !std::holds_alternative<Polarized>(pattern))
          other[i] = weight[i];
        else if (other[i] * weight[i] > 0)
          other[i] = weight[i];
      }
      EXPECT_GE(distance(weight, other), least - 1e-5);
    }
  }
}

TEST_P(PatternProperty, ZeroWeightsStayZero) {
  for (const WeightShape &shape : shapes()) {
    std::vector<float> zeros(size_t(shape.count()), 0.0f);
    EXPECT_TRUE(satisfies(pattern, {zeros, shape}));
    EXPECT_EQ(project(pattern, zeros, shape).nonZeros, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, PatternProperty,
    testing::Values("irregular=0.9", "irregular=0.5", "filter=0.5", "filter=0.3@4", "column=0.3",
                    "column=0.6@8", "columns=5", "columns=1000", "channel=0.25", "pattern=4/9",
                    "limited=16@0.5", "limited=7@0.4", "nm=2:4", "nm=1:3", "block=8x4@0.5",
                    "block=4x4@0.7", "polarize=1x4", "polarize=2x9"),
    [](const auto &info) {
      std::string name = info.param;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
      return name;
    });

TEST(Projection, GoldenCounts) {
  std::mt19937 random(1);
  WeightShape shape{64, 32, 3, 3};
  std::vector<float> weight = randomWeights(shape, random);
  auto kept = [&](const char *spec) {
    std::vector<float> copy = weight;
    return project(parsePatternSpec(spec), copy, shape).kept;
  };
  EXPECT_EQ(kept("irregular=0.9"), 1843);
  EXPECT_EQ(kept("filter=0.5"), 32 * 288);
  EXPECT_EQ(kept("column=0.5@128"), 64 * 128);
  EXPECT_EQ(kept("columns=100"), 64 * 100);
  EXPECT_EQ(kept("channel=0.25"), 64 * 24 * 9);
  EXPECT_EQ(kept("pattern=4/9"), 64 * 32 * 5);
  EXPECT_EQ(kept("limited=128@0.5"), 64 * (64 + 64 + 16));
  EXPECT_EQ(kept("nm=2:4"), 64 * 288 / 2);
  EXPECT_EQ(kept("block=8x4@0.5"), 64 * 288 / 2);
  EXPECT_EQ(kept("filter=0.5,column=0.5"), 32 * 144);
  EXPECT_EQ(kept("none"), 64 * 288);
}

TEST(Projection, SeveralPatternsAllHold) {
  std::mt19937 random(2);
  WeightShape shape{24, 16, 3, 3};
  PatternSpec spec = parsePatternSpec("filter=0.25,channel=0.25,pattern=4/9,nm=3:4,polarize=1x8");
  std::vector<float> weight = randomWeights(shape, random);
  project(spec, weight, shape);
  for (const Pattern &pattern : spec)
    EXPECT_TRUE(feasible(pattern, {weight, shape})) << formatPattern(pattern);
  std::vector<float> again = weight;
  project(spec, again, shape);
  EXPECT_EQ(weight, again);
}

TEST(Projection, KeepsAtLeastOneFilter) {
  std::vector<float> weight{3, 1, 2};
  EXPECT_EQ(project(parsePattern("filter=0.99"), weight, {3, 1, 1, 1}).kept, 1);
  EXPECT_EQ(weight, (std::vector<float>{3, 0, 0}));
}

TEST(Projection, PolarizationKeepsTheSignWithMoreEnergy) {
  // The sum is positive, but -4 alone has more energy than 3 and 2.
  std::vector<float> weight{3, 2, -4, 0};
  project(parsePattern("polarize=1x4"), weight, {1, 4, 1, 1});
  EXPECT_EQ(weight, (std::vector<float>{0, 0, -4, 0}));
}

TEST(Projection, RefusesWhatDoesNotFit) {
  std::vector<float> weight(8, 1.0f);
  auto message = [&](const char *pattern, WeightShape shape) -> std::string {
    try {
      project(parsePattern(pattern), weight, shape);
    } catch (const Error &error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message("pattern=4/9", {2, 4, 1, 1}),
            "'pattern=4/9': kernel patterns are for 3x3 kernels, this one is 1x1");
  EXPECT_EQ(message("filter=0.5", {2, 3, 1, 1}), "a weight of 2x3x1x1 has 6 values, not 8");
}

} // namespace
