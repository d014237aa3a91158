//===- SampleQueue.cpp - hands samples to threads -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SampleQueue.h"

#include "pim/Support/Error.h"

#include <algorithm>
#include <thread>

using namespace pim;
using namespace pim::runtime;

SampleQueue::SampleQueue(int64_t available, std::span<const int64_t> labels,
                         const SessionOptions &options)
    : threads(options.threads), progress(options.progress), firstSample(options.offset) {
  if (firstSample >= available)
    fail("the data hold ", available, " samples, but the first to run is ", firstSample);
  sampleCount = std::min(available - firstSample, options.limit.value_or(available));
  if (!labels.empty() && static_cast<int64_t>(labels.size()) < firstSample + sampleCount)
    fail("there are ", labels.size(), " labels for ", firstSample + sampleCount, " samples");
}

std::optional<int64_t> SampleQueue::take() {
  int64_t index = next.fetch_add(1);
  if (index >= sampleCount || index >= failedAt)
    return std::nullopt;
  return index;
}

void SampleQueue::attempt(int64_t index, const std::function<void()> &work) {
  std::exception_ptr thrown;
  try {
    work();
  } catch (...) {
    thrown = std::current_exception();
  }
  std::lock_guard lock(mutex);
  if (thrown && index < failedAt) {
    failedAt = index;
    failure = thrown;
  }
  ++done;
  if (progress)
    progress(done, sampleCount);
}

void SampleQueue::runOnThreads(const std::function<void()> &worker) {
  auto guarded = [&] {
    try {
      worker();
    } catch (...) {
      std::lock_guard lock(mutex);
      failedAt = -1;
      failure = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  for (int64_t i = 1; i < std::clamp<int64_t>(threads, 1, sampleCount); ++i)
    others.emplace_back(guarded);
  guarded();
  for (std::thread &thread : others)
    thread.join();
  if (failure)
    std::rethrow_exception(failure);
}
