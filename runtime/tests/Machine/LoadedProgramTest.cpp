//===- LoadedProgramTest.cpp - a program, decoded ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/ProgramBuilder.h"

#include "pim/Runtime/Machine/LayerTracker.h"
#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

class LoadedProgramTest : public ::testing::Test {
public:
  void SetUp() override {
    const uint32_t port = builder.tensor(box(fb::Space::Global, fb::ElementType::I8, 0, {1}));
    builder.input("in", port);
    builder.output("out", port);
  }
  std::string errorOfLoading() {
    try {
      LoadedProgram(builder.finish(), builder.target);
    } catch (const Error &error) {
      return error.what();
    }
    return "";
  }

  ProgramBuilder builder{testTarget()};
  CoreBuilder &core = builder.core();
};

TEST_F(LoadedProgramTest, NamesPlaces) {
  core.emit(isa::Nop{});
  core.emit(isa::Li{4, -1});
  core.emit(isa::Halt{});
  builder.layer("conv", {fb::Span(0, 1, 2)});
  const LoadedProgram program(builder.finish(), builder.target);
  EXPECT_EQ(program.describe(0, 0), "core 0, instruction 0 'nop'");
  EXPECT_EQ(program.describe(0, 1), "core 0, layer 'conv', instruction 1 'li r4, -1'");
}

TEST_F(LoadedProgramTest, RefusesCodeThatRunsForEver) {
  for (uint32_t length : {3, 2, 1})
    core.emit(isa::Loop{0xffffff, length});
  core.emit(isa::Nop{});
  core.emit(isa::Halt{});
  EXPECT_EQ(errorOfLoading(), "core 0 executes more than 2^32 instructions in an inference");
}

TEST_F(LoadedProgramTest, RefusesInstructionsOfTwoLayers) {
  core.emit(isa::Nop{});
  core.emit(isa::Halt{});
  builder.layer("a", {fb::Span(0, 0, 2)});
  builder.layer("b", {fb::Span(0, 1, 2)});
  EXPECT_EQ(errorOfLoading(), "instruction 1 of core 0 belongs to layer 'a' and to layer 'b'");
}

TEST_F(LoadedProgramTest, RefusesWhatDoesNotVerify) {
  core.emit(isa::Nop{});
  EXPECT_THAT(errorOfLoading(), ::testing::HasSubstr("does not end with 'halt'"));
}

TEST_F(LoadedProgramTest, TracksLayersThatCoresEnterAgain) {
  core.emit(isa::Nop{});
  core.emit(isa::Nop{});
  core.emit(isa::Nop{});
  core.emit(isa::Halt{});
  builder.layer("a", {fb::Span(0, 0, 1), fb::Span(0, 2, 3)});
  builder.layer("b", {fb::Span(0, 1, 2)});
  const LoadedProgram program(builder.finish(), builder.target);
  LayerTracker tracker(program);
  EXPECT_EQ(tracker.enter(0, 0, false), -1);
  EXPECT_EQ(tracker.enter(0, 1, false), -1) << "layer a has another span";
  EXPECT_EQ(tracker.enter(0, 2, false), 1);
  EXPECT_EQ(tracker.enter(0, 3, false), 0);
  EXPECT_EQ(tracker.enter(0, 3, true), -1);
}

} // namespace
