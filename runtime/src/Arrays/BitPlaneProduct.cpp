//===- BitPlaneProduct.cpp - column sums through an ADC ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/BitPlaneProduct.h"

#include "BitPlaneKernel.h"

#include "pim/Support/Error.h"

#include <algorithm>
#include <bit>
#include <map>

using namespace pim;
using namespace pim::runtime;

/// Input vectors whose planes and sums are held at a time: they stay in the first-level cache.
static constexpr size_t vectorsAtOnce = 32;
/// Columns are spliced in blocks of this many.
static constexpr size_t blockColumns = 16;

//===----------------------------------------------------------------------===//
// Exactness
//===----------------------------------------------------------------------===//

/// Splits the driven rows of an array into those that are active together.
static std::vector<std::vector<PhysicalArray::Row>> activeSets(const PhysicalArray &array,
                                                               uint32_t activeRows) {
  std::map<uint32_t, std::vector<PhysicalArray::Row>> sets;
  for (const PhysicalArray::Row &row : array.rows)
    sets[row.row / activeRows].push_back(row);
  std::vector<std::vector<PhysicalArray::Row>> result;
  for (auto &[index, rows] : sets)
    result.push_back(std::move(rows));
  return result;
}

bool runtime::convertsExactly(const PhysicalArray &array, const fb::ArrayGroupT &group,
                              const CellImages &cells, const ConverterSpec &converters) {
  const uint64_t limit = converters.exactLimit();
  const uint64_t maxInput = (uint64_t(1) << std::min<unsigned>(
                                 converters.dacBits, group.input_bits + array.mostDelay())) -
                            1;
  for (const auto &rows : activeSets(array, converters.activeRows)) {
    if (rows.size() * ((uint64_t(1) << cells.layout.bits) - 1) * maxInput <= limit)
      continue;
    for (const PhysicalArray::Column &column : array.columns) {
      uint64_t sum = 0;
      for (const PhysicalArray::Row &row : rows)
        sum += cells.cell(array.ordinal, row.row, column.column);
      if (sum * maxInput > limit)
        return false;
    }
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Programming
//===----------------------------------------------------------------------===//

BitPlaneProduct::BitPlaneProduct(const fb::ArrayGroupT &group, const CellImages &cells,
                                 std::span<const PhysicalArray> arrays,
                                 const ConverterSpec &converters)
    : converters(converters), cellBits(cells.layout.bits), inputBits(group.input_bits),
      weightScale(group.weight_scale) {
  // Arrays whose rows are driven alike share the planes of the inputs.
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
  for (const auto &[key, members] : alike)
    for (const auto &rows : activeSets(*members.front(), converters.activeRows))
      rowBlocks.push_back(makeRowBlock(group, cells, members, rows));
}

BitPlaneProduct::RowBlock
BitPlaneProduct::makeRowBlock(const fb::ArrayGroupT &group, const CellImages &cells,
                              std::span<const PhysicalArray *const> arrays,
                              std::span<const PhysicalArray::Row> rows) const {
  RowBlock block;
  for (const PhysicalArray::Row &row : rows) {
    block.rows.push_back(row.source);
    block.delays.push_back(row.delay);
  }
  block.mostDelay = *std::max_element(block.delays.begin(), block.delays.end());
  block.steps = (inputBits + block.mostDelay + converters.dacBits - 1) / converters.dacBits;
  block.isContiguous =
      std::adjacent_find(block.rows.begin(), block.rows.end(),
                         [](uint32_t a, uint32_t b) { return b != a + 1; }) == block.rows.end();

  // The largest sum decides on the width of a lane.
  const uint64_t maxInput = (uint64_t(1) << converters.dacBits) - 1;
  const uint64_t maxSum = rows.size() * maxInput * ((uint64_t(1) << cellBits) - 1);
  const uint64_t lsb = converters.adcLsb;
  const uint64_t maxCode =
      std::min((maxSum + lsb / 2) / lsb, (uint64_t(1) << converters.adcBits) - 1) * lsb;
  const uint64_t inputRange = (uint64_t(1) << (block.steps * converters.dacBits)) - 1;
  const uint64_t maxTotal = maxCode * (inputRange / maxInput);
  if (maxSum + lsb >= (uint64_t(1) << 31) || maxTotal >= (uint64_t(1) << 32))
    fail("column sums of ", rows.size(), " rows with cells of ", cellBits, " bits, inputs of ",
         converters.dacBits, " bits and an adc.lsb of ", lsb, " do not fit 32 bits");
  block.isWide = maxSum + lsb / 2 > 0xffff || maxTotal > 0xffff || lsb > 0xffff;
  const size_t rowsPerWord = block.isWide ? 32 : 16;
  block.words = (rows.size() + rowsPerWord - 1) / rowsPerWord;

  // Columns by what they are worth and by output.
  struct Place {
    const PhysicalArray *array;
    uint32_t column;
  };
  std::map<std::pair<unsigned, bool>, std::multimap<uint32_t, Place>> columnsOfWorths;
  for (const PhysicalArray *array : arrays)
    for (const PhysicalArray::Column &column : array->columns) {
      columnsOfWorths[columnWorth(group, column)].emplace(column.output,
                                                          Place{array, column.column});
      block.outputs.push_back(column.output);
    }
  std::sort(block.outputs.begin(), block.outputs.end());
  block.outputs.erase(std::unique(block.outputs.begin(), block.outputs.end()), block.outputs.end());
  block.hasContiguousOutputs =
      block.outputs.empty() ||
      block.outputs.back() - block.outputs.front() + 1 == block.outputs.size();

  // A block is sixteen neighbouring results of one worth; a result that two arrays share has two
  // blocks.
  std::vector<std::vector<Place>> places;
  for (auto &[worth, columns] : columnsOfWorths)
    while (!columns.empty()) {
      std::map<size_t, std::vector<Place>> blocksAt;
      for (auto it = columns.begin(); it != columns.end();) {
        const size_t result =
            std::lower_bound(block.outputs.begin(), block.outputs.end(), it->first) -
            block.outputs.begin();
        std::vector<Place> &lanes = blocksAt[result / blockColumns];
        lanes.resize(blockColumns, Place{nullptr, 0});
        Place &lane = lanes[result % blockColumns];
        if (lane.array) {
          ++it;
          continue;
        }
        lane = it->second;
        it = columns.erase(it);
      }
      for (auto &[index, lanes] : blocksAt) {
        block.blocks.push_back(
            {uint32_t(index * blockColumns), uint8_t(worth.first), worth.second});
        places.push_back(std::move(lanes));
      }
    }

  block.lanes = planeLanes(block.isWide);
  block.vectors = (places.size() * blockColumns + block.lanes - 1) / block.lanes;
  const size_t laneBytes = block.isWide ? 4 : 2;
  block.cells.assign(block.vectors * cellBits * block.words * block.lanes * laneBytes);
  for (size_t column = 0; column < places.size() * blockColumns; ++column) {
    const Place &place = places[column / blockColumns][column % blockColumns];
    if (!place.array)
      continue;
    const size_t vector = column / block.lanes, lane = column % block.lanes;
    for (unsigned bit = 0; bit < cellBits; ++bit)
      for (size_t r = 0; r < rows.size(); ++r) {
        const uint32_t row = rows[r].row;
        if (!(cells.word(place.array->ordinal, place.column, bit, row / 64) >> (row % 64) & 1))
          continue;
        const size_t word = r / rowsPerWord;
        const size_t at =
            (((vector * cellBits + bit) * block.words + word) * block.lanes + lane) * laneBytes;
        block.cells[at + r % rowsPerWord / 8] |= uint8_t(1u << (r % 8));
      }
  }
  return block;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

void BitPlaneProduct::addTo(InputVectors inputs, OutputVectors outputs,
                            ArrayScratch &scratch) const {
  for (size_t begin = 0; begin < inputs.count; begin += vectorsAtOnce) {
    const InputVectors some{inputs.data + begin * inputs.stride,
                            std::min(vectorsAtOnce, inputs.count - begin), inputs.stride};
    const OutputVectors to{outputs.data + begin * outputs.stride, outputs.stride};
    for (const RowBlock &block : rowBlocks)
      addBlock(block, some, to, scratch);
  }
}

/// The inputs that drive the rows of a block, one after the other where they are not already.
static InputVectors rowsOf(std::span<const uint32_t> rows, bool isContiguous, InputVectors inputs,
                           ArrayScratch &scratch) {
  if (isContiguous)
    return {inputs.data + rows.front(), inputs.count, inputs.stride};
  uint8_t *gathered = scratch.bytes.reserve(inputs.count * rows.size());
  for (size_t p = 0; p < inputs.count; ++p)
    for (size_t r = 0; r < rows.size(); ++r)
      gathered[p * rows.size() + r] = inputs.data[p * inputs.stride + rows[r]];
  return {gathered, inputs.count, rows.size()};
}

/// Moves the planes of delayed rows up: row r then has bit i of its input in plane i + delays[r].
/// `planes` holds what packPlanes() makes without delays, planes behind the inputs' being zero.
static void delayPlanes(std::span<const uint8_t> delays, unsigned inputBits, bool isWide,
                        size_t wordStride, uint32_t *planes) {
  const size_t rowsPerWord = isWide ? 32 : 16;
  std::map<uint8_t, std::vector<uint32_t>> masks; // of the rows with one delay
  for (size_t r = 0; r < delays.size(); ++r) {
    std::vector<uint32_t> &mask = masks[delays[r]];
    mask.resize(wordStride);
    const uint32_t bit = uint32_t(1) << (r % rowsPerWord);
    mask[r / rowsPerWord] |= isWide ? bit : bit * 0x10001u;
  }
  // From the top: planes that are still to be read have not been written.
  const unsigned most = masks.rbegin()->first;
  for (unsigned plane = inputBits + most; plane-- > 0;)
    for (size_t w = 0; w < wordStride; ++w) {
      uint32_t word = 0;
      for (const auto &[delay, mask] : masks)
        if (plane >= delay && plane - delay < inputBits)
          word |= planes[(plane - delay) * wordStride + w] & mask[w];
      planes[plane * wordStride + w] = word;
    }
}

void BitPlaneProduct::addBlock(const RowBlock &block, InputVectors inputs, OutputVectors outputs,
                               ArrayScratch &scratch) const {
  const InputVectors driven = rowsOf(block.rows, block.isContiguous, inputs, scratch);
  const unsigned planeCount = block.steps * converters.dacBits;
  const size_t wordStride = planeWords(block.rows.size(), block.isWide);
  const size_t planeStride = planeCount * wordStride;
  uint32_t *planes = scratch.planes.reserve(inputs.count * planeStride);
  uint8_t used[vectorsAtOnce];
  packPlanes({driven.data, driven.stride, driven.count, block.rows.size(), inputBits, planeCount,
              block.isWide, planes, planeStride, used});
  if (block.mostDelay > 0)
    for (size_t p = 0; p < inputs.count; ++p) {
      delayPlanes(block.delays, inputBits, block.isWide, wordStride, planes + p * planeStride);
      used[p] = uint8_t(std::min<unsigned>(used[p] + block.mostDelay, planeCount));
    }
  for (size_t p = 0; p < inputs.count; ++p) // planes to steps
    used[p] = uint8_t((used[p] + converters.dacBits - 1) / converters.dacBits);

  const size_t laneBytes = block.isWide ? 4 : 2;
  const size_t columnStride = block.vectors * block.lanes;
  uint8_t *sums = scratch.sums.reserve(inputs.count * columnStride * laneBytes);
  sumPlanes({planes, planeStride, wordStride, used, inputs.count, block.words, block.cells.data(),
             block.vectors, cellBits, converters.dacBits, converters.adcLsb,
             uint32_t((uint64_t(1) << converters.adcBits) - 1), sums, block.isWide});

  const size_t width = block.outputs.size();
  const size_t resultStride = (width + blockColumns - 1) / blockColumns * blockColumns;
  int32_t *results = scratch.results.reserve(inputs.count * resultStride);
  spliceColumns(sums, block.isWide, columnStride, inputs.count, block.blocks, results,
                resultStride);
  if (block.hasContiguousOutputs) {
    addScaled(outputs.data + block.outputs.front(), outputs.stride, results, resultStride,
              inputs.count, width, weightScale);
    return;
  }
  for (size_t p = 0; p < inputs.count; ++p)
    for (size_t o = 0; o < width; ++o) {
      int32_t &sum = outputs.data[p * outputs.stride + block.outputs[o]];
      sum =
          int32_t(uint32_t(sum) + uint32_t(results[p * resultStride + o]) * uint32_t(weightScale));
    }
}
