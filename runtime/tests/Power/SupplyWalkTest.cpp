//===- SupplyWalkTest.cpp - how far each stretch of power leads ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TwoCores.h"

#include "pim/Runtime/Power/SupplyWalk.h"
#include "pim/Support/Error.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

/// Intervals of whole cycles at 1 GHz.
class ListedSupply : public Supply {
public:
  explicit ListedSupply(std::vector<uint64_t> cycles) : cycles(std::move(cycles)) {}
  Interval next() override { return {0.5, (double(cycles.at(index++)) + 0.25) * 1e-9}; }

private:
  std::vector<uint64_t> cycles;
  size_t index = 0;
};

constexpr uint64_t forever = uint64_t(1) << 40;

class SupplyWalkTest : public ::testing::Test {
public:
  Resilience walk(std::vector<uint64_t> cycles, std::vector<Cut> &cuts) {
    ListedSupply supply(std::move(cycles));
    return SupplyWalk(plan, supply, 1e-9).nextInference(cuts);
  }

  TwoCores cores;
  CommitPlan plan = planCommits(*cores.program, *cores.table, CommitPolicy::parse("layer"));
  uint64_t work = plan.workAfter(0), commit = plan.commitAfter(0);
};

TEST_F(SupplyWalkTest, WithoutCutsNothingIsLost) {
  std::vector<Cut> cuts;
  const Resilience result = walk({forever}, cuts);
  EXPECT_TRUE(cuts.empty());
  EXPECT_EQ(result.failures, 0u);
  EXPECT_EQ(result.poweredCycles(), plan.timing.cycles);
  EXPECT_EQ(result.commits, plan.points.size() - 1);
}

/// To the cycle: a supply that fails as the commit ends has committed, one that fails a cycle
/// earlier has not.
TEST_F(SupplyWalkTest, ACommitCountsWhenItIsComplete) {
  std::vector<Cut> cuts;
  Resilience result = walk({work + commit, forever}, cuts);
  ASSERT_EQ(cuts.size(), 1u);
  EXPECT_EQ(cuts[0].point, 1u);
  EXPECT_EQ(cuts[0].cycles, 0u);
  EXPECT_EQ(result.redoCycles, 0u);
  EXPECT_EQ(result.tornCommits, 0u);
  cuts.clear();
  result = walk({work + commit - 1, forever}, cuts);
  ASSERT_EQ(cuts.size(), 1u);
  EXPECT_EQ(cuts[0].point, 0u);
  EXPECT_EQ(result.redoCycles, work);
  EXPECT_EQ(result.tornCommits, 1u);
  cuts.clear();
  result = walk({work, forever}, cuts);
  EXPECT_EQ(result.tornCommits, 0u) << "the commit had not begun";
  EXPECT_EQ(result.redoCycles, work);
}

TEST_F(SupplyWalkTest, RestoringTakesTimeAndMayFailToo) {
  std::vector<Cut> cuts;
  const uint64_t restore = plan.restoreTo(0);
  const Resilience result = walk({10, restore - 1, restore, forever}, cuts);
  ASSERT_EQ(cuts.size(), 2u) << "a failure while restoring cuts no work";
  EXPECT_EQ(cuts[0].cycles, 10u);
  EXPECT_EQ(cuts[1].cycles, 0u);
  EXPECT_EQ(result.failures, 3u);
  EXPECT_EQ(result.restores, 2u);
  EXPECT_EQ(result.restoreCycles, restore - 1 + restore + restore);
  EXPECT_EQ(result.redoCycles, 10u);
  EXPECT_DOUBLE_EQ(result.offSeconds, 1.5);
}

