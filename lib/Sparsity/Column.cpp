//===- Column.cpp - whole matrix columns ---------------------------------===//
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

/// The matrix columns that are zero, or none if that is every column.
static int64_t emptyColumns(const WeightView &weight) {
  std::vector<double> energies = columnEnergies(weight);
  int64_t empty = std::count(energies.begin(), energies.end(), 0.0);
  return empty == weight.shape.columns() ? 0 : empty;
}

static double explainedBy(int64_t columns, const WeightView &weight) {
  return double(columns * weight.shape.filters) / double(countZeros(weight));
}

Mask Column::nearestMask(const WeightView &weight) const {
  int64_t kept = share.kept(weight.shape.columns());
  return keepColumns(weight.shape, largest(columnEnergies(weight), kept));
}

std::optional<Recognition> Column::recognize(const WeightView &weight) {
  int64_t empty = emptyColumns(weight);
  if (empty == 0)
    return std::nullopt;
  return Recognition{Column{{double(empty) / double(weight.shape.columns()), 1}},
                     explainedBy(empty, weight)};
}

ColumnCount ColumnCount::parse(std::string_view argument) {
  return {parseCount(argument, 1, int64_t(1) << 40, name)};
}

Mask ColumnCount::nearestMask(const WeightView &weight) const {
  return keepColumns(weight.shape, largest(columnEnergies(weight), kept));
}

std::optional<Recognition> ColumnCount::recognize(const WeightView &weight) {
  int64_t empty = emptyColumns(weight);
  if (empty == 0)
    return std::nullopt;
  return Recognition{ColumnCount{weight.shape.columns() - empty}, explainedBy(empty, weight)};
}
