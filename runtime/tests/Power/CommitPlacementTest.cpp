//===- CommitPlacementTest.cpp - where commits are worth their time -------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TwoCores.h"

#include "CommitPlacement.h"
#include "pim/Runtime/Power/ForwardProgress.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// Of exponentially distributed failures, at 1 GHz.
Uptime meanOf(double cycles) { return {.meanSeconds = cycles * 1e-9}; }

class CommitPlacementTest : public ::testing::TestWithParam<target::Durability> {
public:
  CommitPlan planOf(const char *policy, const Uptime &uptime = {}) const {
    return planCommits(*cores.program, *cores.table, CommitPolicy::parse(policy),
                       [&] { return uptime; });
  }

  TwoCores cores{{.durable = GetParam()}};
};

INSTANTIATE_TEST_SUITE_P(Memories, CommitPlacementTest,
                         ::testing::Values(target::Durability::Arrays,
                                           target::Durability::GlobalMemory));

TEST(ShortestPathTest, IsTheBestOfAllSubsets) {
  std::mt19937 random(1);
  for (int turn = 0; turn < 50; ++turn) {
    constexpr size_t last = 9;
    double costs[last + 1][last + 1];
    for (auto &row : costs)
      for (double &cost : row)
        cost = double(random() % 1000);
    auto total = [&](const std::vector<size_t> &path) {
      double sum = 0;
      size_t at = 0;
      for (size_t place : path)
        sum += costs[std::exchange(at, place)][place];
      return sum + costs[at][last];
    };
    double least = never;
    for (unsigned subset = 0; subset < 1u << (last - 1); ++subset) {
      std::vector<size_t> path;
      for (size_t place = 1; place < last; ++place)
        if (subset >> (place - 1) & 1)
          path.push_back(place);
      least = std::min(least, total(path));
    }
    EXPECT_EQ(total(shortestPath(last, [&](size_t i, size_t j) { return costs[i][j]; })), least);
  }
}

TEST(ShortestPathTest, TakesAllPlacesWhereNoneIsPossible) {
  EXPECT_EQ(shortestPath(4, [](size_t, size_t) { return never; }), (std::vector<size_t>{1, 2, 3}));
}

/// What is expected of a choice is what a plan of that choice writes.
TEST_P(CommitPlacementTest, SavedBitsAreThoseOfThePlan) {
  const ProgramLiveness liveness = computeLiveness(*cores.program, *cores.table);
  auto planAt = [&](std::vector<uint8_t> layers) {
    return planWith(*cores.program, *cores.table, liveness,
                    {{CommitPolicy::Kind::Layer}, std::move(layers), true});
  };
  const CommitPlan both = planAt({1, 1}), second = planAt({0, 1});
  ASSERT_EQ(both.points.size(), 3u);
  ASSERT_EQ(second.points.size(), 2u);
  EXPECT_EQ(second.points[1].layer, 1);
  const SavedBits saved(*cores.program, liveness, both, {0, 1, 2});
  EXPECT_EQ(saved.between(0, 1), both.points[1].savedBits);
  EXPECT_EQ(saved.between(1, 2), both.points[2].savedBits);
  EXPECT_EQ(saved.between(0, 2), second.points[1].savedBits);
  EXPECT_LE(second.points[1].savedBits, both.points[2].savedBits)
      << "nobody reads the sums of the first layer any more";
}

TEST_P(CommitPlacementTest, ASupplyThatHoldsAsksForNoCommit) {
  const CommitPlan plan = planOf("auto");
  EXPECT_EQ(plan.points.size(), 1u);
  EXPECT_EQ(plan.policy.text(), "auto");
  EXPECT_EQ(plan.placement.text(), "layer");
  EXPECT_EQ(plan.timing.cycles, runTiming(*cores.program, *cores.table).cycles);
}

TEST_P(CommitPlacementTest, AShortUptimeAsksForManyCommits) {
  size_t before = 1;
  for (double mean : {1e9, 3e4, 3e3, 1e3}) {
    const CommitPlan plan = planOf("auto", meanOf(mean));
    EXPECT_GE(plan.points.size(), before) << mean;
    before = plan.points.size();
  }
  EXPECT_GT(before, 5u) << "more than there are layers";
  EXPECT_EQ(planOf("auto", meanOf(1e3)).placement.kind, CommitPolicy::Kind::Cycles);
}

/// No policy is expected to be sooner through, whatever the supply, but for intervals that happen
/// to fall better than those of the law.
TEST_P(CommitPlacementTest, IsExpectedToEndFirst) {
  for (double mean = 300; mean < 1e8; mean *= 3) {
    const UptimeCycles uptime{mean, never};
    const double expected = expectedCycles(planOf("auto", meanOf(mean)), uptime);
    ASSERT_TRUE(std::isfinite(expected)) << mean;
    EXPECT_LE(expected, expectedCycles(planOf("layer"), uptime)) << mean;
    EXPECT_LE(expected, expectedCycles(planOf("cycles:1000000"), uptime)) << mean;
    for (const char *policy : {"cycles:30", "cycles:100", "cycles:300", "cycles:1000"})
      EXPECT_LE(expected, 1.03 * expectedCycles(planOf(policy), uptime)) << policy << " " << mean;
  }
}

/// A supply that lasts alike each time ends no interval that is longer.
TEST_P(CommitPlacementTest, NoIntervalIsLongerThanTheSupplyEverLasts) {
  const CommitPlan all = planOf("layer");
  const double longest = double(all.workAfter(0)) / 3;
  const CommitPlan plan = planOf("auto", {longest * 1e-9, longest * 1e-9});
  for (size_t i = 0; i < plan.points.size(); ++i)
    EXPECT_LE(double(plan.workAfter(i) + plan.commitAfter(i) + plan.restoreTo(i)), longest) << i;
}

TEST(CommitPlacementForcedTest, CommitsBeforeAnInputIsOverwritten) {
  const TwoCores cores({.overwritesInput = true});
  for (double mean : {1e3, 1e4, 1e6}) {
    const CommitPlan plan =
        planCommits(*cores.program, *cores.table, {}, [&] { return meanOf(mean); });
    EXPECT_EQ(plan.policy.text(), "auto");
  }
}

} // namespace