TEST_F(SupplyWalkTest, PowerThatNeverSufficesIsAnError) {
  SupplyTrace trace;
  trace.kind = SupplyTrace::Kind::Intervals;
  trace.rows = {{double(work) * 1e-9 / 2, 0}};
  auto supply = makeSupply(trace, cores.program->target, 1);
  SupplyWalk walk(plan, *supply, 1e-9);
  std::vector<Cut> cuts;
  try {
    walk.nextInference(cuts);
    FAIL() << "an inference out of nothing";
  } catch (const Error &error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("no forward progress"));
  }
}

/// Cuts ten times slower than commits leave more than 90 % of the cycles to work.
TEST(ForwardProgressTest, RareCutsCostLittle) {
  const TwoCores cores;
  const CommitPlan plan =
      planCommits(*cores.program, *cores.table, CommitPolicy::parse("cycles:2000"));
  ASSERT_GT(plan.points.size(), 2u);
  double interval = 0;
  for (size_t i = 0; i < plan.points.size(); ++i)
    interval += double(plan.workAfter(i) + plan.commitAfter(i));
  SupplyTrace trace;
  trace.meanSeconds = 10 * interval / double(plan.points.size()) * 1e-9;
  trace.seed = 5;
  target::Target target = cores.program->target;
  auto supply = makeSupply(trace, target, 1);
  SupplyWalk walk(plan, *supply, 1e-9);
  Resilience sum;
  std::vector<Cut> cuts;
  for (int i = 0; i < 2000; ++i)
    sum += walk.nextInference(cuts);
  EXPECT_GT(sum.failures, 100u);
  EXPECT_GT(sum.forwardProgress(), 0.9);
}

/// A long row of equal instructions: commits may lie anywhere and cost the same everywhere.
std::unique_ptr<LoadedProgram> evenProgram() {
  using Type = fb::ElementType;
  ProgramBuilder builder(testTarget());
  CoreBuilder &core = builder.core();
  const uint32_t vector = core.local(Type::I32, 0, {256});
  core.emit(isa::DmaFill{vector, 0, 1});
  core.emit(isa::Loop{20000, 1});
  core.emit(isa::Vadd{vector, 0, vector, 0, vector, 0});
  core.emit(isa::DmaCopy{core.global(Type::I32, 0, {256}), 0, vector, 0});
  core.emit(isa::Halt{});
  const uint32_t port = builder.tensor(box(fb::Space::Global, Type::I32, 0, {256}));
  builder.input("in", port);
  builder.output("out", port);
  const target::Target target = builder.target;
  return std::make_unique<LoadedProgram>(builder.finish(), target);
}

/// J. W. Young, "A first order approximation to the optimum checkpoint interval", CACM 1974.
TEST(CommitIntervalTest, TheBestIsThatOfYoung) {
  const std::unique_ptr<LoadedProgram> program = evenProgram();
  const TimingTable table(*program);
  const double base = double(runTiming(*program, table).cycles);
  const double mtbf = base / 20;
  double best = 0, bestInterval = 0, commitCost = 0;
  for (double cycles = 1000; cycles < 60000; cycles *= 1.06) {
    const CommitPlan plan =
        planCommits(*program, table, {CommitPolicy::Kind::Cycles, uint64_t(cycles)});
    SupplyTrace trace;
    trace.meanSeconds = mtbf * 1e-9;
    trace.seed = 9;
    const auto supply = makeSupply(trace, program->target, 1);
    SupplyWalk walk(plan, *supply, 1e-9);
    double sum = 0;
    std::vector<Cut> cuts;
    for (int i = 0; i < 500; ++i)
      sum += double(walk.nextInference(cuts).poweredCycles());
    if (best != 0 && sum >= best)
      continue;
    best = sum;
    const double commits = double(plan.points.size() - 1);
    bestInterval = double(plan.timing.cycles) / (commits + 1);
    commitCost = (double(plan.timing.cycles) - base) / commits;
  }
  const double law = std::sqrt(2 * commitCost * mtbf);
  EXPECT_NEAR(bestInterval / law, 1, 0.2) << bestInterval << " measured, " << law << " expected";
}

} // namespace
