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

namespace {
/// Array rows and columns while tiles are laid over them.
struct Layout {
  std::map<uint32_t, uint32_t> sources;
  std::map<uint32_t, PhysicalArray::Column> columns;
};
} // namespace

uint32_t runtime::matrixRow(const fb::TileT &tile, uint32_t r) {
  return tile.rows.empty() ? tile.row_begin + r : tile.rows[r];
}

uint32_t runtime::matrixColumn(const fb::TileT &tile, uint32_t o) {
  return tile.outputs.empty() ? tile.output_begin + o : tile.outputs[o];
}

static void layTile(const fb::TileT &tile, size_t index, Layout &layout) {
  for (uint32_t r = 0; r < tile.row_count; ++r) {
    auto [entry, isNew] = layout.sources.emplace(tile.row_offset + r, matrixRow(tile, r));
    if (!isNew && entry->second != matrixRow(tile, r))
      fail("tile ", index, " drives row ", entry->first, " of array ", tile.array,
           " with matrix row ", matrixRow(tile, r), ", another tile with ", entry->second);
  }
  for (uint32_t o = 0; o < tile.output_count; ++o)
    for (uint32_t s = 0; s < tile.slice_count; ++s) {
      const PhysicalArray::Column column{tile.col_offset + o * tile.slice_count + s,
                                         matrixColumn(tile, o), tile.slice_begin + s};
      auto [entry, isNew] = layout.columns.emplace(column.column, column);
      if (!isNew && (entry->second.output != column.output || entry->second.slice != column.slice))
        fail("tile ", index, " reads column ", column.column, " of array ", tile.array,
             " as matrix column ", column.output, ", another tile as ", entry->second.output);
    }
}

std::vector<PhysicalArray> runtime::physicalArrays(const fb::ArrayGroupT &group) {
  if (group.input_bits < 1 || group.input_bits > 8)
    fail("an array group has inputs of ", unsigned(group.input_bits),
         " bits; the simulator takes 1 to 8");
  std::map<uint32_t, Layout> layouts;
  for (size_t i = 0; i < group.tiles.size(); ++i)
    layTile(*group.tiles[i], i, layouts[group.tiles[i]->array]);
  std::vector<PhysicalArray> arrays;
  for (const auto &[ordinal, layout] : layouts) {
    PhysicalArray &array = arrays.emplace_back();
    array.ordinal = ordinal;
    for (auto [row, source] : layout.sources)
      array.rows.push_back({row, source});
    for (const auto &[column, meaning] : layout.columns)
      array.columns.push_back(meaning);
  }
  return arrays;
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
