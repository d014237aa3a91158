//===- EffectiveCells.cpp - what cells add to their columns ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/EffectiveCells.h"

#include "pim/Runtime/Faults/WireResistance.h"
#include "pim/Target/Target.h"

using namespace pim;
using namespace pim::runtime;

EffectiveCells::EffectiveCells(const CellImages &cells, std::span<const RowSet> sets,
                               bool flipsColumns, const target::Target &target, const Die &die)
    : cells(cells), device(target, die) {
  if (!target.hasWireResistance())
    return;
  const uint32_t rows = cells.layout.rows, columns = cells.layout.columns;
  const uint8_t largest = uint8_t((1u << cells.layout.bits) - 1);
  std::map<uint32_t, std::vector<uint8_t>> digits;
  for (const RowSet &set : sets) {
    const ColumnPredicate isFlipped =
        flipsColumns ? flippedColumns(cells, set.rows) : ColumnPredicate();
    for (const PhysicalArray *array : set.arrays) {
      auto [at, isNew] = digits.try_emplace(array->ordinal);
      std::vector<uint8_t> &held = at->second;
      if (isNew)
        for (uint32_t r = 0; r < rows; ++r)
          for (uint32_t c = 0; c < columns; ++c)
            held.push_back(uint8_t(cells.cell(array->ordinal, r, c)));
      if (!isFlipped)
        continue;
      for (const PhysicalArray::Column &column : array->columns)
        if (isFlipped(array->ordinal, column.column))
          for (const PhysicalArray::Row &row : set.rows)
            held[size_t(row.row) * columns + column.column] =
                uint8_t(largest - cells.cell(array->ordinal, row.row, column.column));
    }
  }
  for (const auto &[array, held] : digits)
    solve(array, held, target);
}

void EffectiveCells::solve(uint32_t array, std::span<const uint8_t> digits,
                           const target::Target &target) {
  const uint32_t rows = cells.layout.rows, columns = cells.layout.columns;
  const uint32_t lines = columns + (device.subtractsReference() ? 1 : 0);
  const double siemens = 1 / (device.on() * target.cell.onOhm);
  std::vector<double> network(size_t(rows) * lines);
  for (uint32_t r = 0; r < rows; ++r) {
    for (uint32_t c = 0; c < columns; ++c)
      network[size_t(r) * lines + c] =
          device.cell(array, r, c, digits[size_t(r) * columns + c]) * siemens;
    if (lines > columns)
      network[size_t(r) * lines + columns] = device.reference(array, r) * siemens;
  }
  std::vector<float> &result = wired[array];
  for (double value : WireNetwork(rows, lines, network, wireOhms(target)).transfer())
    result.push_back(float(value / siemens));
}

double EffectiveCells::operator()(const CellColumn &place, uint32_t row) const {
  if (wired.empty())
    return (device.cell(place.array, row, place.column, storedDigit(cells, place, row)) -
            device.reference(place.array, row)) *
           device.gain();
  const std::vector<float> &values = wired.at(place.array);
  const size_t lines = values.size() / cells.layout.rows;
  const float *line = values.data() + row * lines;
  const double reference = lines > cells.layout.columns ? line[lines - 1] : 0;
  return (line[place.column] - reference) * device.gain();
}
