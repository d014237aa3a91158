//===- Polarized.cpp - fragments of one sign -----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"

#include <algorithm>

using namespace pim::sparsity;

/// Calls visit(indices of the weights of a fragment) for each fragment.
template <typename Visit>
static void forEachFragment(const WeightShape &shape, const Polarized &extents, Visit visit) {
  std::vector<int64_t> order = shape.arrayOrder();
  int64_t columns = shape.columns();
  std::vector<size_t> indices;
  for (int64_t filter = 0; filter < shape.filters; filter += extents.filters)
    for (int64_t row = 0; row < columns; row += extents.rows) {
      indices.clear();
      for (int64_t f = filter; f < std::min(shape.filters, filter + extents.filters); ++f)
        for (int64_t r = row; r < std::min(columns, row + extents.rows); ++r)
          indices.push_back(size_t(f * columns + order[size_t(r)]));
      visit(indices);
    }
}

Polarized Polarized::parse(std::string_view argument) {
  auto [filters, rows] = parseExtents(name, argument);
  return {filters, rows};
}

Mask Polarized::nearestMask(const WeightView &weight) const {
  Mask mask(weight.values.size(), 1);
  forEachFragment(weight.shape, *this, [&](const std::vector<size_t> &indices) {
    double positive = 0, negative = 0;
    for (size_t index : indices) {
      double value = weight.values[index];
      (value < 0 ? negative : positive) += value * value;
    }
    bool keepsPositive = positive >= negative;
    for (size_t index : indices) {
      float value = weight.values[index];
      mask[index] = keepsPositive ? value >= 0 : value <= 0;
    }
  });
  return mask;
}

std::optional<Recognition> Polarized::recognize(const WeightView &weight) {
  for (int64_t rows : {128, 64, 32, 16, 8, 4, 2}) {
    if (rows > weight.shape.columns())
      continue;
    int64_t mixed = 0, bound = 0, fragments = 0;
    Polarized pattern{1, rows};
    forEachFragment(weight.shape, pattern, [&](const std::vector<size_t> &indices) {
      int64_t positive = 0, negative = 0;
      for (size_t index : indices) {
        positive += weight.values[index] > 0;
        negative += weight.values[index] < 0;
      }
      mixed += positive > 0 && negative > 0;
      bound += positive + negative > 1;
      fragments += positive + negative > 0;
    });
    if (mixed == 0 && bound > 0)
      return Recognition{pattern, double(bound) / double(fragments)};
  }
  return std::nullopt;
}
