//===- MonteCarlo.h - one program on many chips -----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the same samples on chips that chance has made different. Run r is what a single session
// with seed `first seed + r` gives. Threads take runs, so results do not depend on how many there
// are.
//
// Tested by runtime/tests/Session/MonteCarloTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SESSION_MONTECARLO_H
#define PIM_RUNTIME_SESSION_MONTECARLO_H

#include "pim/Runtime/Session/Session.h"

namespace pim::runtime {

/// What is known of a share, from 0 to 1, after some independent runs.
struct Estimate {
  double mean = 0;
  double standardDeviation = 0; ///< of one run; 0 for a single run
  /// The mean of ever more runs lies between these with a probability of 95 %: Student's
  /// distribution, cut off at 0 and 1. Equal to the mean for a single run.
  double low95 = 0, high95 = 0;
  double minimum = 0, maximum = 0;
};

/// REQUIRES: values is not empty.
Estimate estimateShare(std::span<const double> values);

/// x with a part `probability` of Student's distribution between -x and x.
double studentQuantile(double probability, unsigned freedom);

struct MonteCarloResult {
  struct Run {
    uint64_t seed;
    Accuracy accuracy;
  };
  std::vector<Run> runs;
  Estimate top1, top5;
};

/// `options.threads` runs at a time; progress counts the samples of all runs. Throws pim::Error as
/// runSession() does, and if there are no labelled samples. `session`, if given, gets the result of
/// the first run.
MonteCarloResult runMonteCarlo(const Simulator &simulator, uint64_t seed, int64_t runs,
                               std::span<const data::InputFeed> feeds,
                               std::span<const int64_t> labels, const SessionOptions &options,
                               SessionResult *session = nullptr);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SESSION_MONTECARLO_H
