//===- Selection.cpp - keep the strongest of several groups --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"
#include "pim/Support/SpecText.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace pim;
using namespace pim::sparsity;

std::vector<int64_t> WeightShape::arrayOrder() const {
  std::vector<int64_t> order;
  order.reserve(size_t(columns()));
  for (int64_t tap = 0; tap < taps(); ++tap)
    for (int64_t channel = 0; channel < channels; ++channel)
      order.push_back(column(channel, tap));
  return order;
}

std::vector<int64_t> pim::sparsity::largest(std::span<const double> values, int64_t count) {
  std::vector<int64_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  count = std::clamp<int64_t>(count, 0, int64_t(values.size()));
  if (count < int64_t(values.size()))
    std::nth_element(order.begin(), order.begin() + count, order.end(), [&](int64_t a, int64_t b) {
      return values[size_t(a)] != values[size_t(b)] ? values[size_t(a)] > values[size_t(b)] : a < b;
    });
  order.resize(size_t(count));
  return order;
}

std::vector<double> pim::sparsity::filterEnergies(const WeightView &weight) {
  std::vector<double> energies(size_t(weight.shape.filters), 0.0);
  int64_t columns = weight.shape.columns();
  for (size_t i = 0; i < weight.values.size(); ++i)
    energies[i / size_t(columns)] += double(weight.values[i]) * weight.values[i];
  return energies;
}

std::vector<double> pim::sparsity::columnEnergies(const WeightView &weight) {
  size_t columns = size_t(weight.shape.columns());
  std::vector<double> energies(columns, 0.0);
  for (size_t begin = 0; begin < weight.values.size(); begin += columns)
    for (size_t column = 0; column < columns; ++column) {
      double value = weight.values[begin + column];
      energies[column] += value * value;
    }
  return energies;
}

Mask pim::sparsity::keepColumns(const WeightShape &shape, std::span<const int64_t> columns) {
  Mask mask(size_t(shape.count()), 0);
  for (int64_t filter = 0; filter < shape.filters; ++filter)
    for (int64_t column : columns)
      mask[size_t(filter * shape.columns() + column)] = 1;
  return mask;
}

int64_t pim::sparsity::countZeros(const WeightView &weight) {
  return std::count(weight.values.begin(), weight.values.end(), 0.0f);
}

/// The share of non-zeros in the densest of the runs of `width` weights if a share `dense` of them
/// is anywhere: the mean, and as many deviations as the largest of so many normal numbers lies
/// above it (Cramer, Mathematical Methods of Statistics, 1946, 28.6).
static double densestByChance(const WeightShape &shape, int64_t width, double dense) {
  double runs = std::max(2.0, double(shape.count()) / double(width));
  double deviation = std::sqrt(dense * (1 - dense) / double(width));
  return std::min(1.0, dense + deviation * std::sqrt(2 * std::log(runs)));
}

std::optional<Recognition> pim::sparsity::unlessByChance(Pattern pattern, const WeightView &weight,
                                                         int64_t width, double dropped) {
  double zeros = double(countZeros(weight)) / double(weight.shape.count());
  double explained = std::min(1.0, dropped / zeros);
  double byChance = (1 - densestByChance(weight.shape, width, 1 - zeros)) / zeros;
  if (explained < (1 + byChance) / 2)
    return std::nullopt;
  return Recognition{pattern, explained};
}

std::pair<int64_t, int64_t> pim::sparsity::parseExtents(std::string_view item,
                                                        std::string_view text) {
  auto [first, second] = cutText(text, 'x');
  if (second.empty())
    fail("'", item, "': '", text, "' is not two extents such as 8x4");
  return {parseCount(first, 1, 1 << 24, item), parseCount(second, 1, 1 << 24, item)};
}

double pim::sparsity::parseShare(std::string_view item, std::string_view text) {
  double share = parseReal(text, 0, 1, item);
  if (share >= 1)
    fail("'", item, "': a share of ", text, " would drop everything; it must be below 1");
  return share;
}
