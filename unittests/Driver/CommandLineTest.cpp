//===- CommandLineTest.cpp - number lists of the command line -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Driver/CommandLine.h"
#include "gmock/gmock.h"

using mlir::pim::parseNumberList;
using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

TEST(CommandLineTest, readsNumbersAndQuotients) {
  std::vector<double> numbers;
  std::string problem;
  ASSERT_TRUE(parseNumberList("0.485,1/255, -2", numbers, problem)) << problem;
  EXPECT_THAT(numbers, ElementsAre(DoubleEq(0.485), DoubleEq(1.0 / 255), DoubleEq(-2)));
}

TEST(CommandLineTest, emptyTextIsNoNumber) {
  std::vector<double> numbers{1};
  std::string problem;
  ASSERT_TRUE(parseNumberList("", numbers, problem));
  EXPECT_THAT(numbers, IsEmpty());
}

TEST(CommandLineTest, refusesWhatIsNotFinite) {
  std::vector<double> numbers;
  std::string problem;
  for (const char *text : {"x", "1,", ",1", "1/0", "nan", "inf", "1/2/3", "1e999", "0.1;0.2"}) {
    EXPECT_FALSE(parseNumberList(text, numbers, problem)) << text;
    EXPECT_NE(problem.find("is not a number"), std::string::npos) << text;
  }
}

} // namespace
