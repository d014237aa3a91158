//===- HazardsTest.cpp - accesses under way ---------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/Hazards.h"

#include <gtest/gtest.h>

using namespace pim::runtime;

namespace {

uint64_t earliest(const Hazards &hazards, Access access, uint64_t cycle) {
  return hazards.earliest(std::span(&access, 1), cycle);
}

TEST(HazardsTest, WritesWaitForReadsAndReadsForWrites) {
  const Access read{0, false, {100, 200}}, write{0, true, {150, 160}};
  Hazards hazards;
  hazards.add(std::span(&read, 1), 50);
  EXPECT_EQ(earliest(hazards, read, 10), 10u) << "two reads";
  EXPECT_EQ(earliest(hazards, write, 10), 50u) << "write after read";
  hazards.add(std::span(&write, 1), 80);
  EXPECT_EQ(earliest(hazards, read, 10), 80u) << "read after write";
  EXPECT_EQ(earliest(hazards, write, 10), 80u) << "write after write";
  EXPECT_EQ(earliest(hazards, write, 79), 80u);
  EXPECT_EQ(earliest(hazards, write, 80), 80u);
  EXPECT_EQ(earliest(hazards, write, 90), 90u);
}

TEST(HazardsTest, OtherBytesAndOtherMemoriesDoNotMatter) {
  const Access write{0, true, {100, 200}};
  Hazards hazards;
  hazards.add(std::span(&write, 1), 50);
  EXPECT_EQ(earliest(hazards, {0, false, {200, 300}}, 0), 0u);
  EXPECT_EQ(earliest(hazards, {0, false, {0, 100}}, 0), 0u);
  EXPECT_EQ(earliest(hazards, {0, false, {0, 101}}, 0), 50u);
  EXPECT_EQ(earliest(hazards, {-1, true, {100, 200}}, 0), 0u);
  EXPECT_EQ(earliest(hazards, {1, true, {100, 200}}, 0), 0u);
}

TEST(HazardsTest, RetiresWhatIsOver) {
  const Access write{0, true, {0, 8}};
  Hazards hazards;
  hazards.add(std::span(&write, 1), 50);
  hazards.retire(49);
  EXPECT_EQ(hazards.size(), 1u);
  hazards.retire(50);
  EXPECT_EQ(hazards.size(), 0u);
}

} // namespace
