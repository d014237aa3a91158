//===- ByteSetTest.cpp - a set of byte addresses -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/ByteSet.h"

#include <gtest/gtest.h>
#include <random>
#include <set>

using namespace pim::runtime;

namespace {

TEST(ByteSetTest, AgreesWithASetOfBytes) {
  std::mt19937 random(7);
  ByteSet set;
  std::set<int64_t> bytes;
  auto range = [&] {
    const int64_t begin = int64_t(random() % 60);
    return ByteRange{begin, begin + int64_t(random() % 6)};
  };
  for (int i = 0; i < 2000; ++i) {
    if (i % 40 == 0) {
      set.clear();
      bytes.clear();
    }
    const ByteRange added = range(), asked = range();
    set.insert(added);
    for (int64_t b = added.begin; b < added.end; ++b)
      bytes.insert(b);
    bool overlaps = false, contains = true;
    for (int64_t b = asked.begin; b < asked.end; ++b)
      (bytes.count(b) ? overlaps : contains) = bytes.count(b) != 0;
    EXPECT_EQ(set.overlaps(asked), overlaps);
    EXPECT_EQ(set.contains(asked), contains);
    EXPECT_EQ(set.size(), bytes.size());
  }
}

TEST(ByteSetTest, NeighboursAreJoined) {
  ByteSet set;
  set.insert({0, 4});
  set.insert({8, 12});
  set.insert({4, 8});
  EXPECT_EQ(std::distance(set.begin(), set.end()), 1);
}

} // namespace
