//===- ExecutorTest.cpp - cores, loops, semaphores --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Functional/OneCore.h"

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using Type = fb::ElementType;

namespace {

class ExecutorTest : public OneCore {};

TEST_F(ExecutorTest, LoopsThatEndTogether) {
  // r1 counts the inner body, r2 the outer one.
  core.emit(isa::Loop{3, 3});
  core.emit(isa::Addi{2, 2, 1});
  core.emit(isa::Loop{4, 1});
  core.emit(isa::Addi{1, 1, 1});
  start();
  EXPECT_EQ(runCores(*machine), 1u + 3 * (1 + 1 + 4) + 1);
  EXPECT_EQ(machine->cores[0].sequencer[1], 12);
  EXPECT_EQ(machine->cores[0].sequencer[2], 3);
}

TEST_F(ExecutorTest, ScalarArithmetic) {
  core.emit(isa::Li{1, INT32_MAX});
  core.emit(isa::Addi{2, 1, 1});
  core.emit(isa::Li{0, 7});
  core.emit(isa::Min{3, 1, 2});
  core.emit(isa::Max{4, 1, 2});
  core.emit(isa::Mul{5, 1, 1});
  core.emit(isa::Sub{6, 0, 1});
  core.emit(isa::Li{7, 10});
  core.emit(isa::Wrap{7, 10});
  core.emit(isa::Li{8, 9});
  core.emit(isa::Wrap{8, 10});
  core.emit(isa::Li{9, -1});
  core.emit(isa::Wrap{9, 0x80000000u});
  start();
  run();
  const SequencerState &s = machine->cores[0].sequencer;
  EXPECT_EQ(s[0], 0);
  EXPECT_EQ(s[2], INT32_MIN);
  EXPECT_EQ(s[3], INT32_MIN);
  EXPECT_EQ(s[4], INT32_MAX);
  EXPECT_EQ(s[5], 1);
  EXPECT_EQ(s[6], -INT32_MAX);
  EXPECT_EQ(s[7], 0);
  EXPECT_EQ(s[8], 9);
  EXPECT_EQ(s[9], -1);
}

TEST_F(ExecutorTest, CoresHandOverThroughSemaphores) {
  // Core 1 doubles what core 0 leaves in global memory, core 0 fetches the result.
  builder.header.semaphores = 2;
  CoreBuilder &other = builder.core();
  const uint32_t shared = core.global(Type::I32, 64, {1});
  const uint32_t own = core.local(Type::I32, 0, {1});
  core.emit(isa::DmaFill{shared, 0, 21});
  core.emit(isa::Signal{0, 2});
  core.emit(isa::Wait{1, 0, 1});
  core.emit(isa::DmaCopy{own, 0, shared, 0});
  const uint32_t there = other.global(Type::I32, 64, {1});
  const uint32_t here = other.local(Type::I32, 0, {1});
  other.emit(isa::Li{3, 1});
  other.emit(isa::Wait{0, 3, 1});
  other.emit(isa::DmaCopy{here, 0, there, 0});
  other.emit(isa::Vadd{here, 0, here, 0, here, 0});
  other.emit(isa::DmaCopy{there, 0, here, 0});
  other.emit(isa::Signal{1, 1});
  other.emit(isa::Halt{});
  start();
  run();
  EXPECT_EQ(get<int32_t>(0, 1)[0], 42);
}

TEST_F(ExecutorTest, CoresWriteToEachOther) {
  CoreBuilder &other = builder.core();
  const uint32_t there = core.tensor(box(fb::Space::Scratchpad, Type::I8, 5, {3}, 1));
  core.emit(isa::DmaFill{there, 0, 9});
  other.emit(isa::Halt{});
  start();
  run();
  EXPECT_EQ(machine->cores[1].scratchpad[5], 9);
  EXPECT_EQ(machine->cores[1].scratchpad[8], 0);
}

TEST_F(ExecutorTest, NamesTheLayerOfADeadlock) {
  builder.header.semaphores = 1;
  core.emit(isa::Wait{0, 0, 1});
  builder.layer("pool2", {fb::Span(0, 0, 1)});
  start();
  EXPECT_THAT(errorOfRun(), ::testing::StartsWith(
                                "deadlock: core 0, layer 'pool2', instruction 0 'wait s0, r0, 1'"));
}

TEST_F(ExecutorTest, ReportsALayerWhenTheLastCoreLeavesIt) {
  builder.header.semaphores = 1;
  CoreBuilder &other = builder.core();
  const uint32_t shared = core.global(Type::I8, 64, {1});
  core.emit(isa::DmaFill{shared, 0, 1});
  core.emit(isa::Signal{0, 1});
  core.emit(isa::DmaFill{shared, 0, 2});
  const uint32_t there = other.global(Type::I8, 65, {1});
  other.emit(isa::Wait{0, 0, 1});
  other.emit(isa::DmaFill{there, 0, 3});
  other.emit(isa::Halt{});
  builder.layer("first", {fb::Span(0, 0, 2)});
  builder.layer("second", {fb::Span(0, 2, 3), fb::Span(1, 0, 2)});
  start();
  std::vector<std::pair<size_t, int>> seen;
  ExecutionObserver observer;
  observer.onLayer = [&](size_t layer) { seen.push_back({layer, machine->globalMemory[64]}); };
  runCores(*machine, &observer);
  EXPECT_THAT(seen, ::testing::ElementsAre(std::pair(size_t(0), 1), std::pair(size_t(1), 2)));
}

// A core that waits right behind a layer has left it: what it waits for may overwrite the layer's
// result.
TEST_F(ExecutorTest, ReportsALayerBeforeACoreWaits) {
  builder.header.semaphores = 2;
  CoreBuilder &other = builder.core();
  const uint32_t shared = core.global(Type::I8, 64, {1});
  core.emit(isa::DmaFill{shared, 0, 5}); // layer 0
  core.emit(isa::Signal{0, 1});
  core.emit(isa::Wait{1, 0, 1}); // layer 2
  const uint32_t reused = other.global(Type::I8, 64, {1});
  other.emit(isa::Wait{0, 0, 1}); // layer 1
  other.emit(isa::DmaFill{reused, 0, 9});
  other.emit(isa::Signal{1, 1});
  other.emit(isa::Halt{});
  builder.layer("first", {fb::Span(0, 0, 2)});
  builder.layer("second", {fb::Span(1, 0, 3)});
  builder.layer("third", {fb::Span(0, 2, 3)});
  start();
  std::vector<std::pair<size_t, int>> seen;
  ExecutionObserver observer;
  observer.onLayer = [&](size_t layer) { seen.push_back({layer, machine->globalMemory[64]}); };
  runCores(*machine, &observer);
  EXPECT_THAT(seen, ::testing::ElementsAre(std::pair(size_t(0), 5), std::pair(size_t(1), 9),
                                           std::pair(size_t(2), 9)));
}

TEST_F(ExecutorTest, ResetForgetsTheRunBefore) {
  core.emit(isa::DmaFill{core.global(Type::I8, 100, {8}), 0, 1});
  start();
  run();
  EXPECT_EQ(machine->globalMemory[100], 1);
  machine->reset();
  EXPECT_EQ(machine->globalMemory[100], 0);
}

} // namespace
