//===- Semaphores.h - who is released when ---------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TIMING_SEMAPHORES_H
#define PIM_RUNTIME_TIMING_SEMAPHORES_H

#include <cstdint>
#include <map>
#include <optional>

namespace pim::runtime {

/// The signals that a semaphore has received or will receive, by cycle. Tested by
/// runtime/tests/Timing/SemaphoresTest.cpp.
class SemaphoreTimeline {
public:
  void signal(uint64_t cycle, uint32_t amount) { signals[cycle] += amount; }

  /// The first cycle at or after `cycle` when the count is at least `threshold`, as far as signals
  /// are known.
  std::optional<uint64_t> reaches(int64_t threshold, uint64_t cycle) const {
    int64_t count = 0;
    if (count >= threshold)
      return cycle;
    for (const auto &[at, amount] : signals)
      if ((count += amount) >= threshold)
        return at > cycle ? at : cycle;
    return std::nullopt;
  }

private:
  std::map<uint64_t, int64_t> signals;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_TIMING_SEMAPHORES_H
