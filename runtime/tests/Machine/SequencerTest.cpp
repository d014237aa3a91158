//===- SequencerTest.cpp - scalar registers and loops -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Machine/Sequencer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vector>

using namespace pim;
using namespace pim::runtime;

namespace {

/// The positions that code consisting of loops and nops goes through.
std::vector<uint32_t> pathOf(const std::vector<isa::Instruction> &code) {
  SequencerState state;
  std::vector<uint32_t> path;
  while (state.position < code.size()) {
    path.push_back(state.position);
    if (const auto *loop = code[state.position].getIf<isa::Loop>())
      execute(state, *loop);
    state.advance();
  }
  EXPECT_EQ(state.depth, 0u);
  return path;
}

TEST(SequencerTest, LoopOfOneInstruction) {
  EXPECT_THAT(pathOf({isa::Loop{3, 1}, isa::Nop{}, isa::Nop{}}),
              ::testing::ElementsAre(0, 1, 1, 1, 2));
}

TEST(SequencerTest, InnerLoopStartsAgain) {
  EXPECT_THAT(pathOf({isa::Loop{2, 3}, isa::Loop{2, 1}, isa::Nop{}, isa::Nop{}}),
              ::testing::ElementsAre(0, 1, 2, 2, 3, 1, 2, 2, 3));
}

TEST(SequencerTest, LoopsThatEndTogether) {
  EXPECT_THAT(pathOf({isa::Loop{2, 2}, isa::Loop{2, 1}, isa::Nop{}, isa::Nop{}}),
              ::testing::ElementsAre(0, 1, 2, 2, 1, 2, 2, 3));
}

TEST(SequencerTest, EightLoopsDeep) {
  std::vector<isa::Instruction> code;
  for (uint32_t d = 0; d < 8; ++d)
    code.push_back(isa::Loop{2, 8 - d});
  code.push_back(isa::Nop{});
  size_t nops = 0;
  for (uint32_t position : pathOf(code))
    nops += position == 8;
  EXPECT_EQ(nops, 256u);
}

TEST(SequencerTest, RegisterZeroStaysZero) {
  SequencerState state;
  execute(state, isa::Li{0, 5});
  execute(state, isa::Addi{1, 0, 3});
  EXPECT_EQ(state[0], 0);
  EXPECT_EQ(state[1], 3);
}

} // namespace
