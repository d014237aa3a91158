//===- MeshTest.cpp - links between routers ---------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/Mesh.h"

#include <gtest/gtest.h>
#include <set>

using namespace pim::runtime;

namespace {

TEST(MeshTest, PathsFollowTheRowFirst) {
  const std::vector<uint32_t> there = linksBetween({0, 0}, {2, 1}, 4);
  const std::vector<uint32_t> back = linksBetween({2, 1}, {0, 0}, 4);
  EXPECT_EQ(there.size(), 3u);
  EXPECT_EQ(back.size(), 3u);
  std::set<uint32_t> both(there.begin(), there.end());
  both.insert(back.begin(), back.end());
  EXPECT_EQ(both.size(), 6u) << "each direction has its own";
  EXPECT_TRUE(linksBetween({3, 3}, {3, 3}, 4).empty());
  // From the corner, the way to (2, 1) begins as the way to (1, 0) does.
  EXPECT_EQ(linksBetween({0, 0}, {1, 0}, 4)[0], there[0]);
}

TEST(MeshTest, CommonLinksTakeTurnsOthersDoNot) {
  Mesh mesh;
  const auto far = linksBetween({0, 0}, {3, 0}, 4), near = linksBetween({0, 0}, {1, 0}, 4),
             other = linksBetween({0, 0}, {0, 2}, 4);
  ASSERT_TRUE(mesh.reserve(10, far, 5, 0));
  EXPECT_EQ(mesh.earliest(10, near, 5, 0), 15u);
  EXPECT_FALSE(mesh.reserve(14, near, 5, 0));
  EXPECT_TRUE(mesh.reserve(15, near, 5, 0));
  EXPECT_EQ(mesh.earliest(10, other, 5, 0), 10u);
  EXPECT_EQ(mesh.earliest(0, near, 10, 0), 0u) << "before the first";
  EXPECT_EQ(mesh.earliest(1, near, 10, 0), 20u) << "the gap is too short";
}

TEST(MeshTest, MemoryAndLinksMustBeFreeTogether) {
  Mesh mesh;
  const auto path = linksBetween({0, 0}, {1, 0}, 4), other = linksBetween({0, 0}, {0, 1}, 4);
  ASSERT_TRUE(mesh.reserve(0, path, 10, 2));
  EXPECT_EQ(mesh.earliest(0, other, 10, 2), 2u) << "the memory is the faster of the two";
  ASSERT_TRUE(mesh.reserve(2, other, 10, 12));
  EXPECT_EQ(mesh.earliest(0, path, 10, 2), 14u);
  EXPECT_FALSE(mesh.reserve(13, path, 10, 2));
  EXPECT_TRUE(mesh.reserve(14, path, 10, 2));
}

TEST(MeshTest, ForgetsWhatIsOver) {
  Mesh mesh;
  const auto path = linksBetween({0, 0}, {1, 0}, 4);
  for (uint64_t cycle = 0; cycle < 1000; cycle += 10) {
    mesh.retire(cycle);
    ASSERT_TRUE(mesh.reserve(cycle, path, 10, 10));
  }
  EXPECT_EQ(mesh.earliest(990, path, 1, 1), 1000u);
}

} // namespace
