//===- AssemblyTest.cpp - what the assembler accepts ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Blanks, comments and error messages of the assembler. Its round trips are in RoundTripTest.cpp.
//
//===----------------------------------------------------------------------===//
#include "pim/ISA/Assembly.h"
#include "pim/Support/Error.h"

#include <gtest/gtest.h>

using namespace pim;
using namespace pim::isa;

namespace {

std::string messageFor(const char *line) {
  try {
    parse(line);
  } catch (const Error &error) {
    return error.what();
  }
  return "accepted";
}

TEST(Assembly, BlanksAndComments) {
  Instruction expected =
      Mvm{.group = 1, .dst = 2, .rd = 3, .window = 4, .rv = 5, .accumulate = true};
  EXPECT_EQ(parse("mvm g1, t2, r3, w4, r5, accumulate"), expected);
  EXPECT_EQ(parse("\t mvm g1 ,t2,r3,\tw4, r5 ,accumulate   ; adds"), expected);
  EXPECT_EQ(parse("nop # nothing"), Instruction(Nop{}));
}

TEST(Assembly, FlagIsOptional) {
  EXPECT_EQ(parse("mvm g1, t2, r3, w4, r5"),
            Instruction(Mvm{.group = 1, .dst = 2, .rd = 3, .window = 4, .rv = 5}));
}

TEST(Assembly, Errors) {
  EXPECT_EQ(messageFor(""), "column 1: expected an instruction, found the end of the line");
  EXPECT_EQ(messageFor(", nop"), "column 1: expected an instruction, found ','");
  EXPECT_EQ(messageFor("  jump r1"), "column 3: there is no instruction 'jump'");
  EXPECT_EQ(messageFor("li r1"), "column 6: expected ',' and 'imm', found the end of the line");
  EXPECT_EQ(messageFor("li r32, 1"), "column 4: expected 'rd' from r0 to r31, found 'r32'");
  EXPECT_EQ(messageFor("li t1, 1"), "column 4: expected 'rd' from r0 to r31, found 't1'");
  EXPECT_EQ(messageFor("li r1, 2147483648"),
            "column 8: expected 'imm' from -2147483648 to 2147483647, found '2147483648'");
  EXPECT_EQ(
      messageFor("li r1, 99999999999999999999"),
      "column 8: expected 'imm' from -2147483648 to 2147483647, found '99999999999999999999'");
  EXPECT_EQ(messageFor("li r1, "),
            "column 8: expected 'imm' from -2147483648 to 2147483647, found the end of the line");
  EXPECT_EQ(messageFor("loop 0, 1"), "column 6: expected 'count' from 1 to 16777215, found '0'");
  EXPECT_EQ(messageFor("nop 1"), "column 5: expected the end of the instruction, found '1'");
  EXPECT_EQ(messageFor("mvm g1, t2, r3, w4, r5, add"),
            "column 23: expected the end of the instruction, found ','");
}

} // namespace
