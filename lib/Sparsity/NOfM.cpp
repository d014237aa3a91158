//===- NOfM.cpp - N of M consecutive channels ----------------------------===//
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

NOfM NOfM::parse(std::string_view argument) {
  auto [kept, group] = cutText(argument, ':');
  NOfM result;
  result.group = parseCount(group, 1, 1 << 16, name);
  result.kept = parseCount(kept, 1, result.group, name);
  return result;
}

/// Calls visit(first channel, end channel, tap, filter) for each group.
template <typename Visit>
static void forEachGroup(const WeightShape &shape, int64_t group, Visit visit) {
  for (int64_t filter = 0; filter < shape.filters; ++filter)
    for (int64_t tap = 0; tap < shape.taps(); ++tap)
      for (int64_t begin = 0; begin < shape.channels; begin += group)
        visit(begin, std::min(shape.channels, begin + group), tap, filter);
}

Mask NOfM::nearestMask(const WeightView &weight) const {
  const WeightShape &shape = weight.shape;
  Mask mask(weight.values.size(), 0);
  std::vector<double> magnitudes;
  forEachGroup(shape, group, [&](int64_t begin, int64_t end, int64_t tap, int64_t filter) {
    magnitudes.clear();
    for (int64_t channel = begin; channel < end; ++channel)
      magnitudes.push_back(std::abs(weight.at(filter, shape.column(channel, tap))));
    for (int64_t index : largest(magnitudes, kept))
      mask[size_t(filter * shape.columns() + shape.column(begin + index, tap))] = 1;
  });
  return mask;
}

std::optional<Recognition> NOfM::recognize(const WeightView &weight) {
  int64_t zeros = countZeros(weight);
  if (zeros == weight.shape.count())
    return std::nullopt;
  std::optional<NOfM> best;
  for (int64_t group : {2, 4, 8, 16}) {
    if (group > weight.shape.channels)
      break;
    int64_t most = 0;
    forEachGroup(weight.shape, group, [&](int64_t begin, int64_t end, int64_t tap, int64_t filter) {
      int64_t nonZeros = 0;
      for (int64_t channel = begin; channel < end; ++channel)
        nonZeros += weight.at(filter, weight.shape.column(channel, tap)) != 0;
      most = std::max(most, nonZeros);
    });
    if (most < group && (!best || most * best->group < best->kept * group))
      best = NOfM{most, group};
  }
  if (!best)
    return std::nullopt;
  return unlessByChance(*best, weight, best->group, 1 - double(best->kept) / double(best->group));
}
