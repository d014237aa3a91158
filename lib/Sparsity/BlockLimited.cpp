//===- BlockLimited.cpp - a fixed number of non-zeros per run of array rows -===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"
#include "pim/Support/SpecText.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::sparsity;

int64_t BlockLimited::kept(int64_t length) const {
  // The rounding of the share itself must not count as one row more.
  return int64_t(std::ceil(double(length) * (1 - dropped) - 1e-9));
}

BlockLimited BlockLimited::parse(std::string_view argument) {
  auto [width, share] = cutText(argument, '@');
  if (share.empty())
    fail("'", name, "': '", argument, "' is not a width and a share such as 128@0.5");
  return {parseCount(width, 1, 1 << 24, name), parseShare(name, share)};
}

std::string BlockLimited::argument() const {
  return std::to_string(width) + "@" + formatReal(dropped);
}

Mask BlockLimited::nearestMask(const WeightView &weight) const {
  std::vector<int64_t> order = weight.shape.arrayOrder();
  int64_t columns = weight.shape.columns();
  Mask mask(weight.values.size(), 0);
  std::vector<double> magnitudes;
  for (int64_t filter = 0; filter < weight.shape.filters; ++filter)
    for (int64_t begin = 0; begin < columns; begin += width) {
      int64_t end = std::min(columns, begin + width);
      magnitudes.clear();
      for (int64_t row = begin; row < end; ++row)
        magnitudes.push_back(std::abs(weight.at(filter, order[size_t(row)])));
      for (int64_t index : largest(magnitudes, kept(end - begin)))
        mask[size_t(filter * columns + order[size_t(begin + index)])] = 1;
    }
  return mask;
}

/// The largest share of non-zeros in any run of `width` rows.
static double densestRun(const WeightView &weight, int64_t width) {
  std::vector<int64_t> order = weight.shape.arrayOrder();
  double densest = 0;
  for (int64_t filter = 0; filter < weight.shape.filters; ++filter)
    for (int64_t begin = 0; begin < weight.shape.columns(); begin += width) {
      int64_t end = std::min(weight.shape.columns(), begin + width), nonZeros = 0;
      for (int64_t row = begin; row < end; ++row)
        nonZeros += weight.at(filter, order[size_t(row)]) != 0;
      // A shorter run may keep one more than its exact share.
      double needed =
          (double(nonZeros) - (end - begin == width ? 0 : 1 - 1e-6)) / double(end - begin);
      densest = std::max(densest, needed);
    }
  return densest;
}

std::optional<Recognition> BlockLimited::recognize(const WeightView &weight) {
  int64_t zeros = countZeros(weight);
  std::optional<BlockLimited> best;
  for (int64_t width : {16, 32, 64, 128, 256, 512}) {
    if (width > weight.shape.columns() || zeros == weight.shape.count())
      break;
    // In whole rows, so that a short run's exact share cannot fall between two numbers.
    double dropped = std::floor((1 - densestRun(weight, width)) * double(width) + 1e-9);
    if (dropped > 0 && (!best || dropped / double(width) > best->dropped))
      best = BlockLimited{width, dropped / double(width)};
  }
  if (!best)
    return std::nullopt;
  return unlessByChance(*best, weight, best->width, best->dropped);
}
