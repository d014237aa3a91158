//===- AssemblyTest.cpp - tests of program listings -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Program/Assembly.h"
#include "SmallProgram.h"
#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

using namespace pim;
using namespace pim::program;
using ::testing::HasSubstr;

namespace {

std::string problemOf(std::string_view text) {
  try {
    parseAssembly(text);
  } catch (const Error &error) {
    return error.what();
  }
  return "none";
}

std::string edited(std::string_view from, std::string_view to) {
  std::string text = printAssembly(smallProgram());
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(AssemblyTest, RoundTripsByteForByte) {
  Program program = smallProgram();
  std::string text = printAssembly(program);
  Program back = parseAssembly(text);
  EXPECT_EQ(write(back), write(program));
  EXPECT_EQ(printAssembly(back), text);
}

TEST(AssemblyTest, ReadsLikeAListing) {
  std::string text = printAssembly(smallProgram());
  EXPECT_THAT(text, HasSubstr(".model name=\"small \\\\ model\" macs=8"));
  EXPECT_THAT(text, HasSubstr("  .tensor space=scratchpad element=i32 base=16 sizes=[1, 1, 1, 2]"));
  EXPECT_THAT(text, HasSubstr("    ; layer \"fc\"\n    li r1, 0\n    loop 2, 6\n      dma.copy "));
  EXPECT_THAT(text, HasSubstr("    .slice shift=1 negative=true\n    .tile array=1 "));
}

TEST(AssemblyTest, BlanksAndCommentsAreFree) {
  std::string text = edited("    li r1, 0\n", "\n   ; note\n\tli   r1, 0 ; zero\r\n\n");
  EXPECT_EQ(write(parseAssembly(text)), write(smallProgram()));
}

TEST(AssemblyTest, Errors) {
  EXPECT_EQ(problemOf(""), "line 1: expected .program, found the end");
  EXPECT_EQ(problemOf("\n.core x=1\n"), "line 2: expected .program first, found '.core'");
  EXPECT_EQ(problemOf("hello\n"), "line 1: expected a directive like .core, found 'hello'");
  EXPECT_EQ(problemOf(".program\n.program\n"), "line 2: a second .program");
  EXPECT_EQ(problemOf(".program\n.tile array=1\n"), "line 2: '.tile' outside a .core");
  EXPECT_EQ(problemOf(".program\n.core\n.tile\n"), "line 3: '.tile' outside a .group");
  EXPECT_EQ(problemOf(".program\n.span core=1\n"), "line 2: '.span' outside a .layer");
  EXPECT_EQ(problemOf(".program\n.cure\n"), "line 2: unknown directive '.cure'");
  EXPECT_EQ(problemOf(".program semaphores=many"),
            "line 1: field 'semaphores': 'many' is no number of this field");
  EXPECT_EQ(problemOf(".program semaphores=99999999999"),
            "line 1: field 'semaphores': '99999999999' is no number of this field");
  EXPECT_EQ(problemOf(".program semaphore=1"), "line 1: unknown field 'semaphore'");
  EXPECT_EQ(problemOf(".program semaphores"), "line 1: expected name=value, found 'semaphores'");
  EXPECT_EQ(problemOf(".program semaphores=1 semaphores=2"),
            "line 1: field 'semaphores' is given twice");
  EXPECT_EQ(problemOf(".program generator=\"x"), "line 1: a text is not closed");
  EXPECT_EQ(problemOf(".program generator=plain"),
            "line 1: field 'generator': 'plain' is no text in quotes");
  EXPECT_THAT(problemOf(".program generator=\"\\n\""),
              HasSubstr("has an unknown escape; expected"));
  EXPECT_THAT(problemOf(".program generator=\"\\xAB\""), HasSubstr("two lower-case hexadecimal"));
  EXPECT_EQ(problemOf(".program\n.tensor sizes=[1, 2"), "line 2: a list is not closed");
  EXPECT_EQ(problemOf(".program\n.tensor sizes=1"), "line 2: field 'sizes': '1' is no list");
  EXPECT_EQ(problemOf(".program\n.tensor sizes=[1,]"),
            "line 2: field 'sizes': the list ends with a comma");
  EXPECT_EQ(problemOf(".program\n.core\n.cells\n.data\nAAAA\n.end\n"),
            "line 6: cells of 3 bytes, which are no 64-bit words");
  EXPECT_EQ(problemOf(".program\n.core\n.code\nnop\n"), "line 4: code without .end");
  EXPECT_EQ(problemOf(".program\n.reference\n.data\nAAAA\n"), "line 4: data without .end");
  EXPECT_EQ(problemOf(".program\n.reference\nAAAA\n"), "line 3: expected .data");
  EXPECT_THAT(problemOf(".program\n.reference\n.data\nAA\n.end\n"), HasSubstr("a multiple of 4"));
  EXPECT_THAT(problemOf(".program\n.reference\n.data\nAA*=\n.end\n"), HasSubstr("a character '*'"));
  EXPECT_THAT(problemOf(edited("li r1, 0", "li r99, 0")), HasSubstr("line "));
  EXPECT_THAT(problemOf(edited("shift=1 negative=true", "shift=1 negative=yes")),
              HasSubstr("'yes' is neither true nor false"));
  EXPECT_THAT(problemOf(edited("element=i32", "element=i33")), HasSubstr("'i33' is none of"));
  EXPECT_THAT(problemOf(edited("sizes=[1, 1, 1, 4]", "sizes=[1, 1,, 4]")),
              HasSubstr("the list has an empty entry"));
  EXPECT_THAT(problemOf(edited("loop 2, 6", "loop 2, 60")),
              HasSubstr("has a body that ends outside the code"));
}

TEST(AssemblyTest, DamagedTextIsRefusedOrMeansSomething) {
  const std::string original = printAssembly(smallProgram());
  std::mt19937 random(4);
  for (int i = 0; i < 2000; ++i) {
    std::string text = original;
    for (size_t edits = 1 + random() % 3; edits != 0; --edits) {
      size_t at = random() % text.size();
      switch (random() % 3) {
      case 0:
        text[at] = char(random());
        break;
      case 1:
        text.erase(at, random() % 20);
        break;
      default:
        text.insert(at, text.substr(random() % text.size(), random() % 20));
      }
    }
    try {
      Program program = parseAssembly(text);
      EXPECT_EQ(write(parseAssembly(printAssembly(program))), write(program));
    } catch (const Error &) {
    }
  }
}

} // namespace
