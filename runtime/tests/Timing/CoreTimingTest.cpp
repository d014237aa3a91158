//===- CoreTimingTest.cpp - the units of a core -----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/CoreTiming.h"

#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;

namespace {

InstructionTiming work(isa::Unit unit, uint64_t occupancy, uint64_t latency = 0, uint32_t group = 0,
                       uint64_t channelCycles = 0) {
  InstructionTiming timing;
  timing.unit = unit;
  timing.occupancy = occupancy;
  timing.latency = latency;
  timing.channelCycles = channelCycles;
  timing.group = group;
  return timing;
}

class CoreTimingTest : public ::testing::Test {
public:
  /// Groups 0 and 1 share array 1, group 2 has its own.
  std::vector<std::vector<ArrayUse>> groups{
      {{0, 8, 8, 1}, {1, 8, 8, 1}}, {{1, 8, 8, 1}}, {{2, 8, 8, 1}}};
  Mesh mesh;
  CoreTiming core{groups, 3, 2, mesh};
};

TEST_F(CoreTimingTest, AUnitTakesOneAfterTheOther) {
  const Execution first = *core.issue(work(isa::Unit::Dpu, 10, 3), {}, 0);
  EXPECT_EQ(first.start, 1u);
  EXPECT_EQ(first.unitFree, 11u);
  EXPECT_EQ(first.end, 14u);
  const Execution second = *core.issue(work(isa::Unit::Dpu, 10, 3), {}, 1);
  EXPECT_EQ(second.start, 11u) << "the pipeline takes the next before the first is out";
  EXPECT_EQ(core.drained(), 24u);
}

TEST_F(CoreTimingTest, UnitsOverlap) {
  core.issue(work(isa::Unit::Dpu, 100), {}, 0);
  EXPECT_EQ(core.issue(work(isa::Unit::Dma, 10), {}, 1)->start, 2u);
  EXPECT_EQ(core.issue(work(isa::Unit::Array, 10), {}, 2)->start, 3u);
}

TEST_F(CoreTimingTest, AFullQueueRefusesUntilOneStarts) {
  core.issue(work(isa::Unit::Dma, 10), {}, 0); // starts at 1
  core.issue(work(isa::Unit::Dma, 10), {}, 1); // at 11
  core.issue(work(isa::Unit::Dma, 10), {}, 2); // at 21
  const IssueProbe probe = core.probe(work(isa::Unit::Dma, 10), 3);
  EXPECT_EQ(probe.earliest, 11u);
  EXPECT_EQ(probe.block, IssueBlock::QueueFull);
  EXPECT_FALSE(core.issue(work(isa::Unit::Dma, 10), {}, 10));
  EXPECT_TRUE(core.issue(work(isa::Unit::Dma, 10), {}, 11));
  EXPECT_EQ(core.probe(work(isa::Unit::Dpu, 10), 3).block, IssueBlock::None);
}

TEST_F(CoreTimingTest, GroupsWithoutCommonArraysOverlap) {
  core.issue(work(isa::Unit::Array, 100, 0, 0), {}, 0);
  EXPECT_EQ(core.issue(work(isa::Unit::Array, 100, 0, 2), {}, 1)->start, 2u);
  EXPECT_EQ(core.issue(work(isa::Unit::Array, 100, 0, 1), {}, 2)->start, 101u);
}

TEST_F(CoreTimingTest, ProgrammingTakesAllArraysAndTheWeightStore) {
  InstructionTiming programming = work(isa::Unit::Array, 50);
  programming.takesAllArrays = true;
  programming.storeCycles = 40;
  core.issue(work(isa::Unit::Array, 100, 0, 2), {}, 0);
  EXPECT_EQ(core.issue(programming, {}, 1)->start, 101u) << "when group 2 is done";
  EXPECT_EQ(core.issue(work(isa::Unit::Dma, 10), {}, 2)->start, 3u) << "copies go on";
  EXPECT_EQ(core.issue(work(isa::Unit::Array, 10, 0, 1), {}, 101)->start, 151u);
  CoreTiming other{groups, 3, 2, mesh};
  EXPECT_EQ(other.issue(programming, {}, 110)->start, 141u)
      << "the store serves one core at a time";
}

TEST_F(CoreTimingTest, HazardsDelayTheStart) {
  const Access write{0, true, {0, 64}}, read{0, false, {32, 40}}, elsewhere{0, false, {64, 128}};
  core.issue(work(isa::Unit::Dma, 50, 25), std::span(&write, 1), 0);
  EXPECT_EQ(core.issue(work(isa::Unit::Dpu, 5), std::span(&elsewhere, 1), 1)->start, 2u);
  EXPECT_EQ(core.issue(work(isa::Unit::Dpu, 5), std::span(&read, 1), 2)->start, 76u);
}

TEST_F(CoreTimingTest, TheHostWaitsForAll) {
  core.issue(work(isa::Unit::Dma, 50, 25), {}, 0);
  const IssueProbe probe = core.probe(work(isa::Unit::HostCpu, 5), 1);
  EXPECT_EQ(probe.earliest, 76u);
  EXPECT_EQ(probe.block, IssueBlock::NotDrained);
  EXPECT_FALSE(core.issue(work(isa::Unit::HostCpu, 5), {}, 75));
  EXPECT_TRUE(core.issue(work(isa::Unit::HostCpu, 5), {}, 76));
}

TEST_F(CoreTimingTest, CoresShareGlobalMemory) {
  CoreTiming other{groups, 3, 2, mesh};
  EXPECT_EQ(core.issue(work(isa::Unit::Dma, 50, 0, 0, 40), {}, 0)->start, 1u);
  EXPECT_EQ(other.issue(work(isa::Unit::Dma, 50, 0, 0, 40), {}, 0)->start, 41u);
}

TEST_F(CoreTimingTest, FewPortsMakeUnitsTakeTurns) {
  auto with = [](isa::Unit unit, uint64_t portCycles) {
    InstructionTiming timing = work(unit, 10);
    timing.portCycles = portCycles;
    return timing;
  };
  CoreTiming one(groups, 3, 2, mesh, 1), two(groups, 3, 2, mesh, 2);
  for (CoreTiming *core : {&one, &two}) {
    EXPECT_EQ(core->issue(with(isa::Unit::Dma, 8), {}, 0)->start, 1u);
    EXPECT_EQ(core->issue(with(isa::Unit::Dpu, 5), {}, 1)->start, core == &one ? 9u : 2u);
    EXPECT_EQ(core->issue(with(isa::Unit::Array, 3), {}, 2)->start, core == &one ? 14u : 7u);
  }
  EXPECT_EQ(core.issue(with(isa::Unit::Dma, 8), {}, 0)->start, 1u);
  EXPECT_EQ(core.issue(with(isa::Unit::Dpu, 5), {}, 1)->start, 2u) << "a port each";
}

TEST_F(CoreTimingTest, LinksAreShared) {
  CoreTiming other(groups, 3, 2, mesh);
  InstructionTiming copy = work(isa::Unit::Dma, 10);
  copy.links = {7, 8};
  copy.linkCycles = 6;
  EXPECT_EQ(core.issue(copy, {}, 0)->start, 1u);
  copy.links = {8, 9};
  EXPECT_EQ(other.issue(copy, {}, 0)->start, 7u);
}

} // namespace
