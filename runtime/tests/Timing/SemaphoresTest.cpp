//===- SemaphoresTest.cpp - who is released when ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/Semaphores.h"

#include <gtest/gtest.h>

using namespace pim::runtime;

namespace {

TEST(SemaphoresTest, CountsSignalsInTheOrderOfTime) {
  SemaphoreTimeline semaphore;
  EXPECT_EQ(semaphore.reaches(0, 7), 7u);
  EXPECT_EQ(semaphore.reaches(1, 7), std::nullopt);
  semaphore.signal(100, 1);
  semaphore.signal(50, 2);
  EXPECT_EQ(semaphore.reaches(1, 7), 50u);
  EXPECT_EQ(semaphore.reaches(2, 7), 50u);
  EXPECT_EQ(semaphore.reaches(3, 7), 100u);
  EXPECT_EQ(semaphore.reaches(3, 200), 200u);
  EXPECT_EQ(semaphore.reaches(4, 7), std::nullopt);
}

} // namespace
