//===- CodeSpecTest.cpp - codes as text, and their levels ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Codes/LevelSet.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::codes;

namespace {

LevelSet levelsOf(const std::string &code) { return LevelSet(parseCode(code)); }

std::string errorOf(const char *text) {
  try {
    parseLayerCodes(text);
  } catch (const Error &error) {
    return error.what();
  }
  return "";
}

TEST(Code, PrintsWhatItReads) {
  for (const char *text : {"fixed:4", "pot", "pot:5", "apot:4", "apot:6", "window:3", "window:3/8",
                           "run:2", "run:8/15", "ternary", "binary"})
    EXPECT_EQ(formatCode(parseCode(text)), text);
  EXPECT_EQ(formatCode(parseCode("window")), "window:3");
  EXPECT_EQ(formatCode(parseCode("apot")), "apot:4");
  EXPECT_EQ(formatCode(parseCode("fixed")), "fixed:8");
}

TEST(Code, ErrorsQuoteTheText) {
  EXPECT_EQ(errorOf("fixed:1"), "'fixed:1': one bit is the code binary");
  EXPECT_EQ(errorOf("fixed:17"), "'fixed:17': '17' is not a whole number from 2 to 16");
  EXPECT_EQ(errorOf("apot:3"), "'apot:3': apot has 2, 4 or 6 bits, not 3");
  EXPECT_EQ(errorOf("window:9"), "'window:9': '9' is not a whole number from 1 to 8");
  EXPECT_EQ(errorOf("window:3/"), "'window:3/': '' is not a whole number from 1 to 15");
  EXPECT_EQ(errorOf("ternary:2"), "'ternary:2': ternary takes no number");
  EXPECT_EQ(errorOf("conv1=pott"),
            "'pott' is not a code; known: fixed:b, pot, pot:N, apot:b, window:S, window:S/N, "
            "run:S, run:S/N, ternary, binary");
}

TEST(Code, TablesByLayer) {
  LayerCodes codes = parseLayerCodes("window:3;conv1=fixed:8;#-1=pot");
  EXPECT_EQ(formatCode(*codes.find("conv1", 0, 4)), "fixed:8");
  EXPECT_EQ(formatCode(*codes.find("conv2", 1, 4)), "window:3");
  EXPECT_EQ(formatCode(*codes.find("fc", 3, 4)), "pot");
}

// docs/compression.md: codebooks A and B of eight magnitude bits.
TEST(LevelSet, SizesOfTheCodebooks) {
  const size_t windows[] = {9, 16, 28, 48, 80, 128, 192, 256};
  const size_t runs[] = {9, 16, 22, 27, 31, 34, 36, 37};
  for (int s = 1; s <= 8; ++s) {
    EXPECT_EQ(levelsOf("window:" + std::to_string(s) + "/8").magnitudes().size(), windows[s - 1]);
    EXPECT_EQ(levelsOf("run:" + std::to_string(s) + "/8").magnitudes().size(), runs[s - 1]);
  }
}

TEST(LevelSet, WindowsAreShortNumbersShifted) {
  LevelSet levels = levelsOf("window:3");
  for (int m = 0; m < 128; ++m) {
    bool shifted = false;
    for (int s = 0; s < 8; ++s)
      for (int e = 0; e < 8; ++e)
        shifted |= m == s << e;
    EXPECT_EQ(levels.contains(m), shifted) << m;
    EXPECT_EQ(levels.contains(-m), shifted) << m;
  }
}

TEST(LevelSet, RunsAreWindows) {
  for (int s = 1; s <= 8; ++s) {
    LevelSet windows = levelsOf("window:" + std::to_string(s));
    LevelSet runs = levelsOf("run:" + std::to_string(s));
    for (int32_t level : runs.magnitudes())
      EXPECT_TRUE(windows.contains(level));
  }
}

TEST(LevelSet, SmallOnes) {
  auto magnitudes = [](const char *code) {
    LevelSet levels = levelsOf(code);
    return std::vector<int32_t>(levels.magnitudes().begin(), levels.magnitudes().end());
  };
  EXPECT_EQ(magnitudes("binary"), (std::vector<int32_t>{1}));
  EXPECT_EQ(magnitudes("ternary"), (std::vector<int32_t>{0, 1}));
  EXPECT_EQ(magnitudes("fixed:3"), (std::vector<int32_t>{0, 1, 2, 3}));
  EXPECT_EQ(magnitudes("pot:4"), (std::vector<int32_t>{0, 1, 2, 4, 8}));
  // {0,32,8,2} + {0,16,4,1}
  EXPECT_EQ(magnitudes("apot:4"),
            (std::vector<int32_t>{0, 1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 32, 33, 36, 48}));
  EXPECT_EQ(levelsOf("apot:6").largest(), 256 + 128 + 64);
  EXPECT_EQ(levelsOf("window:3").magnitudeBits(), 7);
}

TEST(LevelSet, NearestOfTwoIsTheLower) {
  LevelSet fixed = levelsOf("fixed:4"), powers = levelsOf("pot:4");
  EXPECT_EQ(fixed.nearest(0.5), 0);
  EXPECT_EQ(fixed.nearest(std::nextafter(0.5, 1.0)), 1);
  EXPECT_EQ(fixed.nearest(1.5), 1);
  EXPECT_EQ(fixed.nearest(-2.5), -2);
  EXPECT_EQ(fixed.nearest(1e300), 7);
  EXPECT_EQ(fixed.nearest(-HUGE_VAL), -7);
  EXPECT_EQ(powers.nearest(3), 2);
  EXPECT_EQ(powers.nearest(-6), -4);
}

TEST(LevelSet, NearestIsNearest) {
  for (const char *code : {"fixed:4", "pot", "apot", "window:2", "run:3", "ternary", "binary"}) {
    LevelSet levels = levelsOf(code);
    for (double value = -1.2 * levels.largest(); value < 1.2 * levels.largest(); value += 0.0371) {
      double found = std::abs(value - levels.nearest(value));
      EXPECT_TRUE(levels.contains(levels.nearest(value)));
      for (int32_t level : levels.magnitudes())
        EXPECT_LE(found, std::abs(std::abs(value) - level) + 1e-12) << code << ' ' << value;
    }
  }
}

} // namespace
