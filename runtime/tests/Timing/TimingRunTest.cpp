//===- TimingRunTest.cpp - when an inference does what ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/ProgramBuilder.h"

#include "pim/Runtime/Functional/Executor.h"
#include "pim/Runtime/Timing/TimingRun.h"
#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using Type = fb::ElementType;

namespace {

class TimingRunTest : public ::testing::Test {
public:
  void SetUp() override {
    const uint32_t port = builder.tensor(box(fb::Space::Global, Type::I8, 0, {1}));
    builder.input("in", port);
    builder.output("out", port);
    builder.header.semaphores = 4;
  }
  Timing run() {
    program = std::make_unique<LoadedProgram>(builder.finish(), builder.target);
    return runTiming(*program, TimingTable(*program), [this](const TimedEvent &event) {
      events.push_back(event);
      if (event.execution)
        executions.push_back(*event.execution);
    });
  }

  ProgramBuilder builder{testTarget()};
  CoreBuilder &first = builder.core();
  CoreBuilder &second = builder.core();
  std::unique_ptr<LoadedProgram> program;
  std::vector<TimedEvent> events;
  std::vector<Execution> executions;
};

TEST_F(TimingRunTest, TheSequencerTakesACycleEach) {
  first.emit(isa::Loop{10, 2});
  first.emit(isa::Nop{});
  first.emit(isa::Nop{});
  first.emit(isa::Halt{});
  second.emit(isa::Halt{});
  const Timing timing = run();
  EXPECT_EQ(timing.cycles, 1u + 20 + 1);
  EXPECT_EQ(timing.executed, 22u + 1);
  EXPECT_EQ(timing.executions[0][1], 10u);
}

TEST_F(TimingRunTest, LoadsOverlapWithWorkOnTheOtherBuffer) {
  // Two buffers: while one is worked on, the other is loaded.
  const uint32_t global = first.global(Type::I8, 0, {1600});
  const uint32_t buffer = first.local(Type::I8, 0, {1600}),
                 result = first.local(Type::I8, 8192, {1600});
  first.emit(isa::DmaCopy{buffer, 0, global, 0});
  first.emit(isa::Li{1, 1600});
  first.emit(isa::DmaCopy{buffer, 1, global, 0});
  first.emit(isa::Vmax{result, 0, buffer, 0, buffer, 0});
  first.emit(isa::Vmax{result, 1, buffer, 1, buffer, 1});
  first.emit(isa::Halt{});
  second.emit(isa::Halt{});
  run();
  ASSERT_EQ(executions.size(), 4u);
  EXPECT_EQ(executions[2].start, executions[0].end) << "read after write";
  EXPECT_LT(executions[2].start, executions[1].end) << "overlap";
  EXPECT_EQ(executions[3].start, executions[1].end);
}

/// Two stages of 100 instructions, the second behind the first, with some images in flight.
class StreamTest : public TimingRunTest, public ::testing::WithParamInterface<uint32_t> {};

TEST_P(StreamTest, CoresBeginTheNextImageWhileOthersFinishTheLast) {
  first.emit(isa::Loop{100, 1});
  first.emit(isa::Nop{});
  first.emit(isa::Signal{0, 1});
  first.emit(isa::Halt{});
  second.emit(isa::Wait{0, 0, 1});
  second.emit(isa::Loop{100, 1});
  second.emit(isa::Nop{});
  second.emit(isa::Halt{});
  builder.header.images_in_flight = GetParam();
  const Timing alone = run();
  EXPECT_GT(alone.cycles, 200u) << "of one image, whatever comes behind it";
  const uint64_t interval = steadyInterval(*program, TimingTable(*program), alone);
  if (GetParam() == 1)
    EXPECT_EQ(interval, alone.cycles) << "one after another";
  else
    EXPECT_EQ(interval, 103u) << "loop, 100 bodies, signal or wait, halt";
}

INSTANTIATE_TEST_SUITE_P(ImagesInFlight, StreamTest, ::testing::Values(1, 2, 3, 5));

TEST_F(TimingRunTest, AnImageWaitsForItsMemory) {
  // The second core takes twice as long, so the first is ahead by as many images as there is memory
  // for.
  first.emit(isa::Signal{0, 1});
  first.emit(isa::Halt{});
  second.emit(isa::Wait{0, 0, 1});
  second.emit(isa::Loop{50, 1});
  second.emit(isa::Nop{});
  second.emit(isa::Halt{});
  builder.header.images_in_flight = 3;
  const Timing alone = run();
  EXPECT_EQ(steadyInterval(*program, TimingTable(*program), alone), 53u) << "wait, loop, 50, halt";
}

TEST_F(TimingRunTest, SignalsWaitForTheWorkBeforeThem) {
  const uint32_t global = first.global(Type::I8, 0, {800});
  first.emit(isa::DmaCopy{first.local(Type::I8, 0, {800}), 0, global, 0});
  first.emit(isa::Signal{2, 1});
  first.emit(isa::Halt{});
  second.emit(isa::Wait{2, 0, 1});
  second.emit(isa::Halt{});
  const Timing timing = run();
  EXPECT_EQ(timing.cycles, executions[0].end + 2);
  EXPECT_EQ(events.back().issue, executions[0].end + 1);
}

TEST_F(TimingRunTest, AnEarlierSignalOfALaterCoreCounts) {
  // Core 0 promises a signal far away; core 1 waits; core 2, later in the program, signals first.
  builder.target = testTarget(target::ArrayKind::Xbar, 3);
  CoreBuilder &third = builder.core();
  const uint32_t global = first.global(Type::I8, 0, {8000});
  first.emit(isa::DmaCopy{first.local(Type::I8, 0, {8000}), 0, global, 0});
  first.emit(isa::Signal{0, 1});
  first.emit(isa::Halt{});
  second.emit(isa::Wait{0, 0, 1});
  second.emit(isa::Halt{});
  for (int i = 0; i < 20; ++i)
    third.emit(isa::Nop{});
  third.emit(isa::Signal{0, 1});
  third.emit(isa::Halt{});
  run();
  for (const TimedEvent &event : events) {
    if (event.core == 1 && event.position == 0) {
      EXPECT_EQ(event.issue, 21u);
    }
  }
}

TEST_F(TimingRunTest, ReportsADeadlock) {
  first.emit(isa::Wait{3, 0, 2});
  first.emit(isa::Halt{});
  second.emit(isa::Signal{3, 1});
  second.emit(isa::Halt{});
  builder.layer("fc1", {fb::Span(0, 0, 1)});
  try {
    run();
    FAIL();
  } catch (const Error &error) {
    EXPECT_STREQ(error.what(),
                 "deadlock: core 0, layer 'fc1', instruction 0 'wait s3, r0, 2' waits for "
                 "semaphore 3 to reach 2, which no core makes it do");
  }
}

TEST_F(TimingRunTest, LayersHaveBeginAndEnd) {
  const uint32_t a = first.local(Type::I32, 0, {64});
  first.emit(isa::Nop{});
  first.emit(isa::Vadd{a, 0, a, 0, a, 0}); // 2*256/16 cycles and 4 of latency
  first.emit(isa::Vadd{a, 0, a, 0, a, 0});
  first.emit(isa::Halt{});
  second.emit(isa::Halt{});
  builder.layer("one", {fb::Span(0, 1, 2)});
  builder.layer("two", {fb::Span(0, 2, 3)});
  const Timing timing = run();
  EXPECT_EQ(timing.layers[0].begin, 1u);
  EXPECT_EQ(timing.layers[0].end, 2u + 32 + 4);
  EXPECT_EQ(timing.layers[1].begin, 2u);
  EXPECT_EQ(timing.layers[1].end, 2u + 2 * (32 + 4));
  EXPECT_EQ(timing.layers[0].busy[size_t(isa::Unit::Dpu)], 32u);
  EXPECT_EQ(timing.layers[0].executed, 1u);
  EXPECT_EQ(timing.other.executed, 3u);
}

/// Code with loops, registers and semaphores, made by chance; the cores cannot block each other for
/// ever.
void emitRandomCode(std::mt19937 &random, CoreBuilder &core, uint32_t own, uint32_t other) {
  const uint32_t a = core.local(Type::I32, 0, {16}), g = core.global(Type::I32, 0, {16});
  core.emit(isa::Li{1, 0});
  for (int block = 0; block < 6; ++block) {
    const uint32_t body = 2 + random() % 5;
    core.emit(isa::Loop{1 + uint32_t(random() % 5), body + 2});
    core.emit(isa::Signal{own, 1});
    for (uint32_t i = 0; i < body; ++i)
      switch (random() % 5) {
      case 0:
        core.emit(isa::Addi{1, 1, 4});
        break;
      case 1:
        core.emit(isa::Wrap{1, 64});
        break;
      case 2:
        core.emit(isa::DmaCopy{a, 1, g, 1});
        break;
      case 3:
        core.emit(isa::Vadd{a, 0, a, 1, a, 0});
        break;
      case 4:
        core.emit(isa::Nop{});
        break;
      }
    core.emit(isa::Wait{other, 0, block + 1});
  }
  core.emit(isa::Halt{});
}

class SameSequenceTest : public TimingRunTest, public ::testing::WithParamInterface<unsigned> {};

TEST_P(SameSequenceTest, TheTimingRunTakesThePathOfTheFunctionalRun) {
  std::mt19937 random(GetParam());
  emitRandomCode(random, first, 0, 1);
  emitRandomCode(random, second, 1, 0);
  const Timing timing = run();
  std::vector<std::vector<uint32_t>> timed(2), executed(2);
  for (const TimedEvent &event : events)
    timed[event.core].push_back(event.position);
  const Executable executable(*program);
  MachineState machine(executable);
  machine.reset();
  ExecutionObserver observer;
  observer.onInstruction = [&](uint32_t core, uint32_t position) {
    executed[core].push_back(position);
  };
  EXPECT_EQ(runCores(machine, &observer), timing.executed);
  EXPECT_EQ(timed, executed);
}
INSTANTIATE_TEST_SUITE_P(Programs, SameSequenceTest, ::testing::Range(0u, 40u));

} // namespace
