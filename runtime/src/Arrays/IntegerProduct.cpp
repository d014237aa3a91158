//===- IntegerProduct.cpp - the exact product of a group --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/IntegerProduct.h"

#include "DiagonalKernel.h"

#include "pim/Support/Error.h"

#include <algorithm>
#include <bit>
#include <numeric>

using namespace pim;
using namespace pim::runtime;

/// A core has too few cells for a matrix that would not fit; this bounds what a damaged program can
/// ask for.
static constexpr uint64_t maxMatrixEntries = uint64_t(1) << 28;

WeightMatrix runtime::decodeWeights(const fb::ArrayGroupT &group, const CellImages &cells,
                                    std::span<const PhysicalArray> arrays) {
  WeightMatrix weights{group.matrix_rows, group.matrix_cols, {}};
  if (uint64_t(group.matrix_rows) * group.matrix_cols > maxMatrixEntries)
    fail("a matrix of ", group.matrix_rows, " rows and ", group.matrix_cols,
         " columns is more than a core can hold");
  weights.entries.resize(weights.rows * weights.cols);
  std::vector<uint64_t> driven(cells.layout.wordsPerPlane());
  // What the columns of one output hold, neighbours as a rule, goes into the matrix at once.
  std::vector<uint32_t> sums(cells.layout.rows);
  for (const PhysicalArray &array : arrays) {
    std::fill(driven.begin(), driven.end(), 0);
    for (const PhysicalArray::Row &row : array.rows)
      driven[row.row / 64] |= uint64_t(1) << (row.row % 64);
    for (size_t c = 0; c < array.columns.size(); ++c) {
      const PhysicalArray::Column &column = array.columns[c];
      const auto [shift, negative] = columnWorth(group, column);
      for (unsigned bit = 0; bit < cells.layout.bits; ++bit) {
        const uint32_t magnitude = uint32_t(1) << (shift + bit);
        const uint32_t worth = (negative ? -magnitude : magnitude) * uint32_t(group.weight_scale);
        for (size_t w = 0; w < driven.size(); ++w)
          for (uint64_t set = cells.word(array.ordinal, column.column, bit, w) & driven[w]; set;
               set &= set - 1)
            sums[w * 64 + std::countr_zero(set)] += worth;
      }
      if (c + 1 < array.columns.size() && array.columns[c + 1].output == column.output)
        continue;
      for (const PhysicalArray::Row &row : array.rows) {
        int32_t &entry = weights.at(row.source, column.output);
        entry = int32_t(uint32_t(entry) + (sums[row.row] << row.delay));
        sums[row.row] = 0;
      }
    }
  }
  return weights;
}

void runtime::addOffsets(WeightMatrix &weights, const fb::ArrayGroupT &group) {
  for (const OffsetTerm &term : offsetTerms(group))
    for (uint32_t row : term.rows)
      for (uint32_t output : term.outputs) {
        int32_t &entry = weights.at(row, output);
        entry = int32_t(uint32_t(entry) + uint32_t(group.weight_offset));
      }
}

//===----------------------------------------------------------------------===//
// The structure of a matrix
//===----------------------------------------------------------------------===//

std::optional<IntegerProduct::Diagonal> IntegerProduct::matchDiagonal(const WeightMatrix &weights,
                                                                      size_t period, size_t shift) {
  if (shift + weights.cols > period)
    return std::nullopt;
  Diagonal result;
  result.period = period;
  result.shift = shift;
  result.taps = (weights.rows + period - 1) / period;
  if ((result.taps - 1) * period + shift + weights.cols > weights.rows)
    return std::nullopt; // the last tap would read behind the inputs
  result.stride = (weights.cols + 63) / 64 * 64;
  result.weights.assign(result.taps * result.stride);
  for (size_t r = 0; r < weights.rows; ++r)
    for (size_t o = 0; o < weights.cols; ++o) {
      const int32_t weight = weights.at(r, o);
      if (weight == 0)
        continue;
      if (r % period != shift + o || weight < -128 || weight > 127)
        return std::nullopt;
      result.weights[r / period * result.stride + o] = int16_t(weight);
    }
  return result;
}

std::optional<IntegerProduct::Diagonal> IntegerProduct::findDiagonal(const WeightMatrix &weights) {
  if (weights.cols < 2)
    return std::nullopt;
  // A core that holds all channels, then one that holds some: there the rows of the first output,
  // tap*period + shift, give the period away.
  if (weights.rows % weights.cols == 0)
    if (auto result = matchDiagonal(weights, weights.cols, 0))
      return result;
  size_t period = 0, first = weights.rows;
  for (size_t r = 0; r < weights.rows; ++r)
    if (weights.at(r, 0)) {
      first = std::min(first, r);
      period = std::gcd(period, r - first);
    }
  return period ? matchDiagonal(weights, period, first % period) : std::nullopt;
}

