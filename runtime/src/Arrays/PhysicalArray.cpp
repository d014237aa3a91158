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
#include <optional>
#include <tuple>

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

uint8_t PhysicalArray::mostDelay() const {
  uint8_t most = 0;
  for (const Row &row : rows)
    most = std::max(most, row.delay);
  return most;
}

std::pair<unsigned, bool> runtime::columnWorth(const fb::ArrayGroupT &group,
                                               const PhysicalArray::Column &column) {
  const fb::Slice slice = group.slices[column.slice];
  return {slice.shift() + column.shift, slice.negative() != column.negated};
}

namespace {
/// The rows and columns of one phase of an array while tiles are laid over them.
class Layout {
public:
  /// Lays rows [begin, end) of a tile, which have the signs of fragment `fragment`.
  void lay(const fb::TileT &tile, size_t index, uint32_t begin, uint32_t end, uint32_t fragment);
  PhysicalArray finish(uint32_t ordinal, uint8_t phase) const;

private:
  std::vector<std::optional<PhysicalArray::Row>> rows;
  std::vector<std::optional<PhysicalArray::Column>> columns;
};
} // namespace

void Layout::lay(const fb::TileT &tile, size_t index, uint32_t begin, uint32_t end,
                 uint32_t fragment) {
  rows.resize(std::max<size_t>(rows.size(), tile.row_offset + end));
  columns.resize(std::max<size_t>(columns.size(),
                                  tile.col_offset + size_t(tile.output_count) * tile.slice_count));
  for (uint32_t r = begin; r < end; ++r) {
    const uint32_t at = tile.row_offset + r;
    const PhysicalArray::Row row{at, matrixRow(tile, r),
                                 tile.delays.empty() ? uint8_t(0) : tile.delays[r]};
    if (rows[at] && *rows[at] != row)
      fail("tile ", index, " drives row ", at, " of array ", tile.array, " with matrix row ",
           row.source, ", another tile with ", rows[at]->source);
    rows[at] = row;
  }
  for (uint32_t o = 0; o < tile.output_count; ++o)
    for (uint32_t s = 0; s < tile.slice_count; ++s) {
      const uint32_t at = tile.col_offset + o * tile.slice_count + s;
      const bool negated =
          tile.fragment_rows != 0 && tile.signs[fragment * tile.output_count + o] != 0;
      const PhysicalArray::Column column{at, matrixColumn(tile, o), tile.slice_begin + s,
                                         tile.shift, negated};
      if (columns[at] && *columns[at] != column)
        fail("tile ", index, " reads column ", at, " of array ", tile.array, " as matrix column ",
             column.output, ", another tile as ", columns[at]->output);
      columns[at] = column;
    }
}

PhysicalArray Layout::finish(uint32_t ordinal, uint8_t phase) const {
  PhysicalArray array;
  array.ordinal = ordinal;
  array.phase = phase;
  for (const auto &row : rows)
    if (row)
      array.rows.push_back(*row);
  for (const auto &column : columns)
    if (column)
      array.columns.push_back(*column);
  return array;
}

std::vector<PhysicalArray> runtime::physicalArrays(const fb::ArrayGroupT &group) {
  if (group.input_bits < 1 || group.input_bits > 8)
    fail("an array group has inputs of ", unsigned(group.input_bits),
         " bits; the simulator takes 1 to 8");
  // By array, phase, and first row of the fragment.
  std::map<std::tuple<uint32_t, uint8_t, uint32_t>, Layout> layouts;
  for (size_t i = 0; i < group.tiles.size(); ++i) {
    const fb::TileT &tile = *group.tiles[i];
    const uint32_t step = tile.fragment_rows == 0 ? tile.row_count : tile.fragment_rows;
    for (uint32_t begin = 0; begin < tile.row_count; begin += step) {
      const uint32_t end = std::min<uint32_t>(begin + step, tile.row_count);
      const uint32_t first = tile.fragment_rows == 0 ? ~0u : tile.row_offset + begin;
      layouts[{tile.array, tile.phase, first}].lay(tile, i, begin, end, begin / step);
    }
  }
  std::vector<PhysicalArray> arrays;
  for (const auto &[key, layout] : layouts)
    arrays.push_back(layout.finish(std::get<0>(key), std::get<1>(key)));
  return arrays;
}

std::vector<ArrayUse> runtime::arrayUses(const fb::ArrayGroupT &group, uint32_t activeRows) {
  std::vector<ArrayUse> uses;
  for (const PhysicalArray &array : physicalArrays(group)) {
    // Phases of one array follow one another here too.
    if (uses.empty() || uses.back().ordinal != array.ordinal)
      uses.push_back({array.ordinal, 0, 0, 0});
    ArrayUse &use = uses.back();
    use.rows += uint32_t(array.rows.size());
    use.columns = std::max(use.columns, uint32_t(array.columns.size()));
    use.mostDelay = std::max<uint32_t>(use.mostDelay, array.mostDelay());
    uint32_t last = ~0u;
    for (const PhysicalArray::Row &row : array.rows)
      if (row.row / activeRows != last) {
        last = row.row / activeRows;
        ++use.rowSets;
      }
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
