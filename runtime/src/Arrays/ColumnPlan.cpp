//===- ColumnPlan.cpp - which columns are summed together -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/ColumnPlan.h"

#include "BitPlaneKernel.h"

#include <algorithm>
#include <map>

using namespace pim;
using namespace pim::runtime;

std::vector<std::vector<PhysicalArray::Row>> runtime::activeSets(const PhysicalArray &array,
                                                                 uint32_t activeRows) {
  std::vector<std::vector<PhysicalArray::Row>> sets;
  uint32_t last = ~0u;
  for (const PhysicalArray::Row &row : array.rows) {
    if (row.row / activeRows != last)
      sets.emplace_back();
    last = row.row / activeRows;
    sets.back().push_back(row);
  }
  return sets;
}

std::vector<RowSet> runtime::rowSets(std::span<const PhysicalArray> arrays, uint32_t activeRows) {
  std::map<std::vector<uint32_t>, std::vector<const PhysicalArray *>> alike;
  for (const PhysicalArray &array : arrays) {
    std::vector<uint32_t> key;
    for (const PhysicalArray::Row &row : array.rows) {
      key.push_back(row.row);
      key.push_back(row.source);
      key.push_back(row.delay);
    }
    alike[key].push_back(&array);
  }
  std::vector<RowSet> sets;
  for (const auto &[key, members] : alike)
    for (auto &rows : activeSets(*members.front(), activeRows))
      sets.push_back({rows, members});
  return sets;
}

/// A flipped column worth 2^shift is worth largest digit * 2^shift * (sum of the inputs) - its sum.
static void addWorth(ColumnPlan &plan, std::span<const CellColumn> lanes, size_t firstResult,
                     unsigned shift, bool negative, unsigned cellBits) {
  plan.flipWorth.resize(plan.outputs.size());
  const int32_t worth = ((1 << cellBits) - 1) << shift;
  for (size_t i = 0; i < lanes.size(); ++i)
    if (lanes[i].isRead)
      plan.flipWorth[firstResult + i] += negative ? -worth : worth;
}

uint64_t runtime::sumOfDigits(const CellImages &cells, std::span<const PhysicalArray::Row> rows,
                              uint32_t array, uint32_t column) {
  uint64_t sum = 0;
  for (const PhysicalArray::Row &row : rows)
    sum += cells.cell(array, row.row, column);
  return sum;
}

ColumnPredicate runtime::flippedColumns(const CellImages &cells,
                                        std::span<const PhysicalArray::Row> rows) {
  return [cells, rows](uint32_t array, uint32_t column) {
    const uint64_t most = rows.size() * ((uint64_t(1) << cells.layout.bits) - 1);
    return 2 * sumOfDigits(cells, rows, array, column) > most;
  };
}

unsigned runtime::storedDigit(const CellImages &cells, const CellColumn &place, uint32_t row) {
  const unsigned digit = cells.cell(place.array, row, place.column);
  return place.isFlipped ? (1u << cells.layout.bits) - 1 - digit : digit;
}

void runtime::addFlipWorth(const ColumnPlan &plan, InputVectors driven, const DrivenRows &rows,
                           int32_t scale, OutputVectors outputs) {
  if (plan.flipWorth.empty())
    return;
  for (size_t p = 0; p < driven.count; ++p) {
    const uint8_t *x = driven.data + p * driven.stride;
    uint32_t sum = 0;
    for (size_t r = 0; r < rows.count(); ++r)
      sum += uint32_t(x[r]) << rows.delays()[r];
    int32_t *out = outputs.data + p * outputs.stride;
    for (size_t o = 0; o < plan.outputs.size(); ++o)
      out[plan.outputs[o]] = int32_t(uint32_t(out[plan.outputs[o]]) +
                                     sum * uint32_t(plan.flipWorth[o]) * uint32_t(scale));
  }
}

