//===- KernelPattern.cpp - thirteen arrangements of five taps ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"
#include "pim/Support/SpecText.h"

#include <algorithm>

using namespace pim;
using namespace pim::sparsity;

static constexpr uint16_t taps(int a, int b, int c, int d) {
  return uint16_t(1 << a | 1 << b | 1 << c | 1 << d);
}

/// The candidates of the public ADMM pruning code, in its order (docs/compression.md).
static constexpr uint16_t zeroed[KernelPattern::candidates] = {
    taps(0, 2, 6, 8), taps(0, 1, 7, 8), taps(0, 1, 6, 7), taps(0, 1, 3, 4), taps(2, 3, 5, 6),
    taps(0, 3, 5, 8), taps(1, 2, 6, 7), taps(1, 2, 7, 8), taps(3, 5, 6, 8), taps(0, 2, 3, 5),
    taps(4, 5, 7, 8), taps(3, 4, 6, 7), taps(1, 2, 4, 5)};

uint16_t KernelPattern::zeroedTaps(int candidate) { return zeroed[candidate]; }

KernelPattern KernelPattern::parse(std::string_view argument) {
  if (argument != "4/9")
    fail("'", name, "': '", argument, "' is not 4/9, the only kind (4 of 9 taps become zero)");
  return {};
}

std::optional<std::string> KernelPattern::misfit(const WeightShape &shape) const {
  if (shape.kernelRows == 3 && shape.kernelCols == 3)
    return std::nullopt;
  return "kernel patterns are for 3x3 kernels, this one is " + std::to_string(shape.kernelRows) +
         "x" + std::to_string(shape.kernelCols);
}

Mask KernelPattern::nearestMask(const WeightView &weight) const {
  Mask mask(weight.values.size(), 1);
  for (size_t kernel = 0; kernel < weight.values.size(); kernel += 9) {
    int best = 0;
    double least = 0;
    for (int candidate = 0; candidate < candidates; ++candidate) {
      double lost = 0;
      for (int tap = 0; tap < 9; ++tap)
        if (zeroed[candidate] >> tap & 1)
          lost += double(weight.values[kernel + size_t(tap)]) * weight.values[kernel + size_t(tap)];
      if (candidate == 0 || lost < least) {
        best = candidate;
        least = lost;
      }
    }
    for (int tap = 0; tap < 9; ++tap)
      mask[kernel + size_t(tap)] = !(zeroed[best] >> tap & 1);
  }
  return mask;
}

std::optional<Recognition> KernelPattern::recognize(const WeightView &weight) {
  if (KernelPattern().misfit(weight.shape))
    return std::nullopt;
  int64_t zeros = 0;
  for (size_t kernel = 0; kernel < weight.values.size(); kernel += 9) {
    uint16_t nonZero = 0;
    for (int tap = 0; tap < 9; ++tap)
      nonZero |= uint16_t((weight.values[kernel + size_t(tap)] != 0) << tap);
    if (std::none_of(std::begin(zeroed), std::end(zeroed),
                     [&](uint16_t candidate) { return (candidate & nonZero) == 0; }))
      return std::nullopt;
    zeros += 9 - __builtin_popcount(nonZero);
  }
  return Recognition{KernelPattern(), double(weight.shape.count() / 9 * 4) / double(zeros)};
}
