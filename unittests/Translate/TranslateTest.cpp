//===- TranslateTest.cpp - tests of the way between programs and IR -------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Translate/Translate.h"
#include "SmallProgram.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "pim/Dialect/ISA/IR/ISAOps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace mlir;
using namespace mlir::pim;
namespace program = ::pim::program;
using ::testing::HasSubstr;

namespace {

class TranslateTest : public ::testing::Test {
protected:
  TranslateTest() {
    context.loadDialect<isa::ISADialect>();
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
      messages.push_back(diagnostic.str());
      return success();
    });
  }

  std::string lastMessage() { return messages.empty() ? "none" : messages.back(); }

  MLIRContext context;
  std::vector<std::string> messages;
};

TEST_F(TranslateTest, RoundTripsByteForByte) {
  std::vector<std::byte> bytes = program::write(program::smallProgram());
  OwningOpRef<ModuleOp> module = programToIsa(&context, program::read(bytes));
  ASSERT_TRUE(module) << lastMessage();
  FailureOr<program::Program> back = isaToProgram(*module);
  ASSERT_TRUE(succeeded(back)) << lastMessage();
  EXPECT_TRUE(program::write(*back) == bytes);
}

TEST_F(TranslateTest, RoundTripsThroughText) {
  std::vector<std::byte> bytes = program::write(program::smallProgram());
  OwningOpRef<ModuleOp> module = programToIsa(&context, program::read(bytes));
  ASSERT_TRUE(module) << lastMessage();
  std::string text;
  llvm::raw_string_ostream stream(text);
  module->print(stream);
  OwningOpRef<ModuleOp> parsed = parseSourceString<ModuleOp>(text, &context);
  ASSERT_TRUE(parsed) << lastMessage();
  FailureOr<program::Program> back = isaToProgram(*parsed);
  ASSERT_TRUE(succeeded(back)) << lastMessage();
  EXPECT_TRUE(program::write(*back) == bytes);
}

TEST_F(TranslateTest, InstructionsNameTheirLayer) {
  OwningOpRef<ModuleOp> module = programToIsa(&context, program::smallProgram());
  ASSERT_TRUE(module) << lastMessage();
  unsigned inLayer = 0, all = 0;
  module->walk([&](isa::CodeOp code) {
    for (Operation &instruction : code.getBodyRegion().getOps()) {
      ++all;
      if (auto name = dyn_cast<NameLoc>(instruction.getLoc()))
        inLayer += name.getName() == "fc";
    }
  });
  EXPECT_EQ(inLayer, 8u);
  EXPECT_EQ(all, 13u);
}

TEST_F(TranslateTest, OneProgramIsExpected) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>("module {}", &context);
  EXPECT_TRUE(failed(isaToProgram(*module)));
  EXPECT_THAT(lastMessage(), HasSubstr("holds 0 isa.program ops, expected one"));
}

TEST_F(TranslateTest, ProgramsThatDoNotHold) {
  program::Program program = program::smallProgram();
  program.header.semaphores = 0;
  EXPECT_FALSE(programToIsa(&context, program));
  EXPECT_THAT(lastMessage(), HasSubstr("'semaphore' is entry 0 of a table with 0"));
}

TEST_F(TranslateTest, ResourcesNeedTheirData) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(R"(
    isa.program model = <name = "m">, semaphores = 0, global_memory_bytes = 0, target = {} {
      isa.memory_image address = 0, bytes = dense_resource<lost> : tensor<3xi8>
    })",
                                                             ParserConfig(&context, false));
  ASSERT_TRUE(module) << lastMessage();
  auto op = *module->getOps<isa::ProgramOp>().begin();
  OwningOpRef<ModuleOp> whole = programToIsa(&context, program::smallProgram());
  op.setTargetAttr((*whole->getOps<isa::ProgramOp>().begin()).getTargetAttr());
  EXPECT_TRUE(failed(isaToProgram(*module)));
  EXPECT_THAT(lastMessage(), HasSubstr("resource 'lost' has no data"));
}

TEST_F(TranslateTest, ResourcesHaveTheSizeOfTheirType) {
  auto problem = [&](int64_t type, size_t bytes) {
    OwningOpRef<ModuleOp> module = programToIsa(&context, program::smallProgram());
    isa::CoreOp core;
    module->walk([&](isa::CoreOp op) {
      if (op.getCellsAttr())
        core = op;
    });
    static const std::vector<char> zeros(100);
    core.setCellsAttr(DenseResourceElementsAttr::get(
        RankedTensorType::get({type}, IntegerType::get(&context, 8)), "odd",
        UnmanagedAsmResourceBlob::allocateInferAlign(ArrayRef<char>(zeros).take_front(bytes))));
    EXPECT_TRUE(failed(isaToProgram(*module)));
    return lastMessage();
  };
  EXPECT_THAT(problem(16, 12), HasSubstr("has 12 bytes, its type says 16"));
  EXPECT_THAT(problem(12, 12), HasSubstr("has cells of 12 bytes, which are no 64-bit words"));
}

TEST_F(TranslateTest, ProgramsHoldTheirPartsAlone) {
  OwningOpRef<ModuleOp> module = programToIsa(&context, program::smallProgram());
  auto op = *module->getOps<isa::ProgramOp>().begin();
  OpBuilder builder = OpBuilder::atBlockEnd(&op.getBodyRegion().front());
  ModuleOp::create(builder, op.getLoc());
  EXPECT_TRUE(failed(isaToProgram(*module)));
  EXPECT_THAT(lastMessage(), HasSubstr("cannot be translated: is no part of a program"));
}

TEST_F(TranslateTest, TargetsAreChecked) {
  OwningOpRef<ModuleOp> module = programToIsa(&context, program::smallProgram());
  ASSERT_TRUE(module) << lastMessage();
  auto op = *module->getOps<isa::ProgramOp>().begin();
  NamedAttrList keys(op.getTarget());
  keys.erase("adc.bits");
  op.setTargetAttr(keys.getDictionary(&context));
  EXPECT_TRUE(failed(isaToProgram(*module)));
  EXPECT_THAT(lastMessage(), HasSubstr("target key 'adc.bits' is missing"));
}

} // namespace
