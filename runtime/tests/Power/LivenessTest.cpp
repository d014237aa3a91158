//===- LivenessTest.cpp - what of a scratchpad is still needed -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/Liveness.h"

#include <gtest/gtest.h>

using namespace pim::runtime;

namespace {

/// Bytes that a commit before instruction `executed` must hold.
uint64_t liveAt(const Liveness &liveness, uint64_t executed) {
  LiveBytes live(liveness.writes());
  ByteSet all, changed;
  live.advance(executed, all, changed);
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
  live.advance(1, all, changed);
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

TEST(LivenessTest, ChangedIsWhatTheCommitBeforeDidNotHave) {
  Liveness liveness;
  liveness.write(0, {0, 10}, true);
  liveness.write(1, {20, 24}, true);
  liveness.read(2, {0, 10});
  liveness.read(9, {0, 30});
  LiveBytes live(liveness.writes());
  ByteSet all, changed;
  live.advance(1, all, changed);
  EXPECT_EQ(changed.size(), 10u);
  ByteSet later, laterChanged;
  live.advance(2, later, laterChanged);
  EXPECT_EQ(later.size(), 14u);
  EXPECT_EQ(laterChanged.size(), 4u);
}

} // namespace
