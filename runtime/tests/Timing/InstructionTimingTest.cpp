//===- InstructionTimingTest.cpp - how long instructions take ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/ProgramBuilder.h"

#include "pim/Runtime/Timing/InstructionTiming.h"

#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using Type = fb::ElementType;

namespace {

/// The numbers of testTarget() make every expectation easy to work out by hand: a cycle is a
/// nanosecond.
class InstructionTimingTest : public ::testing::Test {
public:
  void use(target::ArrayKind kind) {
    builder = std::make_unique<ProgramBuilder>(testTarget(kind));
    const uint32_t port = builder->tensor(box(fb::Space::Global, Type::I8, 0, {1}));
    builder->input("in", port);
    builder->output("out", port);
    core = &builder->core();
  }
  void SetUp() override { use(target::ArrayKind::Xbar); }

  InstructionTiming timeOf(const isa::Instruction &instruction) {
    core->emit(instruction);
    core->emit(isa::Halt{});
    const target::Target target = builder->target;
    program = std::make_unique<LoadedProgram>(builder->finish(), target);
    return TimingTable(*program).instructions[0][0];
  }

  /// A 1x1 convolution of 4x5 positions.
  InstructionTiming timeOfMvm(uint32_t rows, uint32_t outputs) {
    std::mt19937 random(1);
    const program::CellLayout layout = program::CellLayout::of(builder->target);
    const uint32_t group =
        core->group(mapMatrix(randomWeights(random, rows, outputs, 8),
                              {.arrayRows = layout.rows, .arrayColumns = layout.columns}),
                    128);
    fb::WindowDescriptorT window;
    window.element = Type::I8;
    window.out_rows = window.rows = window.ring_rows = 4;
    window.out_cols = window.cols = 5;
    window.kernel_rows = window.kernel_cols = 1;
    window.row_step = window.col_step = window.row_dilation = window.col_dilation = 1;
    window.channels = window.col_pitch = rows;
    window.row_pitch = 5 * rows;
    return timeOf(isa::Mvm{group, core->local(Type::I32, 8192, {4, 5, outputs}), 0,
                           core->window(window), 0, false});
  }