ColumnPlan runtime::planColumns(const fb::ArrayGroupT &group,
                                std::span<const PhysicalArray *const> arrays,
                                const ColumnPredicate &isFlipped) {
  ColumnPlan plan;
  // Columns by slice, what they are worth, whether they are flipped, and output.
  struct Key {
    uint32_t slice;
    std::pair<unsigned, bool> worth;
    bool isFlipped;
    auto operator<=>(const Key &) const = default;
  };
  std::map<Key, std::multimap<uint32_t, CellColumn>> columnsByKey;
  for (const PhysicalArray *array : arrays)
    for (const PhysicalArray::Column &column : array->columns) {
      const bool flipped = isFlipped && isFlipped(array->ordinal, column.column);
      columnsByKey[{column.slice, columnWorth(group, column), flipped}].emplace(
          column.output, CellColumn{array->ordinal, column.column, array->phase, true, flipped});
      plan.outputs.push_back(column.output);
    }
  std::sort(plan.outputs.begin(), plan.outputs.end());
  plan.outputs.erase(std::unique(plan.outputs.begin(), plan.outputs.end()), plan.outputs.end());
  plan.hasContiguousOutputs =
      plan.outputs.empty() || plan.outputs.back() - plan.outputs.front() + 1 == plan.outputs.size();

  for (auto &[key, columns] : columnsByKey)
    while (!columns.empty()) {
      std::map<size_t, std::vector<CellColumn>> blocksAt;
      for (auto it = columns.begin(); it != columns.end();) {
        const size_t result =
            std::lower_bound(plan.outputs.begin(), plan.outputs.end(), it->first) -
            plan.outputs.begin();
        std::vector<CellColumn> &lanes = blocksAt[result / blockColumns];
        lanes.resize(blockColumns);
        CellColumn &lane = lanes[result % blockColumns];
        if (lane.isRead) {
          ++it;
          continue;
        }
        lane = it->second;
        it = columns.erase(it);
      }
      for (auto &[index, lanes] : blocksAt) {
        const auto [shift, negative] = key.worth;
        plan.blocks.push_back(
            {uint32_t(index * blockColumns), key.slice, uint8_t(shift), negative != key.isFlipped});
        if (key.isFlipped)
          addWorth(plan, lanes, index * blockColumns, shift, negative, group.cell_bits);
        plan.places.insert(plan.places.end(), lanes.begin(), lanes.end());
      }
    }
  return plan;
}

DrivenRows::DrivenRows(std::span<const PhysicalArray::Row> rows) {
  for (const PhysicalArray::Row &row : rows) {
    sources.push_back(row.source);
    lateness.push_back(row.delay);
    most = std::max<unsigned>(most, row.delay);
  }
  isContiguous = std::adjacent_find(sources.begin(), sources.end(), [](uint32_t a, uint32_t b) {
                   return b != a + 1;
                 }) == sources.end();
}

InputVectors DrivenRows::select(InputVectors inputs, ArrayScratch &scratch) const {
  if (isContiguous)
    return {inputs.data + sources.front(), inputs.count, inputs.stride, inputs.occasion};
  uint8_t *gathered = scratch.bytes.reserve(inputs.count * count());
  for (size_t p = 0; p < inputs.count; ++p)
    for (size_t r = 0; r < count(); ++r)
      gathered[p * count() + r] = inputs.data[p * inputs.stride + sources[r]];
  return {gathered, inputs.count, count(), inputs.occasion};
}

void runtime::spliceAndAdd(const ColumnPlan &plan, const void *sums, bool isWide,
                           size_t columnStride, int32_t scale, size_t count, OutputVectors outputs,
                           ArrayScratch &scratch) {
  const size_t width = plan.outputs.size();
  const size_t resultStride = (width + blockColumns - 1) / blockColumns * blockColumns;
  int32_t *results = scratch.results.reserve(count * resultStride);
  spliceColumns(sums, isWide, columnStride, count, plan.blocks, results, resultStride);
  if (plan.hasContiguousOutputs) {
    addScaled(outputs.data + plan.outputs.front(), outputs.stride, results, resultStride, count,
              width, scale);
    return;
  }
  for (size_t p = 0; p < count; ++p)
    for (size_t o = 0; o < width; ++o) {
      int32_t &sum = outputs.data[p * outputs.stride + plan.outputs[o]];
      sum = int32_t(uint32_t(sum) + uint32_t(results[p * resultStride + o]) * uint32_t(scale));
    }
}
