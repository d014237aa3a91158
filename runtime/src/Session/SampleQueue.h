//===- SampleQueue.h - hands samples to threads ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_SESSION_SAMPLEQUEUE_H
#define PIM_RUNTIME_SRC_SESSION_SAMPLEQUEUE_H

#include "pim/Runtime/Session/Session.h"

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>

namespace pim::runtime {

/// The samples of a session, handed out in order: every sample before a failed one is run, whatever
/// the number of threads, and the error reported is that of the first sample that fails.
class SampleQueue {
public:
  /// The samples that `options` takes of `available`. Throws pim::Error if there are none, or if
  /// there are labels, but too few.
  SampleQueue(int64_t available, std::span<const int64_t> labels, const SessionOptions &options);
  /// `count` pieces of work of another kind, whose progress is not reported.
  SampleQueue(int64_t count, int threads) : threads(threads), sampleCount(count) {}

  int64_t first() const { return firstSample; }
  int64_t count() const { return sampleCount; }

  /// Leaves out the first `samples`: they are done.
  void skip(int64_t samples) { next = done = samples; }

  /// The next index, counted from first(), or none when all are taken or one has failed.
  std::optional<int64_t> take();

  /// Calls `work` for the sample at `index`, keeps what it throws, and reports progress.
  void attempt(int64_t index, const std::function<void()> &work);

  /// Calls `worker`, which takes samples until there are none, on as many threads as the session
  /// has; this one is among them. Rethrows the first failure.
  void runOnThreads(const std::function<void()> &worker);

private:
  int threads;
  std::function<void(int64_t done, int64_t total)> progress;
  int64_t firstSample = 0, sampleCount = 0;
  std::atomic<int64_t> next{0}, failedAt{INT64_MAX};
  std::mutex mutex; ///< guards all below
  int64_t done = 0;
  std::exception_ptr failure;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_SESSION_SAMPLEQUEUE_H
