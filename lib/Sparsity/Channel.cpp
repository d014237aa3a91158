//===- Channel.cpp - whole input channels --------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"

#include <algorithm>

using namespace pim::sparsity;

static std::vector<double> channelEnergies(const WeightView &weight) {
  std::vector<double> columns = columnEnergies(weight);
  std::vector<double> energies(size_t(weight.shape.channels), 0.0);
  for (size_t column = 0; column < columns.size(); ++column)
    energies[column / size_t(weight.shape.taps())] += columns[column];
  return energies;
}

Mask Channel::nearestMask(const WeightView &weight) const {
  std::vector<int64_t> columns;
  for (int64_t channel : largest(channelEnergies(weight), share.kept(weight.shape.channels)))
    for (int64_t tap = 0; tap < weight.shape.taps(); ++tap)
      columns.push_back(weight.shape.column(channel, tap));
  return keepColumns(weight.shape, columns);
}

std::optional<Recognition> Channel::recognize(const WeightView &weight) {
  std::vector<double> energies = channelEnergies(weight);
  int64_t empty = std::count(energies.begin(), energies.end(), 0.0);
  if (empty == 0 || empty == weight.shape.channels)
    return std::nullopt;
  double covered = double(empty * weight.shape.taps() * weight.shape.filters);
  return Recognition{Channel{{double(empty) / double(weight.shape.channels), 1}},
                     covered / double(countZeros(weight))};
}
