//===- MappedMatrix.cpp - weights on arrays, for tests ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/MappedMatrix.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

void MappedMatrix::setCell(uint32_t array, uint32_t row, uint32_t column, unsigned digit) {
  for (unsigned bit = 0; bit < layout.bits; ++bit)
    if (digit >> bit & 1)
      words[array * layout.words() + layout.planeOffset(column, bit) + row / 64] |= uint64_t(1)
                                                                                    << (row % 64);
}

WeightMatrix testing::randomWeights(std::mt19937 &random, size_t rows, size_t cols, unsigned bits) {
  WeightMatrix weights{rows, cols, std::vector<int32_t>(rows * cols)};
  for (int32_t &w : weights.entries) {
    w = int32_t(random() % (1u << bits)) - (1 << (bits - 1));
    if (bits == 1)
      w = random() % 2 ? 1 : -1;
  }
  return weights;
}

/// The digits of a weight, least significant first within a sign.
static std::vector<unsigned> digits(int32_t weight, const fb::ArrayGroupT &group,
                                    const MappingOptions &options) {
  const uint32_t mask = (1u << options.cellBits) - 1;
  std::vector<unsigned> result;
  for (const fb::Slice &slice : group.slices) {
    uint32_t code = 0;
    switch (options.sign) {
    case Sign::Offset:
      code = uint32_t(weight - group.weight_offset) / uint32_t(group.weight_scale);
      break;
    case Sign::TwosComplement:
      code = slice.negative() ? uint32_t(weight < 0) << slice.shift()
                              : uint32_t(weight) & ((1u << (options.weightBits - 1)) - 1);
      break;
    case Sign::Differential:
      code = slice.negative() ? uint32_t(std::max(-weight, 0)) : uint32_t(std::max(weight, 0));
      break;
    }
    result.push_back(code >> slice.shift() & mask);
  }
  return result;
}

static void addSlices(fb::ArrayGroupT &group, const MappingOptions &options) {
  const unsigned b = options.weightBits, c = options.cellBits;
  group.weight_scale = 1;
  if (options.sign == Sign::Offset && b == 1) {
    group.weight_scale = 2;
    group.weight_offset = -1;
  } else if (options.sign == Sign::Offset) {
    group.weight_offset = -(1 << (b - 1));
  }
  const unsigned magnitude = options.sign == Sign::TwosComplement ? b - 1 : b;
  for (unsigned shift = 0; shift < magnitude; shift += c)
    group.slices.push_back(fb::Slice(uint8_t(shift), false));
  if (options.sign == Sign::TwosComplement)
    group.slices.push_back(fb::Slice(uint8_t(b - 1), true));
  if (options.sign == Sign::Differential)
    for (unsigned shift = 0; shift < magnitude; shift += c)
      group.slices.push_back(fb::Slice(uint8_t(shift), true));
}

MappedMatrix testing::mapMatrix(const WeightMatrix &weights, const MappingOptions &options) {
  MappedMatrix result;
  result.weights = weights;
  fb::ArrayGroupT &group = result.group;
  group.matrix_rows = uint32_t(weights.rows);
  group.matrix_cols = uint32_t(weights.cols);
  group.input_bits = uint8_t(options.inputBits);
  group.cell_bits = uint8_t(options.cellBits);
  addSlices(group, options);
  result.layout = {options.arrayRows, options.arrayColumns, options.cellBits};

  const uint32_t slices = uint32_t(group.slices.size());
  const uint32_t perTile = options.slicesInArrays ? 1 : slices;
  const uint32_t tileOutputs = options.arrayColumns / perTile;
  for (uint32_t o = 0; o < weights.cols; o += tileOutputs)
    for (uint32_t r = 0; r < weights.rows; r += options.arrayRows)
      for (uint32_t s = 0; s < slices; s += perTile) {
        auto tile = std::make_unique<fb::TileT>();
        tile->array = result.arrays++;
        tile->row_begin = r;
        tile->row_count = uint16_t(std::min<size_t>(options.arrayRows, weights.rows - r));
        tile->output_begin = o;
        tile->output_count = uint16_t(std::min<size_t>(tileOutputs, weights.cols - o));
        tile->slice_begin = uint8_t(s);
        tile->slice_count = uint8_t(perTile);
        group.tiles.push_back(std::move(tile));
      }
  result.words.assign(result.arrays * result.layout.words(), 0);
  for (const auto &tile : group.tiles)
    for (uint32_t r = 0; r < tile->row_count; ++r)
      for (uint32_t o = 0; o < tile->output_count; ++o) {
        const int32_t weight = weights.at(tile->row_begin + r, tile->output_begin + o);
        const std::vector<unsigned> all = digits(weight, group, options);
        for (uint32_t s = 0; s < tile->slice_count; ++s)
          result.setCell(tile->array, r, o * tile->slice_count + s, all[tile->slice_begin + s]);
      }
  return result;
}

