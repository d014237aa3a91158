//===- ByteSet.cpp - a set of byte addresses -----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/ByteSet.h"

using namespace pim::runtime;

void ByteSet::insert(ByteRange range) {
  if (range.isEmpty())
    return;
  auto next = ranges.upper_bound(range.begin);
  if (next != ranges.begin() && std::prev(next)->second >= range.begin)
    --next;
  while (next != ranges.end() && next->first <= range.end) {
    range.begin = std::min(range.begin, next->first);
    range.end = std::max(range.end, next->second);
    next = ranges.erase(next);
  }
  ranges.emplace_hint(next, range.begin, range.end);
}

bool ByteSet::overlaps(ByteRange range) const {
  if (range.isEmpty())
    return false;
  auto next = ranges.lower_bound(range.end);
  return next != ranges.begin() && std::prev(next)->second > range.begin;
}

bool ByteSet::contains(ByteRange range) const {
  if (range.isEmpty())
    return true;
  auto next = ranges.upper_bound(range.begin);
  return next != ranges.begin() && std::prev(next)->second >= range.end;
}

uint64_t ByteSet::size() const {
  uint64_t total = 0;
  for (auto [begin, end] : ranges)
    total += uint64_t(end - begin);
  return total;
}
