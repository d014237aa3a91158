//===- ByteSet.h - a set of byte addresses ---------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_POWER_BYTESET_H
#define PIM_RUNTIME_POWER_BYTESET_H

#include "pim/Runtime/Machine/WindowRows.h"

#include <map>

namespace pim::runtime {

/// Addresses of one memory, as ranges that do not touch. Tested by
/// runtime/tests/Power/ByteSetTest.cpp.
class ByteSet {
public:
  void insert(ByteRange range);
  bool overlaps(ByteRange range) const;
  /// Whether every byte of the range is in the set.
  bool contains(ByteRange range) const;
  void clear() { ranges.clear(); }
  uint64_t size() const;
  auto begin() const { return ranges.begin(); }
  auto end() const { return ranges.end(); }

private:
  std::map<int64_t, int64_t> ranges; ///< begin to end
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_POWER_BYTESET_H
