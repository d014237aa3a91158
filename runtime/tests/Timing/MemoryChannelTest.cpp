//===- MemoryChannelTest.cpp - the port of global memory --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/MemoryChannel.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace pim::runtime;

namespace {

TEST(MemoryChannelTest, RefusedOneCycleEarlyAcceptedInTime) {
  MemoryChannel channel;
  ASSERT_TRUE(channel.reserve(10, 5));
  EXPECT_EQ(channel.earliest(12, 3), 15u);
  EXPECT_FALSE(channel.reserve(14, 3));
  EXPECT_TRUE(channel.reserve(15, 3));
}

TEST(MemoryChannelTest, FillsGapsThatAreLongEnough) {
  MemoryChannel channel;
  ASSERT_TRUE(channel.reserve(100, 10));
  ASSERT_TRUE(channel.reserve(120, 10));
  EXPECT_EQ(channel.earliest(0, 100), 0u);
  EXPECT_EQ(channel.earliest(0, 101), 130u);
  EXPECT_EQ(channel.earliest(95, 10), 110u);
  EXPECT_EQ(channel.earliest(95, 11), 130u);
}

TEST(MemoryChannelTest, AgreesWithAListOfCycles) {
  std::mt19937 random(1);
  MemoryChannel channel;
  std::vector<bool> taken(4000);
  for (int i = 0; i < 300; ++i) {
    const uint64_t cycle = random() % 2000, duration = 1 + random() % 12;
    uint64_t expected = cycle;
    auto isFree = [&](uint64_t at) {
      for (uint64_t c = at; c < at + duration; ++c)
        if (taken[c])
          return false;
      return true;
    };
    while (!isFree(expected))
      ++expected;
    ASSERT_EQ(channel.earliest(cycle, duration), expected);
    ASSERT_EQ(channel.reserve(cycle, duration), expected == cycle);
    if (expected == cycle)
      std::fill_n(taken.begin() + long(cycle), duration, true);
  }
}

TEST(MemoryChannelTest, NothingTakesNoTime) {
  MemoryChannel channel;
  ASSERT_TRUE(channel.reserve(0, 10));
  EXPECT_EQ(channel.earliest(5, 0), 5u);
  EXPECT_TRUE(channel.reserve(5, 0));
}

} // namespace
