//===- Filter.cpp - whole filters ----------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"

#include <algorithm>

using namespace pim::sparsity;

Mask Filter::nearestMask(const WeightView &weight) const {
  Mask mask(weight.values.size(), 0);
  int64_t columns = weight.shape.columns();
  for (int64_t filter : largest(filterEnergies(weight), share.kept(weight.shape.filters)))
    std::fill_n(mask.begin() + filter * columns, columns, 1);
  return mask;
}

std::optional<Recognition> Filter::recognize(const WeightView &weight) {
  std::vector<double> energies = filterEnergies(weight);
  int64_t empty = std::count(energies.begin(), energies.end(), 0.0);
  if (empty == 0 || empty == weight.shape.filters)
    return std::nullopt;
  return Recognition{Filter{{double(empty) / double(weight.shape.filters), 1}},
                     double(empty * weight.shape.columns()) / double(countZeros(weight))};
}