  std::unique_ptr<ProgramBuilder> builder;
  CoreBuilder *core = nullptr;
  std::unique_ptr<LoadedProgram> program;
};

TEST_F(InstructionTimingTest, LoadFromGlobalMemory) {
  const InstructionTiming timing =
      timeOf(isa::DmaCopy{core->local(Type::I8, 0, {320}), 0, core->global(Type::I8, 0, {320}), 0});
  EXPECT_EQ(timing.unit, isa::Unit::Dma);
  EXPECT_EQ(timing.channelCycles, 40u);  // 8 bytes a cycle
  EXPECT_EQ(timing.occupancy, 5u + 40u); // set-up, then as fast as global memory
  EXPECT_EQ(timing.latency, 20u + 2u);   // memory, one hop there and back
  ASSERT_EQ(timing.accesses.size(), 2u);
}

TEST_F(InstructionTimingTest, PiecesCostACycleEach) {
  auto slice = box(fb::Space::Scratchpad, Type::I8, 0, {100, 3});
  slice.strides = {1000, 1000, 10, 1};
  const InstructionTiming timing =
      timeOf(isa::DmaCopy{core->tensor(slice), 0, core->local(Type::I8, 4096, {100, 3}), 0});
  EXPECT_EQ(timing.channelCycles, 0u);
  EXPECT_EQ(timing.occupancy, 5u + 100u);
  EXPECT_EQ(timing.latency, 0u);
}

TEST_F(InstructionTimingTest, VectorWork) {
  const uint32_t a = core->local(Type::I32, 0, {10, 16});
  const InstructionTiming timing = timeOf(isa::Vadd{a, 0, a, 0, a, 0});
  EXPECT_EQ(timing.occupancy,
            2u * 160 * 4 / 16); // two operands of 640 bytes through 16 bytes a cycle
  EXPECT_EQ(timing.latency, 4u);
}

TEST_F(InstructionTimingTest, CrossbarWaitsForItsConverter) {
  // 40 rows, 4 outputs of 8 slices: 32 conversions of 1 ns for each of 8 input steps, slower than a
  // read of 10 ns.
  const InstructionTiming timing = timeOfMvm(40, 4);
  EXPECT_EQ(timing.occupancy, 20u * 8 * 32);
  EXPECT_EQ(timing.latency, 10u + 1 + 3); // read, add, 40 bytes in
}

TEST_F(InstructionTimingTest, CrossbarWithManyConvertersWaitsForItsRead) {
  builder->target.adc.perArray = 16;
  const InstructionTiming timing = timeOfMvm(40, 4);
  EXPECT_EQ(timing.occupancy, 20u * 8 * 10);
}

TEST_F(InstructionTimingTest, CrossbarRaisesFewRowsAtATime) {
  builder->target.array.activeRows = 16;
  const InstructionTiming timing = timeOfMvm(40, 4);
  EXPECT_EQ(timing.occupancy, 20u * 8 * 3 * 32);
}

TEST_F(InstructionTimingTest, AndArraysGoThroughTheirStoredRows) {
  use(target::ArrayKind::And);
  // 4 outputs of 8 slices are 32 stored rows; 8 planes of 2 ns each. Writing 8 planes of 3 ns hides
  // behind that.
  const InstructionTiming timing = timeOfMvm(40, 4);
  EXPECT_EQ(timing.occupancy, 20u * 8 * 32 * 2);
  EXPECT_EQ(timing.latency, 8u * 3 + 1 + 3);
}

TEST_F(InstructionTimingTest, AndArraysWithFewRowsWaitForTheirInputs) {
  use(target::ArrayKind::And);
  builder->target.andArray.writeRowNs = 100;
  const InstructionTiming timing = timeOfMvm(40, 4);
  EXPECT_EQ(timing.occupancy, 20u * 8 * 100);
}

TEST_F(InstructionTimingTest, ProgrammingWaitsForTheWeightStoreOrForTheCells) {
  for (const double bandwidth : {1.0, 16.0}) {
    use(target::ArrayKind::Xbar);
    builder->target.weightStore = {bandwidth, 50, 4};
    // Three images in two rounds, the second of which has two.
    core->tables.arrays = 3;
    core->tables.rounds = {0, 1};
    core->cells.assign(3 * program::CellLayout::of(builder->target).words(), 0);
    const InstructionTiming timing = timeOf(isa::Reprogram{1});
    const uint64_t bytes = 2 * 128 * 128 / 8;
    EXPECT_TRUE(timing.takesAllArrays);
    EXPECT_EQ(timing.storeCycles, uint64_t(double(bytes) / bandwidth));
    EXPECT_EQ(timing.linkCycles, bytes / 16);
    // 128 rows of 10 ns, after 50 ns and one hop.
    EXPECT_EQ(timing.occupancy, 51 + std::max<uint64_t>(timing.storeCycles, 1280));
  }
}

TEST_F(InstructionTimingTest, HostCalls) {
  graph::Graph graph;
  graph.tensors.push_back({"a", ElementType::F32, {1, 100, 50}, {}, nullptr});
  graph.tensors.push_back({"b", ElementType::F32, {1, 50, 20}, {}, nullptr});
  graph.tensors.push_back({"c", ElementType::F32, {1, 100, 20}, {}, nullptr});
  graph.ops.push_back({"tosa.matmul", "mm", {0, 1}, {2}, {}});
  graph.inputs = {0, 1};
  graph.outputs = {2};
  const HostWork work = hostWork(graph);
  EXPECT_EQ(work.operations, 2u * 100 * 50 * 20);
  EXPECT_EQ(work.bytes, 4u * (5000 + 1000 + 2000));
}

} // namespace
