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
#include <map>

using namespace pim;
using namespace pim::runtime;

/// Input vectors whose planes and sums are held at a time: they stay in the first-level cache.
static constexpr size_t vectorsAtOnce = 32;

//===----------------------------------------------------------------------===//
// Exactness
//===----------------------------------------------------------------------===//

bool runtime::convertsExactly(const PhysicalArray &array, const fb::ArrayGroupT &group,
                              const CellImages &cells, const ConverterSpec &converters) {
  const uint64_t maxInput = (uint64_t(1) << std::min<unsigned>(
                                 converters.dacBits, group.input_bits + array.mostDelay())) -
                            1;
  for (const auto &rows : activeSets(array, converters.activeRows))
    for (const PhysicalArray::Column &column : array.columns) {
      const uint64_t limit = converters.exactLimit(column.slice);
      if (rows.size() * ((uint64_t(1) << cells.layout.bits) - 1) * maxInput <= limit)
        continue;
      uint64_t sum = sumOfDigits(cells, rows, array.ordinal, column.column);
      if (converters.flipsColumns)
        sum = std::min(sum, rows.size() * ((uint64_t(1) << cells.layout.bits) - 1) - sum);
      if (sum * maxInput > limit)
        return false;
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
  for (const RowSet &set : rowSets(arrays, converters.activeRows))
    rowBlocks.push_back(makeRowBlock(group, cells, set));
}

BitPlaneProduct::RowBlock BitPlaneProduct::makeRowBlock(const fb::ArrayGroupT &group,
                                                        const CellImages &cells,
                                                        const RowSet &set) const {
  RowBlock block{.rows = DrivenRows(set.rows),
                 .plan = planColumns(group, set.arrays,
                                     converters.flipsColumns ? flippedColumns(cells, set.rows)
                                                             : ColumnPredicate())};
  block.steps = block.rows.steps(inputBits, converters.dacBits);

  // The largest sum decides on the width of a lane.
  const uint64_t maxInput = (uint64_t(1) << converters.dacBits) - 1;
  const uint64_t maxSum = set.rows.size() * maxInput * ((uint64_t(1) << cellBits) - 1);
  const uint64_t lsb = converters.adcLsb;
  const uint64_t maxCode =
      std::min((maxSum + lsb / 2) / lsb, (uint64_t(1) << converters.adcBits) - 1) * lsb;
  const uint64_t inputRange = (uint64_t(1) << (block.steps * converters.dacBits)) - 1;
  const uint64_t maxTotal = maxCode * (inputRange / maxInput);
  if (maxSum + lsb >= (uint64_t(1) << 31) || maxTotal >= (uint64_t(1) << 32))
    fail("column sums of ", set.rows.size(), " rows with cells of ", cellBits, " bits, inputs of ",
         converters.dacBits, " bits and an adc.lsb of ", lsb, " do not fit 32 bits");
  block.isWide = maxSum + lsb / 2 > 0xffff || maxTotal > 0xffff || lsb > 0xffff;
  const size_t rowsPerWord = block.isWide ? 32 : 16;
  block.words = (set.rows.size() + rowsPerWord - 1) / rowsPerWord;

  block.lanes = planeLanes(block.isWide);
  block.vectors = (block.plan.places.size() + block.lanes - 1) / block.lanes;
  fillCells(block, cells, set);
  fillLimits(block);
  return block;
}

void BitPlaneProduct::fillLimits(RowBlock &block) const {
  block.limits.assign(block.vectors * block.lanes * (block.isWide ? 4 : 2));
  for (size_t column = 0; column < block.plan.places.size(); ++column) {
    const uint32_t slice = block.plan.blocks[column / blockColumns].slice;
    const uint32_t codes = uint32_t((uint64_t(1) << converters.bitsOf(slice)) - 1);
    if (block.isWide)
      reinterpret_cast<uint32_t *>(block.limits.data())[column] = codes;
    else
      reinterpret_cast<uint16_t *>(block.limits.data())[column] =
          uint16_t(std::min<uint32_t>(codes, 0xffff));
  }
}

void BitPlaneProduct::fillCells(RowBlock &block, const CellImages &cells, const RowSet &set) const {
  const size_t laneBytes = block.isWide ? 4 : 2, rowsPerWord = block.isWide ? 32 : 16;
  block.cells.assign(block.vectors * cellBits * block.words * block.lanes * laneBytes);
  for (size_t column = 0; column < block.plan.places.size(); ++column) {
    const CellColumn &place = block.plan.places[column];
    if (!place.isRead)
      continue;
    const size_t vector = column / block.lanes, lane = column % block.lanes;
    for (unsigned bit = 0; bit < cellBits; ++bit)
      for (size_t r = 0; r < set.rows.size(); ++r) {
        const uint32_t row = set.rows[r].row;
        if (!(storedDigit(cells, place, row) >> bit & 1))
          continue;
        const size_t word = r / rowsPerWord;
        const size_t at =
            (((vector * cellBits + bit) * block.words + word) * block.lanes + lane) * laneBytes;
        block.cells[at + r % rowsPerWord / 8] |= uint8_t(1u << (r % 8));
      }
  }
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
  const InputVectors driven = block.rows.select(inputs, scratch);
  const unsigned planeCount = block.steps * converters.dacBits;
  const size_t wordStride = planeWords(block.rows.count(), block.isWide);
  const size_t planeStride = planeCount * wordStride;
  uint32_t *planes = scratch.planes.reserve(inputs.count * planeStride);
  uint8_t used[vectorsAtOnce];
  packPlanes({driven.data, driven.stride, driven.count, block.rows.count(), inputBits, planeCount,
              block.isWide, planes, planeStride, used});
  if (block.rows.mostDelay() > 0)
    for (size_t p = 0; p < inputs.count; ++p) {
      delayPlanes(block.rows.delays(), inputBits, block.isWide, wordStride,
                  planes + p * planeStride);
      used[p] = uint8_t(std::min<unsigned>(used[p] + block.rows.mostDelay(), planeCount));
    }
  for (size_t p = 0; p < inputs.count; ++p) // planes to steps
    used[p] = uint8_t((used[p] + converters.dacBits - 1) / converters.dacBits);

  const size_t laneBytes = block.isWide ? 4 : 2;
  const size_t columnStride = block.vectors * block.lanes;
  uint8_t *sums = scratch.sums.reserve(inputs.count * columnStride * laneBytes);
  sumPlanes({planes, planeStride, wordStride, used, inputs.count, block.words, block.cells.data(),
             block.vectors, cellBits, converters.dacBits, converters.adcLsb, block.limits.data(),
             sums, block.isWide});

  addFlipWorth(block.plan, driven, block.rows, weightScale, outputs);
  spliceAndAdd(block.plan, sums, block.isWide, columnStride, weightScale, inputs.count, outputs,
               scratch);
}
