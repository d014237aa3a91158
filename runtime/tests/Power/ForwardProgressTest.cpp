//===- ForwardProgressTest.cpp - what a supply leaves of the time ---------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/ForwardProgress.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace pim::runtime;

namespace {

/// Two intervals of 100 and 300 cycles, with a commit of 8 after the first.
CommitPlan unequalIntervals() {
  CommitPlan plan;
  plan.points.resize(2);
  plan.points[1].begin = 100;
  plan.points[1].end = 108;
  plan.points[1].liveBits = 64;
  plan.timing.cycles = 408;
  plan.restoreCycles = 20;
  plan.bitsPerCycle = 8;
  return plan;
}

TEST(ProgressModelTest, AFailureFallsIntoALongIntervalMoreOften) {
  const CommitIntervals intervals = commitIntervals(unequalIntervals());
  EXPECT_DOUBLE_EQ(intervals.work, (100.0 * 100 + 300.0 * 300) / 400);
  EXPECT_DOUBLE_EQ(intervals.commit, 8.0 / 400 * intervals.work);
  EXPECT_DOUBLE_EQ(intervals.restore, 0.25 * 20 + 0.75 * 28);
}

TEST(ProgressModelTest, AnEmptyPlanHasNoIntervals) {
  CommitPlan plan;
  plan.points.resize(1);
  EXPECT_EQ(commitIntervals(plan).work, 0);
}

/// Against failures drawn one by one.
TEST(ProgressModelTest, IsTheMeanOfManyFailures) {
  const CommitIntervals intervals{.work = 1000, .commit = 30, .restore = 200};
  const double mtbf = 4000;
  std::mt19937_64 random(1);
  std::exponential_distribution<double> failure(1 / mtbf);
  double powered = 0, left = failure(random);
  const int count = 200000;
  // What one stretch of power must last for; what is left of it when it does not is lost.
  auto lasts = [&](double cycles) {
    const double spent = std::min(cycles, left);
    powered += spent;
    left -= spent;
    if (left > 0)
      return true;
    left = failure(random);
    return false;
  };
  for (int i = 0; i < count; ++i)
    while (!lasts(intervals.work + intervals.commit))
      while (!lasts(intervals.restore))
        ;
  EXPECT_NEAR(expectedProgress(intervals, mtbf), count * intervals.work / powered, 0.003);
}

TEST(ProgressModelTest, FailuresTenTimesSlowerLeaveNineTenths) {
  // 1/20 + R / (10 T) + C / T <= 1/10 to the first order.
  const double restore = 1000, commit = 6, work = 2 * restore + 20 * commit;
  EXPECT_NEAR(expectedProgress({work, commit, restore}, 10 * work), 0.9, 0.01);
}

TEST(ProgressModelTest, NoIntervalNearTheBestIsBetter) {
  const double commit = 6, mtbf = 40000, best = bestCommitInterval(commit, mtbf);
  const double progress = expectedProgress({best, commit, 0}, mtbf);
  for (double factor : {0.7, 0.8, 1.25, 1.5})
    EXPECT_GT(progress, expectedProgress({factor * best, commit, 0}, mtbf)) << factor;
}

} // namespace
