//===- Threads.cpp - independent pieces of work ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Threads.h"

#include <algorithm>
#include <atomic>
#include <omp.h>
#include <thread>
#include <vector>

void mlir::pim::forEachOnThreads(int64_t count, const std::function<void(int64_t)> &work) {
  std::atomic<int64_t> next = 0;
  auto take = [&] {
    const int before = omp_get_max_threads(); // of this thread, as is what is set
    omp_set_num_threads(1);
    for (int64_t index = next++; index < count; index = next++)
      work(index);
    omp_set_num_threads(before);
  };
  const int64_t threads = omp_get_max_threads();
  std::vector<std::thread> others;
  for (int64_t i = 1; i < std::min(threads, count); ++i)
    others.emplace_back(take);
  take();
  for (std::thread &thread : others)
    thread.join();
}
