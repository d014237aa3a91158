//===- CommitPlanTest.cpp - where an inference commits -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TwoCores.h"

#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using ::testing::HasSubstr;

namespace {

CommitPlan planOf(const char *policy, const TwoCoresOptions &options = {}) {
  const TwoCores cores(options);
  return planCommits(*cores.program, *cores.table, CommitPolicy::parse(policy));
}

std::string refusalOf(const char *policy, const TwoCoresOptions &options) {
  try {
    planOf(policy, options);
  } catch (const Error &error) {
    return error.what();
  }
  return "accepted";
}

TEST(CommitPolicyTest, TextRoundTrips) {
  for (const char *text : {"auto", "pass", "segment", "pixel", "layer", "program", "cycles:1",
                           "cycles:18446744073709551615"})
    EXPECT_EQ(CommitPolicy::parse(text).text(), text);
  for (const char *text : {"", "Layer", "cycles", "cycles:", "cycles:0", "cycles:-1", "cycles:1x",
                           "layer:1", "auto:1", "cycles:18446744073709551616"})
    EXPECT_THROW(CommitPolicy::parse(text), Error) << text;
}

TEST(CommitPlanTest, WorkAndCommitsAddUpToTheInference) {
  for (const char *policy : {"pass", "segment", "pixel", "layer", "cycles:100", "cycles:1"}) {
    const CommitPlan plan = planOf(policy);
    uint64_t cycles = 0;
    for (size_t i = 0; i < plan.points.size(); ++i)
      cycles += plan.workAfter(i) + plan.commitAfter(i);
    EXPECT_EQ(cycles, plan.timing.cycles) << policy;
    EXPECT_EQ(plan.events.size(), plan.timing.executed) << policy;
    for (size_t i = 1; i < plan.points.size(); ++i) {
      EXPECT_GE(plan.points[i].begin, plan.points[i - 1].end) << policy;
      EXPECT_GT(plan.points[i].end, plan.points[i].begin) << policy;
      EXPECT_GT(plan.points[i].savedBits, 0u) << policy;
    }
  }
}

TEST(CommitPlanTest, PoliciesCommitWhereTheySay) {
  const TwoCores cores;
  const Timing without = runTiming(*cores.program, *cores.table);
  EXPECT_EQ(planOf("layer").points.size(), 3u) << "the beginning and two layers";
  // 6 products of 6 positions; before each product, and at the end of each layer.
  EXPECT_EQ(planOf("pixel").points.size(), 1 + 6 * 6 + 6 + 2u);
  EXPECT_EQ(planOf("segment").points.size(), 1 + 6 * 6 + 6 + 2u) << "all rows at once";
  EXPECT_EQ(planOf("pass").points.size(), 1 + 6 * 6 * 8 + 6 + 2u) << "8 steps of one bit";
  EXPECT_EQ(planOf("cycles:1000000000").points.size(), 1u);
  // A product of 480 cycles, six times, is divided.
  EXPECT_GE(planOf("cycles:100").points.size(), 1 + 6 * 4u);
  // Six positions of 80 cycles, in 8 steps each, the shortest work between two commits.
  EXPECT_GE(planOf("cycles:20").points.size(), 1 + 6 * 24u);
  const CommitPlan finest = planOf("cycles:1");
  for (size_t i = 1; i < finest.points.size(); ++i)
    if (finest.points[i].part > 0) {
      EXPECT_EQ(finest.points[i].parts, 6 * 8u);
    }
  EXPECT_EQ(planOf("cycles:1000000000").timing.cycles, without.cycles)
      << "no commit, no difference";
  TwoCoresOptions options;
  options.hasCommits = true;
  EXPECT_EQ(planOf("program", options).points.size(), 7u);
  options.kind = target::ArrayKind::And;
  EXPECT_EQ(planOf("pass", options).points.size(), 1 + 6 * 6 * 8 * 8 + 6 + 2u)
      << "8 planes of inputs, 8 of weights";
}

TEST(CommitPlanTest, IsOfOneInferenceHoweverManyAreInFlight) {
  for (const char *policy : {"layer", "pixel", "cycles:100", "program"}) {
    TwoCoresOptions options;
    options.hasCommits = true;
    const CommitPlan one = planOf(policy, options);
    options.imagesInFlight = 3;
    const CommitPlan three = planOf(policy, options);
    EXPECT_EQ(three.timing.cycles, one.timing.cycles) << policy;
    ASSERT_EQ(three.points.size(), one.points.size()) << policy;
    EXPECT_EQ(three.points.back().liveBits, one.points.back().liveBits) << policy;
  }
}

TEST(CommitPlanTest, ProgramsThatCommitRunOneImageAtATime) {
  TwoCoresOptions options;
  options.imagesInFlight = 3;
  for (const bool hasCommits : {false, true}) {
    options.hasCommits = hasCommits;
    const TwoCores cores(options);
    const Timing alone = runTiming(*cores.program, *cores.table);
    const uint64_t interval = steadyInterval(*cores.program, *cores.table, alone);
    EXPECT_EQ(interval == alone.cycles, hasCommits) << interval;
  }
}

TEST(CommitPlanTest, ACommitTakesItsLatencyAndItsBits) {
  const CommitPlan plan = planOf("layer");
  const CommitPoint &point = plan.points[1];
  // Two cores of 128 bits a cycle, 10 ns at 1 GHz. Behind the first layer no scratchpad is needed.
  const uint64_t state = 2 * (31 * 32 + 8 * 3 * 32 + 32) + 32;
  EXPECT_EQ(point.savedBits, state);
  EXPECT_EQ(point.end - point.begin, 10 + (state + 255) / 256);
  EXPECT_EQ(plan.restoreTo(1), 100 + (state + 255) / 256);
}

TEST(CommitPlanTest, VolatileGlobalMemoryIsSaved) {
  TwoCoresOptions options;
  options.durable = target::Durability::Arrays;
  const CommitPlan plan = planOf("layer", options), durable = planOf("layer");
  EXPECT_EQ(plan.points[1].savedBits, durable.points[1].savedBits + 6 * 96 * 8)
      << "the sums of the first layer";
  EXPECT_EQ(plan.points[2].savedBits, durable.points[2].savedBits + 6 * 48 * 8);
}

TEST(CommitPlanTest, RefusesProgramsThatOverwriteTheirInput) {
  TwoCoresOptions options;
  options.overwritesInput = true;
  EXPECT_THAT(refusalOf("layer", options), HasSubstr("layer 'follow', instruction 5 'dma.copy"));
  EXPECT_THAT(refusalOf("layer", options), HasSubstr("overwrites what has been read since"));
  // From the beginning, what is overwritten would be written again before it is read.
  EXPECT_EQ(planOf("cycles:1000000", options).points.size(), 1u);
  // With a commit behind the first layer, another must come before the store of the second.
  bool hasForced = false;
  for (int cycles = 100; cycles < 3000; cycles += 100)
    for (const CommitPoint &point :
         planOf(("cycles:" + std::to_string(cycles)).c_str(), options).points)
      hasForced |= point.isForced;
  EXPECT_TRUE(hasForced);
  // Where global memory does not keep its contents, nothing can be overwritten.
  options.durable = target::Durability::Arrays;
  EXPECT_EQ(refusalOf("layer", options), "accepted");
}

/// A program that fills a box of bytes, reads the first eight bytes from where it begins, and
/// overwrites them.
std::string refusalOfReuse(std::vector<uint32_t> sizes, std::vector<int64_t> strides) {
  ProgramBuilder builder(testTarget());
  builder.target.power.durable = target::Durability::GlobalMemory;
  CoreBuilder &core = builder.core();
  fb::TensorDescriptorT filled = box(fb::Space::Global, fb::ElementType::I8, 64, sizes);
  std::copy(strides.rbegin(), strides.rend(), filled.strides.rbegin());
  const uint32_t reused = core.global(fb::ElementType::I8, 64, {8});
  core.emit(isa::DmaFill{core.tensor(filled), 0, 7});
  core.emit(isa::DmaCopy{core.local(fb::ElementType::I8, 0, {8}), 0, reused, 0});
  core.emit(isa::DmaCopy{reused, 0, core.local(fb::ElementType::I8, 16, {8}), 0});
  core.emit(isa::Halt{});
  builder.input("in", builder.tensor(box(fb::Space::Global, fb::ElementType::I8, 0, {1})));
  builder.output("out", builder.tensor(box(fb::Space::Global, fb::ElementType::I8, 64, {8})));
  builder.layer("reuse", {fb::Span(0, 0, uint32_t(core.code.size() - 1))});
  const target::Target target = builder.target;
  const LoadedProgram program(builder.finish(), target);
  try {
    planCommits(program, TimingTable(program), CommitPolicy::parse("layer"));
  } catch (const Error &error) {
    return error.what();
  }
  return "accepted";
}

TEST(CommitPlanTest, GapsOfABoxAreNotWritten) {
  const char *refusal = "layer 'reuse', instruction 2 'dma.copy";
  EXPECT_EQ(refusalOfReuse({5000}, {1}), "accepted") << "written before it is read";
  EXPECT_THAT(refusalOfReuse({100}, {2}), HasSubstr(refusal));
  EXPECT_THAT(refusalOfReuse({5000}, {2}), HasSubstr(refusal)) << "of many runs too";
  EXPECT_EQ(refusalOfReuse({2, 5000}, {1, 2}), "accepted") << "no gaps, in another order";
}

TEST(CommitPlanTest, RefusesInstructionsThatOverwriteWhatTheyRead) {
  TwoCoresOptions options;
  options.durable = target::Durability::All;
  EXPECT_THAT(refusalOf("cycles:1", options), HasSubstr("overwrites what it reads itself"));
}

} // namespace
