//===- IntermittentRunTest.cpp - results survive cuts anywhere -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TwoCores.h"

#include "pim/Runtime/Power/IntermittentRun.h"

#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

struct Case {
  const char *policy;
  TwoCoresOptions options;
  double uptimeSeconds = 0; ///< of "auto"
};

void PrintTo(const Case &value, std::ostream *stream) { *stream << value.policy; }

class IntermittentRunTest : public ::testing::TestWithParam<Case> {};

constexpr auto andKind = target::ArrayKind::And;
constexpr auto xbarKind = target::ArrayKind::Xbar;
constexpr auto arraysOnly = target::Durability::Arrays;
constexpr auto globalToo = target::Durability::GlobalMemory;

INSTANTIATE_TEST_SUITE_P(
    Policies, IntermittentRunTest,
    ::testing::Values(
        Case{"layer", {xbarKind, globalToo}}, Case{"layer", {andKind, arraysOnly}},
        Case{"pixel", {xbarKind, globalToo}}, Case{"pixel", {andKind, arraysOnly}},
        Case{"segment", {xbarKind, arraysOnly}}, Case{"pass", {xbarKind, globalToo}},
        Case{"pass", {andKind, globalToo}}, Case{"cycles:1", {xbarKind, arraysOnly}},
        Case{"cycles:100", {xbarKind, globalToo}}, Case{"cycles:333", {andKind, arraysOnly}},
        Case{"cycles:700", {xbarKind, globalToo, false, true}},
        Case{"program", {xbarKind, globalToo, true}}, Case{"program", {andKind, arraysOnly, true}},
        Case{"layer", {andKind, arraysOnly, false, false, 4}},
        Case{"cycles:100", {xbarKind, globalToo, false, false, 4}},
        Case{"program", {xbarKind, globalToo, true, false, 4}},
        Case{"auto", {xbarKind, arraysOnly}, 1e-5}, Case{"auto", {andKind, arraysOnly}, 1e-6},
        Case{"auto", {xbarKind, globalToo}, 1e-3},
        Case{"auto", {xbarKind, globalToo, false, true}, 1e-6}));

/// Hundreds of schedules of cuts at any cycle of any interval, in commits too.
TEST_P(IntermittentRunTest, IsBitIdentical) {
  const TwoCores cores(GetParam().options);
  const CommitPlan plan =
      planCommits(*cores.program, *cores.table, CommitPolicy::parse(GetParam().policy),
                  [] { return Uptime{.meanSeconds = GetParam().uptimeSeconds}; });
  const auto results =
      GetParam().options.durable == arraysOnly ? TwoCores::output : TwoCores::results;
  MachineState machine(*cores.executable), cut(*cores.executable);
  std::mt19937 random(11);
  for (uint32_t schedule = 0; schedule < 300; ++schedule) {
    cores.start(machine, schedule);
    runCores(machine);
    std::vector<Cut> cuts;
    for (uint32_t i = random() % 6; i != 0; --i) {
      const uint32_t point = uint32_t(random() % plan.points.size());
      const uint64_t most = plan.workAfter(point) + plan.commitAfter(point);
      cuts.push_back({point, random() % most});
    }
    std::stable_sort(cuts.begin(), cuts.end(),
                     [](const Cut &a, const Cut &b) { return a.point < b.point; });
    cores.start(cut, schedule);
    runIntermittent(cut, plan, cuts, schedule);
    ASSERT_EQ(results(cut), results(machine)) << "schedule " << schedule;
  }
}

/// What the checker refuses does go wrong.
TEST(ReplayTest, AnInputThatIsOverwrittenIsLost) {
  // The plan of a program that is alike but for the place of its result.
  const TwoCores harmless, cores({.overwritesInput = true});
  const CommitPlan plan =
      planCommits(*harmless.program, *harmless.table, CommitPolicy::parse("layer"));
  MachineState machine(*cores.executable), cut(*cores.executable);
  cores.start(machine, 1);
  runCores(machine);
  cores.start(cut, 1);
  const Cut behindTheStore{1, plan.workAfter(1)};
  runIntermittent(cut, plan, std::span(&behindTheStore, 1), 1);
  EXPECT_NE(TwoCores::results(cut), TwoCores::results(machine));
}

} // namespace
