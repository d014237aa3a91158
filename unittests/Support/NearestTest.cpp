//===- NearestTest.cpp - what a misspelled word may have meant ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Support/Nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

std::string_view nearest(std::string_view text) {
  static const std::vector<std::string_view> words = {"adc.bits", "adc.lsb", "dac.bits"};
  return pim::nearestWord(text, words);
}

TEST(Nearest, IsWhatTakesFewestChanges) {
  EXPECT_EQ(nearest("adc.bit"), "adc.bits");
  EXPECT_EQ(nearest("dacc.bits"), "dac.bits");
  EXPECT_EQ(nearest("adc.lsb"), "adc.lsb");
}

TEST(Nearest, IsNothingWhereAllAreFar) {
  EXPECT_EQ(nearest("capacitance"), "");
  EXPECT_EQ(nearest(""), "");
  EXPECT_EQ(nearest(std::string(1000, 'a')), "");
  EXPECT_EQ(pim::nearestWord("adc.bits", {}), "");
}

} // namespace
