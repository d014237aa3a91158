//===- MemoryChannel.cpp - the port of global memory ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/MemoryChannel.h"

#include <algorithm>
#include <iterator>

using namespace pim::runtime;

uint64_t MemoryChannel::earliest(uint64_t cycle, uint64_t duration) const {
  if (duration == 0)
    return cycle;
  auto next = busy.upper_bound(cycle);
  if (next != busy.begin())
    cycle = std::max(cycle, std::prev(next)->second);
  for (; next != busy.end() && next->first < cycle + duration; ++next)
    cycle = next->second;
  return cycle;
}

bool MemoryChannel::reserve(uint64_t cycle, uint64_t duration) {
  if (duration == 0)
    return true;
  if (earliest(cycle, duration) != cycle)
    return false;
  uint64_t begin = cycle, end = cycle + duration;
  auto next = busy.lower_bound(begin);
  if (next != busy.end() && next->first == end) {
    end = next->second;
    next = busy.erase(next);
  }
  if (next != busy.begin() && std::prev(next)->second == begin)
    std::prev(next)->second = end;
  else
    busy.emplace_hint(next, begin, end);
  return true;
}

void MemoryChannel::retire(uint64_t cycle) {
  while (!busy.empty() && busy.begin()->second <= cycle)
    busy.erase(busy.begin());
}
