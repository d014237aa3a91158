//===- InstructionInfoTest.cpp - the table at run time ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table as data says what include/pim/ISA/Insts says, and dispatch reaches every instruction.
//
//===----------------------------------------------------------------------===//
#include "pim/ISA/InstructionInfo.h"
#include "pim/ISA/Codec.h"

#include <gtest/gtest.h>

#include <type_traits>

using namespace pim::isa;

namespace {

TEST(InstructionInfo, Mvm) {
  const InstructionInfo *mvm = findMnemonic("mvm");
  ASSERT_NE(mvm, nullptr);
  EXPECT_EQ(mvm->opcode, Opcode::Mvm);
  EXPECT_EQ(mvm->unit, Unit::Array);
  EXPECT_EQ(mvm->timing, TimingClass::MatrixVector);
  ASSERT_EQ(mvm->fields.size(), 6u);
  EXPECT_EQ(mvm->fields[3].name, "window");
  EXPECT_EQ(mvm->fields[3].kind, FieldKind::Window);
  EXPECT_EQ(mvm->fields[3].shift, 8 + 12 + 12 + 5);
  EXPECT_EQ(mvm->fields[3].max, 4095);

  // The accumulating form reads its destination, the other does not.
  ASSERT_EQ(mvm->effects.size(), 4u);
  const EffectInfo &conditional = mvm->effects[2];
  EXPECT_EQ(conditional.access, Access::Read);
  EXPECT_EQ(mvm->fields[conditional.field].name, "dst");
  EXPECT_EQ(mvm->fields[conditional.offset].name, "rd");
  EXPECT_EQ(mvm->fields[conditional.condition].name, "accumulate");
}

TEST(InstructionInfo, UnknownMnemonic) { EXPECT_EQ(findMnemonic("mvn"), nullptr); }

TEST(InstructionInfo, TableIsOrderedAndComplete) {
  int count = 0;
#define PIM_COUNT(Class, member, mnemonicText)                                                     \
  EXPECT_EQ(info(Opcode::Class).mnemonic, mnemonicText);                                           \
  EXPECT_EQ(Class::kMnemonic, info(Class::kOpcode).mnemonic);                                      \
  ++count;
  PIM_FOREACH_INSTRUCTION(PIM_COUNT)
#undef PIM_COUNT
  EXPECT_EQ(allInstructions().size(), static_cast<size_t>(count));
}

/// Says which structure reached it.
struct NameVisitor {
  template <typename X> std::string operator()(const X &) { return X::kMnemonic; }
};

TEST(Dispatch, ReachesTheMeaning) {
  EXPECT_EQ(dispatch(encode(DmaCopy{.dst = 1}), NameVisitor{}), "dma.copy");
  EXPECT_EQ(visit(Instruction(Vavgpool{}), NameVisitor{}), "vavgpool");
}

/// A visitor without meanings: dispatch over it must not compile.
struct Partial {
  void operator()(const Nop &) {}
};
template <typename V>
concept Visits = requires(V visitor) {
#define PIM_VISITS(Class, member, mnemonic) visitor(std::declval<const Class &>());
  PIM_FOREACH_INSTRUCTION(PIM_VISITS)
#undef PIM_VISITS
};
static_assert(Visits<NameVisitor>);
static_assert(!Visits<Partial>);
static_assert(std::is_trivially_copyable_v<Instruction>);

} // namespace
