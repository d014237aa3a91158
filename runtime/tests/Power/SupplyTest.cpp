//===- SupplyTest.cpp - how long the chip has power ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/ProgramBuilder.h"

#include "pim/Runtime/Power/Supply.h"
#include "pim/Support/Error.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using ::testing::HasSubstr;

namespace {

std::string errorOf(const std::string &content) {
  try {
    SupplyTrace::parseFile(content, "trace.csv");
  } catch (const Error &error) {
    return error.what();
  }
  return "accepted";
}

std::unique_ptr<Supply> supplyOf(const std::string &content, double loadWatts = 1e-3) {
  return makeSupply(SupplyTrace::parseFile(content, "trace.csv"),
                    pim::runtime::testing::testTarget(), loadWatts);
}

TEST(SupplyTraceTest, RefusesWhatIsNoTrace) {
  EXPECT_THAT(errorOf(""), HasSubstr("trace.csv: is empty"));
  EXPECT_THAT(errorOf("1,2\n"), HasSubstr("trace.csv:1: expected on_s,off_s or time_s,power_w"));
  EXPECT_THAT(errorOf("on_s,off_s\n"), HasSubstr("too few"));
  EXPECT_THAT(errorOf("on_s,off_s\n# all is well\n1,2\n1;2\n"), HasSubstr("trace.csv:4: expected"));
  EXPECT_THAT(errorOf("on_s,off_s\n1,-2\n"), HasSubstr("trace.csv:2: expected two numbers"));
  EXPECT_THAT(errorOf("on_s,off_s\n1,nan\n"), HasSubstr("trace.csv:2: expected two numbers"));
  EXPECT_THAT(errorOf("on_s,off_s\n0,1\n"), HasSubstr("never gives any power"));
  EXPECT_THAT(errorOf("time_s,power_w\n1,1\n2,1\n"), HasSubstr("expected the first row at 0"));
  EXPECT_THAT(errorOf("time_s,power_w\n0,1\n0,1\n"), HasSubstr("more than that of the row before"));
  EXPECT_THAT(errorOf("time_s,power_w\n0,1\n"), HasSubstr("too few"));
}

TEST(SupplyTraceTest, ReadsSeeds) {
  const SupplyTrace trace = SupplyTrace::parse("seeded:0.5,42");
  EXPECT_EQ(trace.meanSeconds, 0.5);
  EXPECT_EQ(trace.seed, 42u);
  for (const char *text : {"seeded:", "seeded:0", "seeded:-1", "seeded:x", "seeded:1,",
                           "seeded:1,x", "seeded:inf", "/no/such/file"})
    EXPECT_THROW(SupplyTrace::parse(text), Error) << text;
}

TEST(SupplyTest, IntervalsRepeat) {
  auto supply = supplyOf("on_s,off_s\n1,0.5\n0,0.25\n2,0.125\n");
  for (int turn = 0; turn < 3; ++turn) {
    const Supply::Interval first = supply->next(), second = supply->next();
    EXPECT_EQ(first.onSeconds, 1);
    EXPECT_EQ(first.offSeconds, turn == 0 ? 0 : 0.125);
    EXPECT_EQ(second.onSeconds, 2);
    EXPECT_EQ(second.offSeconds, 0.75) << "the row without power adds to the pause";
  }
}

TEST(SupplyTest, SeededFailuresHaveTheirMean) {
  auto supply =
      makeSupply(SupplyTrace::parse("seeded:0.25,3"), pim::runtime::testing::testTarget(), 1);
  auto again =
      makeSupply(SupplyTrace::parse("seeded:0.25,3"), pim::runtime::testing::testTarget(), 1);
  double sum = 0, squares = 0;
  constexpr int count = 100000;
  for (int i = 0; i < count; ++i) {
    const double on = supply->next().onSeconds;
    EXPECT_EQ(on, again->next().onSeconds);
    sum += on;
    squares += on * on;
  }
  EXPECT_NEAR(sum / count, 0.25, 0.004);
  EXPECT_NEAR(std::sqrt(squares / count - sum * sum / count / count), 0.25, 0.006);
}

TEST(SupplyTest, UptimeIsThatOfTheIntervals) {
  auto uptime = [](const SupplyTrace &trace, double loadWatts) {
    return uptimeOf(trace, pim::runtime::testing::testTarget(), loadWatts);
  };
  auto ofFile = [&](const char *content, double loadWatts = 1e-3) {
    return uptime(SupplyTrace::parseFile(content, "trace.csv"), loadWatts);
  };
  EXPECT_EQ(uptime(SupplyTrace::parse("seeded:0.25,3"), 1).meanSeconds, 0.25);
  EXPECT_TRUE(std::isinf(uptime(SupplyTrace::parse("seeded:0.25,3"), 1).longestSeconds));
  const Uptime rows = ofFile("on_s,off_s\n1,0.5\n2,0.125\n6,1\n");
  EXPECT_DOUBLE_EQ(rows.meanSeconds, 3);
  EXPECT_EQ(rows.longestSeconds, 6);
  const Uptime charges = ofFile("time_s,power_w\n0,1e-4\n1,1e-4\n", 6e-4);
  EXPECT_NEAR(charges.meanSeconds, 0.005, 1e-12);
  EXPECT_NEAR(charges.longestSeconds, 0.005, 1e-12);
  EXPECT_TRUE(std::isinf(ofFile("time_s,power_w\n0,1\n1,1\n", 0.5).meanSeconds));
}

TEST(SupplyTest, ACapacitorChargesAndDischarges) {
  // 1 uF between 3 V and 2 V holds 2.5 uJ.
  auto supply = supplyOf("time_s,power_w\n0,1e-4\n1,1e-4\n", 6e-4);
  for (int i = 0; i < 3; ++i) {
    const Supply::Interval interval = supply->next();
    EXPECT_NEAR(interval.offSeconds, 0.025, 1e-12);
    EXPECT_NEAR(interval.onSeconds, 0.005, 1e-12);
  }
}

TEST(SupplyTest, AStrongHarvesterNeverFails) {
  EXPECT_TRUE(std::isinf(supplyOf("time_s,power_w\n0,1\n1,1\n", 0.5)->next().onSeconds));
  // Charged in the first half of each second, empty before the end of the second.
  auto supply = supplyOf("time_s,power_w\n0,1e-3\n0.5,0\n1,0\n", 5e-4);
  const Supply::Interval interval = supply->next();
  EXPECT_NEAR(interval.offSeconds, 0.0025, 1e-12);
  EXPECT_NEAR(interval.onSeconds, 0.4975 + 0.005, 1e-12) << "no more than the capacitor holds";
}

} // namespace
