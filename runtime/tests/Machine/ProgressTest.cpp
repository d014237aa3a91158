//===- ProgressTest.cpp - programs that end and that do not ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/ProgramBuilder.h"

#include "pim/Runtime/Functional/Executor.h"
#include "pim/Runtime/Machine/Progress.h"
#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using Type = fb::ElementType;

namespace {

class ProgressTest : public ::testing::Test {
public:
  void SetUp() override {
    const uint32_t port = builder.tensor(box(fb::Space::Global, Type::I8, 0, {1}));
    builder.input("in", port);
    builder.output("out", port);
    builder.header.semaphores = 4;
  }
  ProgressProof prove() {
    first.emit(isa::Halt{});
    second.emit(isa::Halt{});
    return proveProgress(*builder.finish());
  }
  std::string problem() {
    try {
      prove();
    } catch (const Error &error) {
      return error.what();
    }
    return "";
  }

  ProgramBuilder builder{testTarget()};
  CoreBuilder &first = builder.core();
  CoreBuilder &second = builder.core();
};

TEST_F(ProgressTest, RowsPassFromCoreToCore) {
  first.emit(isa::Loop{1000, 2});
  first.emit(isa::Nop{});
  first.emit(isa::Signal{1, 3});
  second.emit(isa::Li{5, 0});
  second.emit(isa::Loop{1000, 2});
  second.emit(isa::Wait{1, 5, 3});
  second.emit(isa::Addi{5, 5, 3});
  EXPECT_EQ(prove().waits, 1000u);
}

TEST_F(ProgressTest, ALoopThatDoesNotWaitIsSummedUp) {
  first.emit(isa::Loop{1 << 23, 5});
  first.emit(isa::Loop{1 << 8, 2});
  first.emit(isa::Addi{3, 3, 1});
  first.emit(isa::Wrap{4, 100});
  first.emit(isa::Signal{0, 1});
  first.emit(isa::Addi{7, 7, 5});
  first.emit(isa::Wait{0, 3, 1}); // register 3 has wrapped round to 2^31, which is negative
  second.emit(isa::Wait{0, 0, 1 << 22});
  const ProgressProof proof = prove();
  EXPECT_EQ(proof.waits, 2u);
  EXPECT_LT(proof.steps, 10u);
}

TEST_F(ProgressTest, TwoCoresThatWaitForEachOther) {
  first.emit(isa::Wait{0, 0, 1});
  first.emit(isa::Signal{1, 1});
  second.emit(isa::Wait{1, 0, 1});
  second.emit(isa::Signal{0, 1});
  EXPECT_EQ(problem(), "deadlock: core 0: instruction 0 'wait s0, r0, 1' waits for semaphore 0 to "
                       "reach 1, which ends at 0");
}

TEST_F(ProgressTest, OneRowTooFew) {
  first.emit(isa::Loop{9, 1});
  first.emit(isa::Signal{2, 1});
  second.emit(isa::Li{1, 0});
  second.emit(isa::Loop{5, 2});
  second.emit(isa::Wait{2, 1, 2});
  second.emit(isa::Addi{1, 1, 2});
  EXPECT_EQ(problem(), "deadlock: core 1: instruction 2 'wait s2, r1, 2' waits for semaphore 2 to "
                       "reach 10, which ends at 9");
}

TEST_F(ProgressTest, ASignalBehindTheWaitThatNeedsIt) {
  first.emit(isa::Loop{3, 2});
  first.emit(isa::Wait{3, 0, 1});
  first.emit(isa::Signal{3, 1});
  EXPECT_THAT(problem(), ::testing::HasSubstr("core 0: instruction 1"));
}

TEST_F(ProgressTest, RegistersThatWaitsReadAreComputed) {
  first.emit(isa::Signal{0, 40});
  second.emit(isa::Li{1, 1});
  second.emit(isa::Li{2, 2});
  second.emit(isa::Loop{5, 1});
  second.emit(isa::Mul{1, 1, 2});
  second.emit(isa::Addi{3, 1, 8});
  second.emit(isa::Wait{0, 3, 0}); // 2^5 + 8
  EXPECT_EQ(prove().waits, 1u);
}

} // namespace
