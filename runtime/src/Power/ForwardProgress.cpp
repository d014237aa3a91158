//===- ForwardProgress.cpp - what a supply leaves of the time -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/ForwardProgress.h"

#include <cmath>

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

double pim::runtime::expectedProgress(const CommitIntervals &intervals, double mtbf) {
  return intervals.work /
         ((mtbf + intervals.restore) * std::expm1((intervals.work + intervals.commit) / mtbf));
}

double pim::runtime::bestCommitInterval(double commit, double mtbf) {
  return std::sqrt(2 * commit * mtbf);
}