MappedMatrix testing::mapOddly(std::mt19937 &random, uint32_t fragmentRows) {
  MappedMatrix matrix =
      mapMatrix(randomWeights(random, 70, 6, 5), {.sign = Sign::TwosComplement, .weightBits = 5});
  fb::TileT &tile = *matrix.group.tiles[0];
  tile.shift = 1;
  for (uint32_t r = 0; r < 70; ++r)
    tile.delays.push_back(uint8_t(random() % 3));
  tile.fragment_rows = uint16_t(fragmentRows);
  if (fragmentRows > 0)
    for (uint32_t i = 0; i < (70 + fragmentRows - 1) / fragmentRows * 6; ++i)
      tile.signs.push_back(uint8_t(random() % 2));
  // The same cells again, for other inputs.
  auto second = std::make_unique<fb::TileT>(tile);
  second->phase = 1;
  second->row_begin = 70;
  matrix.group.matrix_rows = 140;
  matrix.group.tiles.push_back(std::move(second));
  return matrix;
}

AlignedBuffer<uint8_t> testing::randomInputs(std::mt19937 &random, size_t count, size_t rows,
                                             unsigned bits) {
  AlignedBuffer<uint8_t> inputs(count * rows);
  for (size_t i = 0; i < count * rows; ++i)
    inputs[i] = uint8_t(random() % (1u << bits));
  return inputs;
}

std::vector<int32_t> testing::plainProduct(const WeightMatrix &weights, const uint8_t *inputs,
                                           size_t count) {
  std::vector<int32_t> result(count * weights.cols);
  for (size_t p = 0; p < count; ++p)
    for (size_t k = 0; k < weights.rows; ++k)
      for (size_t n = 0; n < weights.cols; ++n)
        result[p * weights.cols + n] += inputs[p * weights.rows + k] * weights.at(k, n);
  return result;
}

std::vector<int32_t> testing::lossyProduct(const MappedMatrix &matrix,
                                           const ConverterSpec &converters, const uint8_t *inputs,
                                           size_t count) {
  const fb::ArrayGroupT &group = matrix.group;
  const CellImages cells = matrix.cells();
  const unsigned d = converters.dacBits;
  std::vector<int32_t> result(count * group.matrix_cols);
  for (size_t p = 0; p < count; ++p)
    for (const PhysicalArray &array : physicalArrays(group))
      for (const PhysicalArray::Column &column : array.columns)
        for (uint32_t begin = 0; begin < matrix.layout.rows; begin += converters.activeRows)
          for (unsigned step = 0; step * d < group.input_bits; ++step) {
            int64_t sum = 0;
            for (const PhysicalArray::Row &row : array.rows)
              if (row.row >= begin && row.row - begin < converters.activeRows) {
                const unsigned x = inputs[p * group.matrix_rows + row.source];
                sum += int64_t(x >> (step * d) & ((1u << d) - 1)) *
                       cells.cell(array.ordinal, row.row, column.column);
              }
            const int64_t lsb = converters.adcLsb;
            const int64_t maxCode = (int64_t(1) << converters.bitsOf(column.slice)) - 1;
            const int64_t code = std::min((2 * sum + lsb) / (2 * lsb), maxCode) * lsb;
            const fb::Slice slice = group.slices[column.slice];
            const int64_t worth = code << (slice.shift() + step * d);
            result[p * group.matrix_cols + column.output] +=
                int32_t((slice.negative() ? -worth : worth) * group.weight_scale);
          }
  for (size_t p = 0; p < count; ++p)
    for (const OffsetTerm &term : offsetTerms(group))
      for (uint32_t row : term.rows)
        for (uint32_t output : term.outputs)
          result[p * group.matrix_cols + output] +=
              inputs[p * group.matrix_rows + row] * group.weight_offset;
  return result;
}
