//===- LevelSet.cpp - the integers that a code allows --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Codes/LevelSet.h"

#include <algorithm>
#include <bit>
#include <cmath>

using namespace pim;
using namespace pim::codes;

/// One power of two (or none) from each ladder. With n ladders, ladder k has the exponents
/// -(n*i + k + 1), i = 0, 1, 2: for b = 4 {0,2^-1,2^-3,2^-5} + {0,2^-2,2^-4,2^-6}.
static std::vector<int32_t> additivePowers(int bits) {
  int ladders = bits / 2;
  std::vector<int32_t> sums{0};
  for (int ladder = 0; ladder < ladders; ++ladder) {
    std::vector<int32_t> longer = sums;
    for (int i = 0; i < 3; ++i)
      for (int32_t sum : sums)
        longer.push_back(sum + (1 << (3 * ladders - (ladders * i + ladder + 1))));
    sums = std::move(longer);
  }
  return sums;
}

static bool inWindow(uint32_t magnitude, int length) {
  return int(std::bit_width(magnitude)) - std::countr_zero(magnitude) <= length;
}

static bool isRun(uint32_t magnitude, int length) {
  return inWindow(magnitude, length) &&
         std::has_single_bit((magnitude >> std::countr_zero(magnitude)) + 1);
}

static bool inCode(const Code &code, uint32_t magnitude) {
  switch (code.kind) {
  case CodeKind::PowerOfTwo:
    return std::has_single_bit(magnitude);
  case CodeKind::Window:
    return inWindow(magnitude, code.bits);
  case CodeKind::Run:
    return isRun(magnitude, code.bits);
  default:
    return true;
  }
}

LevelSet::LevelSet(const Code &code) {
  int magnitudeBits = code.magnitudeBits;
  if (code.kind == CodeKind::Fixed)
    magnitudeBits = code.bits - 1;
  if (code.kind == CodeKind::Ternary || code.kind == CodeKind::Binary)
    magnitudeBits = 1;
  if (code.kind == CodeKind::AdditivePowerOfTwo) {
    levels = additivePowers(code.bits);
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  } else {
    if (code.kind != CodeKind::Binary)
      levels.push_back(0);
    for (uint32_t magnitude = 1; magnitude < 1u << magnitudeBits; ++magnitude)
      if (inCode(code, magnitude))
        levels.push_back(int32_t(magnitude));
  }
  for (size_t i = 0; i + 1 < levels.size(); ++i)
    thresholds.push_back((double(levels[i]) + levels[i + 1]) / 2);
  isGapless = hasZero() && largest() + 1 == int32_t(levels.size());
}

int LevelSet::magnitudeBits() const { return int(std::bit_width(uint32_t(largest()))); }

bool LevelSet::contains(int64_t integer) const {
  return std::binary_search(levels.begin(), levels.end(), std::abs(integer));
}

int32_t LevelSet::searchNearest(double magnitude) const {
  // A value on a threshold takes the lower level.
  auto threshold = std::lower_bound(thresholds.begin(), thresholds.end(), magnitude);
  return levels[size_t(threshold - thresholds.begin())];
}
