//===- PhysicalArray.cpp - which cells hold which weights -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/PhysicalArray.h"

#include "pim/Support/Error.h"

#include <algorithm>
#include <map>

using namespace pim;
using namespace pim::runtime;

unsigned CellImages::cell(uint32_t array, uint32_t row, uint32_t column) const {
  unsigned digit = 0;
  for (unsigned bit = 0; bit < layout.bits; ++bit)
    digit |= unsigned(word(array, column, bit, row / 64) >> (row % 64) & 1) << bit;
  return digit;
}

uint32_t runtime::matrixRow(const fb::TileT &tile, uint32_t r) {
  return tile.rows.empty() ? tile.row_begin + r : tile.rows[r];
}

uint32_t runtime::matrixColumn(const fb::TileT &tile, uint32_t o) {
  return tile.outputs.empty() ? tile.output_begin + o : tile.outputs[o];
}

namespace {
/// The rows and columns of one array while tiles are laid over them.
class Layout {
public:
  void lay(const fb::TileT &tile, size_t index);
  PhysicalArray finish(uint32_t ordinal) const;

private:
  struct Row {
    bool isDriven = false;
    uint32_t source = 0;
  };
  struct Column {
    bool isRead = false;
    uint32_t output = 0, slice = 0;
  };
  std::vector<Row> rows;
  std::vector<Column> columns;
};
} // namespace

void Layout::lay(const fb::TileT &tile, size_t index) {
  rows.resize(std::max<size_t>(rows.size(), tile.row_offset + tile.row_count));
  columns.resize(std::max<size_t>(columns.size(),
                                  tile.col_offset + size_t(tile.output_count) * tile.slice_count));
  for (uint32_t r = 0; r < tile.row_count; ++r) {
    Row &row = rows[tile.row_offset + r];
    if (row.isDriven && row.source != matrixRow(tile, r))
      fail("tile ", index, " drives row ", tile.row_offset + r, " of array ", tile.array,
           " with matrix row ", matrixRow(tile, r), ", another tile with ", row.source);
    row = {true, matrixRow(tile, r)};
  }
  for (uint32_t o = 0; o < tile.output_count; ++o)
    for (uint32_t s = 0; s < tile.slice_count; ++s) {
      const uint32_t at = tile.col_offset + o * tile.slice_count + s;
      const uint32_t output = matrixColumn(tile, o), slice = tile.slice_begin + s;
      Column &column = columns[at];
      if (column.isRead && (column.output != output || column.slice != slice))
        fail("tile ", index, " reads column ", at, " of array ", tile.array, " as matrix column ",
             output, ", another tile as ", column.output);
      column = {true, output, slice};
    }
}

PhysicalArray Layout::finish(uint32_t ordinal) const {
  PhysicalArray array;
  array.ordinal = ordinal;
  for (size_t r = 0; r < rows.size(); ++r)
    if (rows[r].isDriven)
      array.rows.push_back({uint32_t(r), rows[r].source});
  for (size_t c = 0; c < columns.size(); ++c)
    if (columns[c].isRead)
      array.columns.push_back({uint32_t(c), columns[c].output, columns[c].slice});
  return array;
}

std::vector<PhysicalArray> runtime::physicalArrays(const fb::ArrayGroupT &group) {
  if (group.input_bits < 1 || group.input_bits > 8)
    fail("an array group has inputs of ", unsigned(group.input_bits),
         " bits; the simulator takes 1 to 8");
  std::map<uint32_t, Layout> layouts;
  for (size_t i = 0; i < group.tiles.size(); ++i)
    layouts[group.tiles[i]->array].lay(*group.tiles[i], i);
  std::vector<PhysicalArray> arrays;
  for (const auto &[ordinal, layout] : layouts)
    arrays.push_back(layout.finish(ordinal));
  return arrays;
}

std::vector<ArrayUse> runtime::arrayUses(const fb::ArrayGroupT &group, uint32_t activeRows) {
  std::vector<ArrayUse> uses;
  for (const PhysicalArray &array : physicalArrays(group)) {
    ArrayUse use{array.ordinal, uint32_t(array.rows.size()), uint32_t(array.columns.size()), 0};
    uint32_t last = ~0u;
    for (const PhysicalArray::Row &row : array.rows)
      if (row.row / activeRows != last) {
        last = row.row / activeRows;
        ++use.rowSets;
      }
    uses.push_back(use);
  }
  return uses;
}

std::vector<OffsetTerm> runtime::offsetTerms(const fb::ArrayGroupT &group) {
  std::vector<OffsetTerm> terms;
  if (group.weight_offset == 0)
    return terms;
  std::map<std::vector<uint32_t>, std::vector<uint32_t>> rowsOfOutputs;
  for (const auto &pointer : group.tiles) {
    const fb::TileT &tile = *pointer;
    if (tile.slice_begin != 0 || tile.slice_count == 0)
      continue;
    std::vector<uint32_t> outputs(tile.output_count);
    for (uint32_t o = 0; o < tile.output_count; ++o)
      outputs[o] = matrixColumn(tile, o);
    std::vector<uint32_t> &rows = rowsOfOutputs[std::move(outputs)];
    for (uint32_t r = 0; r < tile.row_count; ++r)
      rows.push_back(matrixRow(tile, r));
  }
  for (auto &[outputs, rows] : rowsOfOutputs) {
    std::sort(rows.begin(), rows.end());
    terms.push_back({rows, outputs});
  }
  return terms;
}
