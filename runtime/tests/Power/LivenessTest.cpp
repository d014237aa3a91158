//===- LivenessTest.cpp - what of a memory is still needed ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TwoCores.h"

#include "pim/Runtime/Power/Liveness.h"

#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

/// Bytes that a commit before instruction `executed` must hold.
uint64_t liveAt(const Liveness &liveness, uint64_t executed) {
  LiveBytes live(liveness.writes());
  ByteSet all, changed;
  live.advance({executed, executed}, all, changed);
  return all.size();
}

TEST(LivenessTest, BytesLiveFromTheWriteToTheLastRead) {
  Liveness liveness;
  liveness.write(2, {0, 10}, true);
  liveness.read(5, {4, 6});
  EXPECT_EQ(liveAt(liveness, 2), 0u) << "not yet written";
  EXPECT_EQ(liveAt(liveness, 3), 10u);
  EXPECT_EQ(liveAt(liveness, 5), 10u);
  EXPECT_EQ(liveAt(liveness, 6), 0u) << "nobody reads them any more";
}

TEST(LivenessTest, AWriteEndsWhatWasThere) {
  Liveness liveness;
  liveness.write(0, {0, 10}, true);
  liveness.write(1, {0, 10}, true);
  liveness.read(2, {0, 10});
  LiveBytes live(liveness.writes());
  ByteSet all, changed;
  live.advance({1, 1}, all, changed);
  EXPECT_EQ(all.size(), 0u) << "overwritten before anybody reads it";
}

TEST(LivenessTest, GapsOfAWriteKeepWhatWasThere) {
  Liveness liveness;
  liveness.write(0, {0, 10}, true);
  liveness.write(3, {2, 8}, false);
  liveness.read(5, {4, 5});
  EXPECT_EQ(liveAt(liveness, 2), 10u);
  EXPECT_EQ(liveAt(liveness, 4), 6u);
}

TEST(LivenessTest, WhatMayHaveBeenExecutedIsSavedAgain) {
  Liveness liveness;
  liveness.write(2, {0, 10}, true);
  liveness.write(4, {20, 24}, true);
  liveness.read(5, {0, 10});
  liveness.read(9, {20, 24});
  LiveBytes live(liveness.writes());
  ByteSet all, changed;
  live.advance({3, 6}, all, changed);
  EXPECT_EQ(all.size(), 14u) << "instruction 5 may not have been executed, and 4 may have been";
  EXPECT_EQ(changed.size(), 14u);
  ByteSet later, laterChanged;
  live.advance({6, 6}, later, laterChanged);
  EXPECT_EQ(later.size(), 4u);
  EXPECT_EQ(laterChanged.size(), 4u) << "it may have been written since";
}

TEST(LivenessTest, GlobalMemoryIsReadByAllCores) {
  const TwoCores cores({.durable = target::Durability::Arrays});
  const ProgramLiveness liveness = computeLiveness(*cores.program, *cores.table);
  std::vector<uint64_t> executed;
  for (const std::vector<uint64_t> &own : liveness.order)
    executed.push_back(own.size());
  auto liveAfter = [&](std::span<const uint64_t> executed) {
    LiveBytes live(liveness.global.writes());
    ByteSet all, changed;
    live.advance(liveness.globalPart(executed), all, changed);
    return all.size();
  };
  EXPECT_EQ(liveAfter(executed), 6 * 48u) << "the result";
  executed[1] = 0;
  EXPECT_EQ(liveAfter(executed), 6 * 96u) << "what the second core has not read yet";
  executed[0] = 0;
  EXPECT_EQ(liveAfter(executed), 0u);
  EXPECT_TRUE(computeLiveness(*TwoCores().program, *TwoCores().table).global.writes().empty())
      << "where it keeps its contents, nothing of it is saved";
}

TEST(LivenessTest, ChangedIsWhatTheCommitBeforeDidNotHave) {
  Liveness liveness;
  liveness.write(0, {0, 10}, true);
  liveness.write(1, {20, 24}, true);
  liveness.read(2, {0, 10});
  liveness.read(9, {0, 30});
  LiveBytes live(liveness.writes());
  ByteSet all, changed;
  live.advance({1, 1}, all, changed);
  EXPECT_EQ(changed.size(), 10u);
  ByteSet later, laterChanged;
  live.advance({2, 2}, later, laterChanged);
  EXPECT_EQ(later.size(), 14u);
  EXPECT_EQ(laterChanged.size(), 4u);
}

} // namespace
