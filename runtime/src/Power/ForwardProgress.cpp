//===- ForwardProgress.cpp - what a supply leaves of the time -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/ForwardProgress.h"

#include <cmath>
#include <limits>

using namespace pim::runtime;

CommitIntervals pim::runtime::commitIntervals(const CommitPlan &plan) {
  double work = 0, squares = 0, commit = 0, restore = 0;
  for (size_t i = 0; i < plan.points.size(); ++i) {
    const auto length = double(plan.workAfter(i));
    work += length;
    squares += length * length;
    commit += double(plan.commitAfter(i));
    restore += length * double(plan.restoreTo(i));
  }
  if (work == 0)
    return {};
  const double interval = squares / work;
  return {interval, commit / work * interval, restore / work};
}

double pim::runtime::expectedCycles(const CommitIntervals &interval, const UptimeCycles &uptime) {
  const double cycles = interval.work + interval.commit;
  if (std::isinf(uptime.mean))
    return cycles;
  // After a failure the state must come back first, and once there was one.
  if (interval.restore + cycles > uptime.longest)
    return std::numeric_limits<double>::infinity();
  return (uptime.mean + interval.restore) * std::expm1(cycles / uptime.mean);
}

double pim::runtime::expectedCycles(const CommitPlan &plan, const UptimeCycles &uptime) {
  double sum = 0;
  for (size_t i = 0; i < plan.points.size(); ++i)
    sum += expectedCycles(
        {double(plan.workAfter(i)), double(plan.commitAfter(i)), double(plan.restoreTo(i))},
        uptime);
  return sum;
}

double pim::runtime::expectedProgress(const CommitIntervals &intervals, double mtbf) {
  return intervals.work /
         expectedCycles(intervals, {mtbf, std::numeric_limits<double>::infinity()});
}

double pim::runtime::bestCommitInterval(double commit, double mtbf) {
  return std::sqrt(2 * commit * mtbf);
}