namespace {
/// Sets of outputs that share a row.
class Partition {
public:
  explicit Partition(size_t count) : parents(count), sets(count) {
    std::iota(parents.begin(), parents.end(), size_t(0));
  }
  size_t find(size_t i) {
    while (parents[i] != i)
      i = parents[i] = parents[parents[i]];
    return i;
  }
  void join(size_t a, size_t b) {
    const size_t from = find(a), to = find(b);
    parents[from] = to;
    sets -= from != to;
  }
  bool isOneSet() const { return sets <= 1; }

private:
  std::vector<size_t> parents;
  size_t sets;
};
} // namespace

std::vector<IntegerProduct::Block> IntegerProduct::findBlocks(const WeightMatrix &weights) {
  constexpr uint32_t none = ~uint32_t(0);
  Partition partition(weights.cols);
  std::vector<uint32_t> firstOutput(weights.rows, none);
  for (size_t r = 0; r < weights.rows; ++r)
    for (size_t o = 0; o < weights.cols && !(partition.isOneSet() && firstOutput[r] != none); ++o)
      if (weights.at(r, o)) {
        if (firstOutput[r] == none)
          firstOutput[r] = uint32_t(o);
        else
          partition.join(firstOutput[r], o);
      }
  std::vector<std::vector<uint32_t>> rows(weights.cols), outputs(weights.cols);
  for (size_t r = 0; r < weights.rows; ++r)
    if (firstOutput[r] != none)
      rows[partition.find(firstOutput[r])].push_back(uint32_t(r));
  for (size_t o = 0; o < weights.cols; ++o)
    outputs[partition.find(o)].push_back(uint32_t(o));

  // Gathering rows costs about as much as a product with a few times as many weights.
  size_t work = 0;
  for (size_t root = 0; root < weights.cols; ++root)
    work += rows[root].size() * outputs[root].size();
  if (work * 4 > weights.rows * weights.cols)
    return {};

  std::vector<Block> result;
  for (size_t root = 0; root < weights.cols; ++root) {
    if (rows[root].empty())
      continue;
    std::vector<int32_t> entries;
    for (uint32_t r : rows[root])
      for (uint32_t o : outputs[root])
        entries.push_back(weights.at(r, o));
    result.push_back(
        {rows[root], outputs[root], ByteGemm(entries, rows[root].size(), outputs[root].size())});
  }
  return result;
}

IntegerProduct::IntegerProduct(const WeightMatrix &weights)
    : rowCount(weights.rows), colCount(weights.cols) {
  diagonal = findDiagonal(weights);
  if (!diagonal)
    blocks = findBlocks(weights);
  if (!diagonal && blocks.empty())
    dense.emplace(weights.entries, rowCount, colCount);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

void IntegerProduct::multiply(InputVectors inputs, OutputVectors outputs, bool accumulate,
                              ArrayScratch &scratch) const {
  if (dense)
    dense->run(inputs.data, inputs.stride, inputs.count, outputs.data, outputs.stride, accumulate);
  else if (diagonal)
    multiplyDiagonal(inputs, outputs, accumulate);
  else
    multiplyBlocks(inputs, outputs, accumulate, scratch);
}

void IntegerProduct::multiplyDiagonal(InputVectors inputs, OutputVectors outputs,
                                      bool accumulate) const {
  const Diagonal &d = *diagonal;
  for (size_t p = 0; p < inputs.count; ++p)
    diagonalProduct(inputs.data + p * inputs.stride + d.shift, d.period, d.weights.data(), d.stride,
                    d.taps, colCount, outputs.data + p * outputs.stride, accumulate);
}

void IntegerProduct::multiplyBlocks(InputVectors inputs, OutputVectors outputs, bool accumulate,
                                    ArrayScratch &scratch) const {
  if (!accumulate)
    for (size_t p = 0; p < inputs.count; ++p)
      std::fill_n(outputs.data + p * outputs.stride, colCount, 0);
  for (const Block &block : blocks) {
    const size_t rows = block.rows.size(), cols = block.outputs.size();
    uint8_t *gathered = scratch.bytes.reserve(inputs.count * rows);
    int32_t *results = scratch.results.reserve(inputs.count * cols);
    for (size_t p = 0; p < inputs.count; ++p)
      for (size_t r = 0; r < rows; ++r)
        gathered[p * rows + r] = inputs.data[p * inputs.stride + block.rows[r]];
    block.gemm.run(gathered, rows, inputs.count, results, cols, false);
    for (size_t p = 0; p < inputs.count; ++p)
      for (size_t o = 0; o < cols; ++o) {
        int32_t &out = outputs.data[p * outputs.stride + block.outputs[o]];
        out = int32_t(uint32_t(out) + uint32_t(results[p * cols + o]));
      }
  }
}
