//===- InstructionConversionTest.cpp - ops and instructions -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instruction ops and the codec's structures convert into each other without loss, at every field's
// extremes: the ops that mlir-tblgen computed and the structures that pim-tblgen generated have the
// same names, fields and bounds.
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/ISA/IR/InstructionConversion.h"
#include "pim/Dialect/ISA/IR/ISAOps.h"
#include "pim/ISA/Assembly.h"

#include "mlir/IR/OwningOpRef.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace ::pim::isa;
namespace dialect = mlir::pim::isa;

#define PIM_STRIP(...) __VA_ARGS__

namespace {

class InstructionConversion : public ::testing::Test {
protected:
  InstructionConversion() : builder(&context) { context.loadDialect<dialect::ISADialect>(); }

  void expectRoundTrip(const Instruction &instruction, const char *text) {
    SCOPED_TRACE(text);
    OwningOpRef<Operation *> op =
        dialect::createInstructionOp(builder, builder.getUnknownLoc(), instruction);
    EXPECT_TRUE((*op)->isRegistered());
    EXPECT_EQ(dialect::toInstruction(*op), instruction);
    // No attribute is a discardable one: the op knows all of them.
    for (NamedAttribute attribute : (*op)->getAttrs())
      EXPECT_TRUE(llvm::is_contained((*op)->getName().getAttributeNames(), attribute.getName()));
  }

  MLIRContext context;
  OpBuilder builder;
};

TEST_F(InstructionConversion, FieldExtremes) {
#define PIM_VECTOR(x, word, text) expectRoundTrip(PIM_STRIP x, text);
#define PIM_EXAMPLE(mnemonic, text) expectRoundTrip(parse(text), text);
#define PIM_REFUSED(word)
#define PIM_UNENCODABLE(x)
#include "pim/ISA/TestVectors.inc"
#undef PIM_VECTOR
#undef PIM_EXAMPLE
#undef PIM_REFUSED
#undef PIM_UNENCODABLE
}

TEST_F(InstructionConversion, OtherOpsAreNoInstructions) {
  OwningOpRef<dialect::CodeOp> code = dialect::CodeOp::create(builder, builder.getUnknownLoc());
  EXPECT_EQ(dialect::getInstructionInfo(*code), nullptr);
}

TEST_F(InstructionConversion, TypedBuilders) {
  auto op = dialect::MvmOp::create(builder, builder.getUnknownLoc(), /*group=*/1, /*dst=*/2,
                                   /*rd=*/3, /*window=*/4,
                                   /*rv=*/5, /*accumulate=*/true);
  Mvm expected{.group = 1, .dst = 2, .rd = 3, .window = 4, .rv = 5, .accumulate = true};
  EXPECT_EQ(dialect::toInstruction(op), Instruction(expected));
  op->destroy();
}

} // namespace
