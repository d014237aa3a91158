//===- ForwardProgress.h - what a supply leaves of the time -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model in closed form, beside which a run under failures is set. All times are cycles.
//
// Tested by runtime/tests/Power/ForwardProgressTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_POWER_FORWARDPROGRESS_H
#define PIM_RUNTIME_POWER_FORWARDPROGRESS_H

#include "pim/Runtime/Power/CommitPlan.h"

namespace pim::runtime {

/// Equal intervals that stand for those of a plan.
struct CommitIntervals {
  double work = 0;    ///< between two commits
  double commit = 0;  ///< that ends it
  double restore = 0; ///< from a stable supply to where work goes on
};

/// The interval that a failure at any time falls into: means weighted by length. All zero for a
/// plan without work.
CommitIntervals commitIntervals(const CommitPlan &plan);

/// How long the chip has power at a time.
struct UptimeCycles {
  double mean = 0, longest = 0;
};

/// With power, until an interval has been worked through and committed: (mean + restore)
/// (exp((work + commit) / mean) - 1) where failures come exponentially distributed; infinite where
/// the supply never lasts that long. Source: Daly, "A higher order estimate of the optimum
/// checkpoint interval for restart dumps", Future Generation Computer Systems 22 (2006).
double expectedCycles(const CommitIntervals &interval, const UptimeCycles &uptime);

/// Of all intervals of a plan.
double expectedCycles(const CommitPlan &plan, const UptimeCycles &uptime);

/// Part of the time with power that leads on, 0 to 1, under failures that come `mtbf` apart on
/// average.
double expectedProgress(const CommitIntervals &intervals, double mtbf);

/// The work between commits with the most progress, sqrt(2 * commit * mtbf). Source: Young, "A
/// first order approximation to the optimum checkpoint interval", CACM 17 (1974).
double bestCommitInterval(double commit, double mtbf);

} // namespace pim::runtime

#endif // PIM_RUNTIME_POWER_FORWARDPROGRESS_H
