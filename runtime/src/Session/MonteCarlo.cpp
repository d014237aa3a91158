//===- MonteCarlo.cpp - one program on many chips -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Session/MonteCarlo.h"

#include "SampleQueue.h"

#include "pim/Support/Error.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <numbers>

using namespace pim;
using namespace pim::runtime;

//===----------------------------------------------------------------------===//
// Estimates
//===----------------------------------------------------------------------===//

/// Part of Student's distribution between -x and x. Source: Abramowitz and Stegun, 26.7.3 and
/// 26.7.4.
static double studentPart(double x, unsigned freedom) {
  const double angle = std::atan(x / std::sqrt(double(freedom)));
  const double square = std::cos(angle) * std::cos(angle);
  const bool isOdd = freedom % 2 == 1;
  double term = isOdd ? std::cos(angle) : 1, sum = freedom > 1 ? term : 0;
  for (unsigned k = isOdd ? 3 : 2; k + 2 <= freedom; k += 2) {
    term *= square * (k - 1) / k;
    sum += term;
  }
  sum *= std::sin(angle);
  return isOdd ? 2 / std::numbers::pi * (angle + sum) : sum;
}

double pim::runtime::studentQuantile(double probability, unsigned freedom) {
  double low = 0, high = 1;
  while (studentPart(high, freedom) < probability)
    high *= 2;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (studentPart(middle, freedom) < probability ? low : high) = middle;
  }
  return high;
}

Estimate pim::runtime::estimateShare(std::span<const double> values) {
  Estimate result;
  const double count = static_cast<double>(values.size());
  for (double value : values)
    result.mean += value / count;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  result.minimum = *least;
  result.maximum = *most;
  double margin = 0;
  if (values.size() > 1) {
    double squares = 0;
    for (double value : values)
      squares += (value - result.mean) * (value - result.mean);
    result.standardDeviation = std::sqrt(squares / (count - 1));
    margin = studentQuantile(0.95, static_cast<unsigned>(values.size() - 1)) *
             result.standardDeviation / std::sqrt(count);
  }
  result.low95 = std::max(result.mean - margin, 0.0);
  result.high95 = std::min(result.mean + margin, 1.0);
  return result;
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

namespace {

/// What the threads share.
struct Trials {
  const Simulator &simulator;
  uint64_t seed;
  std::span<const data::InputFeed> feeds;
  std::span<const int64_t> labels;
  const SessionOptions &options;
  SampleQueue queue; ///< of runs
  std::vector<SessionResult> results = std::vector<SessionResult>(size_t(queue.count()));

  std::mutex mutex{};
  int64_t samplesDone = 0; ///< guarded by the mutex

  /// Takes runs until none is left.
  void work() {
    while (const std::optional<int64_t> run = queue.take())
      queue.attempt(*run, [&] {
        results[size_t(*run)] =
            runSession(simulator.onDie(seed + uint64_t(*run)), feeds, labels, sessionOptions());
      });
  }

private:
  SessionOptions sessionOptions() {
    SessionOptions session = options;
    session.threads = 1;
    session.keepOutputs = session.check = false;
    if (options.progress)
      session.progress = [this](int64_t, int64_t samples) {
        std::lock_guard lock(mutex);
        options.progress(++samplesDone, samples * static_cast<int64_t>(results.size()));
      };
    return session;
  }
};

} // namespace

MonteCarloResult pim::runtime::runMonteCarlo(const Simulator &simulator, uint64_t seed,
                                             int64_t runs, std::span<const data::InputFeed> feeds,
                                             std::span<const int64_t> labels,
                                             const SessionOptions &options,
                                             SessionResult *session) {
  if (labels.empty())
    fail("a Monte Carlo run measures accuracy, but the data have no labels");
  const auto start = std::chrono::steady_clock::now();
  Trials trials{simulator, seed, feeds, labels, options, SampleQueue(runs, options.threads)};
  trials.queue.runOnThreads([&trials] { trials.work(); });

  MonteCarloResult result;
  std::vector<double> top1, top5;
  for (size_t run = 0; run < trials.results.size(); ++run) {
    const Accuracy &accuracy = *trials.results[run].accuracy;
    if (accuracy.samples == 0)
      fail("a Monte Carlo run measures accuracy, but no sample that is run has a label");
    result.runs.push_back({seed + run, accuracy});
    top1.push_back(*accuracy.top1());
    top5.push_back(*accuracy.top5());
  }
  result.top1 = estimateShare(top1);
  result.top5 = estimateShare(top5);
  if (session) {
    *session = std::move(trials.results.front());
    session->wallSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  return result;
}
