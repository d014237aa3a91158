//===- SpecTest.cpp - patterns as text -----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Sparsity/PatternSpec.h"
#include "pim/Support/Error.h"

#include <gtest/gtest.h>

using namespace pim;
using namespace pim::sparsity;

namespace {

std::string errorOf(const char *text) {
  try {
    parseLayerPatterns(text);
  } catch (const Error &error) {
    return error.what();
  }
  return "";
}

TEST(PatternSpec, PrintsWhatItReads) {
  for (const char *text :
       {"none", "irregular=0.9", "filter=0.5,column=0.3@128,pattern=4/9", "block=8x4@0.5,nm=2:4",
        "limited=128@0.5,polarize=1x4,columns=64,channel=0.25",
        "filter=0.5;conv1:none;#-1:nm=2:4,column=0.1;block*:irregular=0.5;\"a:b;c\":nm=1:4"})
    EXPECT_EQ(formatLayerPatterns(parseLayerPatterns(text)), text);
}

TEST(PatternSpec, BlanksDoNotMatter) {
  EXPECT_EQ(parseLayerPatterns(" filter = 0.5 , nm = 2 : 4 ; conv1 : none "),
            parseLayerPatterns("filter=0.5,nm=2:4;conv1:none"));
}

TEST(PatternSpec, LastFittingClauseCountsDefaultLast) {
  LayerPatterns table = parseLayerPatterns("block*:nm=1:4;#1:nm=3:4;nm=2:4;block2.conv:none");
  auto at = [&](const char *name, int64_t position) {
    return formatPatternSpec(*table.find(name, position, 9));
  };
  EXPECT_EQ(at("stem", 0), "nm=2:4");
  EXPECT_EQ(at("block1.conv", 1), "nm=3:4");
  EXPECT_EQ(at("block1.conv", 2), "nm=1:4");
  EXPECT_EQ(at("block2.conv", 3), "none");
  EXPECT_EQ(parseLayerPatterns("conv1:none").find("conv2", 1, 2), nullptr);
}

TEST(PatternSpec, PositionsCountFromTheEndToo) {
  LayerPatterns table = parseLayerPatterns("#-1:nm=1:4");
  EXPECT_NE(table.find("fc", 4, 5), nullptr);
  EXPECT_EQ(table.find("fc", 3, 5), nullptr);
}

TEST(PatternSpec, StarsMatchAnything) {
  LayerPatterns table = parseLayerPatterns("*conv*2*:none");
  EXPECT_NE(table.find("/a/conv12/x", 0, 1), nullptr);
  EXPECT_NE(table.find("conv2", 0, 1), nullptr);
  EXPECT_EQ(table.find("conv1", 0, 1), nullptr);
  // A quoted star is a star.
  EXPECT_EQ(parseLayerPatterns("\"*\":none").find("conv1", 0, 1), nullptr);
}

TEST(PatternSpec, SelectorsThatFitNothingAreErrors) {
  auto problemOf = [](const char *text) -> std::string {
    try {
      parseLayerPatterns(text).requireAllUsed({"conv1", "block.conv"}, "--prune");
    } catch (const Error &error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(problemOf("dense:none"), "--prune: no layer with weights is 'dense'; there are 2, the "
                                     "first is 'conv1'");
  EXPECT_EQ(problemOf("block.cnov:none"),
            "--prune: no layer with weights is 'block.cnov'; did you mean 'block.conv'");
  EXPECT_EQ(problemOf("#7:none"),
            "--prune: no layer with weights is '#7'; there are 2, the first is 'conv1'");
}

TEST(PatternSpec, ErrorsQuoteTheText) {
  EXPECT_EQ(
      errorOf("filtre=0.5"),
      "'filtre' is not a pattern; known: irregular, filter, column, columns, channel, pattern, "
      "block, nm, limited, polarize");
  EXPECT_EQ(errorOf("filter=1"),
            "'filter': a share of 1 would drop everything; it must be below 1");
  EXPECT_EQ(errorOf("filter=-0.1"), "'filter': '-0.1' is not a number from 0 to 1");
  EXPECT_EQ(errorOf("filter=nan"), "'filter': 'nan' is not a number from 0 to 1");
  EXPECT_EQ(errorOf("filter=0.5@"), "'filter': '' is not a whole number from 1 to 16777216");
  EXPECT_EQ(errorOf("nm=5:4"), "'nm': '5' is not a whole number from 1 to 4");
  EXPECT_EQ(errorOf("pattern=3/9"),
            "'pattern': '3/9' is not 4/9, the only kind (4 of 9 taps become zero)");
  EXPECT_EQ(errorOf("block=8x4"), "'block': '8x4' is not extents and a share such as 8x4@0.5");
  EXPECT_EQ(errorOf("limited=8"), "'limited': '8' is not a width and a share such as 128@0.5");
  EXPECT_EQ(errorOf("polarize=4"), "'polarize': '4' is not two extents such as 8x4");
  EXPECT_EQ(errorOf("filter=0.5,"), "'filter=0.5,': a pattern is missing");
  EXPECT_EQ(errorOf(":nm=2:4"), "'' names no layer");
  EXPECT_EQ(errorOf("#x:nm=2:4"), "'#x': 'x' is not a whole number from -1000000 to 1000000");
  EXPECT_EQ(errorOf("\"a:nm=2:4"), "'\"a:nm=2': a quote is not closed");
  EXPECT_NE(errorOf(""), "");
}

} // namespace
