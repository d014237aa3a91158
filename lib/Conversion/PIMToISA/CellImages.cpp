//===- CellImages.cpp - what the cells of arrays hold ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Conversion/PIMToISA/CellImages.h"

#include <algorithm>
#include <array>
#include <map>

using namespace mlir;
using namespace mlir::pim;

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

namespace {
/// Lays out the stacks of one part.
class TileBuilder {
public:
  TileBuilder(Conv2DOp op, PartAttr part)
      : op(op), tiling(op.getTilingAttr()), part(part),
        slices(op.getSlicingAttr().getSliceCount()) {
    std::tie(channelBegin, channelEnd) =
        op.getInputChannels(part.getOutputBegin(), part.getOutputEnd());
  }

  std::vector<CellTile> build() {
    int64_t array = part.getFirstArray();
    for (int64_t stack = 0; stack < tiling.getStackCount(); ++stack) {
      int64_t begin = tiling.getStackOutputs(stack).first;
      if (begin < part.getOutputBegin() || begin >= part.getOutputEnd())
        continue;
      auto [arrayBegin, arrayEnd] = part.getStackArrays(tiling.getStackArrays(stack));
      for (TileAttr tile : tiling.getStackTiles(stack, slices))
        if (arrayBegin <= tile.getArray() && tile.getArray() < arrayEnd)
          tiles.push_back(translate(tile, array - arrayBegin));
      array += arrayEnd - arrayBegin;
    }
    return std::move(tiles);
  }

private:
  CellTile translate(TileAttr from, int64_t firstArray) {
    CellTile tile;
    tile.array =
        part.getShared() ? part.getShared()[from.getArray()] : firstArray + from.getArray();
    tile.rowOffset = from.getRowOffset();
    tile.rowCount = from.getRowCount();
    tile.colOffset = from.getColOffset();
    tile.outputCount = from.getOutputCount();
    tile.sliceBegin = from.getSliceBegin();
    tile.sliceCount = from.getSliceCount();
    tile.shift = from.getShift();
    tile.phase = from.getPhase();
    tile.fragmentRows = from.getFragmentRows();
    if (from.getSigns())
      tile.signs = from.getSigns().asArrayRef().vec();
    if (from.getDelayed())
      llvm::append_range(tile.delays, from.listDelays());
    for (int64_t output : from.listOutputs())
      tile.outputs.push_back(output - part.getOutputBegin());
    setRows(tile, from.listRows(), from.listOutputs().front() / tiling.getMatrixCols());
    tile.outputBegin = compress(tile.outputs);
    tile.rowBegin = compress(tile.rows);
    return tile;
  }

  /// A group's matrix has only its own channels; the vector that a core gathers has those of all
  /// groups of its part.
  void setRows(CellTile &tile, ArrayRef<int64_t> rows, int64_t group) {
    tile.weightRows.assign(rows.begin(), rows.end());
    int64_t groupChannels = op.getInputChannels() / op.getGroups();
    int64_t partChannels = channelEnd - channelBegin, first = group * groupChannels - channelBegin;
    for (int64_t row : rows)
      tile.rows.push_back(row / groupChannels * partChannels + first + row % groupChannels);
  }

  /// The first of `list`; the list itself is dropped if it is a range.
  static int64_t compress(std::vector<int64_t> &list) {
    int64_t first = list.front();
    for (size_t i = 1; i < list.size(); ++i)
      if (list[i] != first + int64_t(i))
        return first;
    list.clear();
    return first;
  }

  Conv2DOp op;
  TilingAttr tiling;
  PartAttr part;
  int64_t slices;
  int64_t channelBegin = 0, channelEnd = 0;
  std::vector<CellTile> tiles;
};
} // namespace

std::vector<CellTile> mlir::pim::makeTiles(Conv2DOp op, PartAttr part) {
  return TileBuilder(op, part).build();
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

/// The 8x8 bits of eight bytes with rows and columns exchanged (Warren, Hacker's Delight, 7-3).
static uint64_t transpose8(uint64_t x) {
  uint64_t t = (x ^ (x >> 7)) & 0x00AA00AA00AA00AAull;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000CCCC0000CCCCull;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000F0F0F0F0ull;
  return x ^ t ^ (t << 28);
}

using PlaneTables = std::vector<std::array<uint8_t, 256>>;

/// For each stored weight the bits that go into planes 8*chunk and those after it; planes are the
/// bits of the cells of one slice after the other.
static PlaneTables planesOfWeights(SlicingAttr slicing, const CellTile &tile) {
  SmallVector<SlicingAttr::Slice> slices = slicing.getSlices();
  auto [low, high] = slicing.getWeightRange();
  unsigned cellBits = slicing.getCellBits();
  PlaneTables chunks((size_t(tile.sliceCount) * cellBits + 7) / 8);
  for (auto &chunk : chunks)
    chunk.fill(0);
  for (int64_t weight = std::max<int64_t>(low, -128); weight <= std::min<int64_t>(high, 127);
       ++weight)
    for (int64_t slice = 0; slice < tile.sliceCount; ++slice) {
      unsigned cell = slicing.getCell(weight, slices[size_t(tile.sliceBegin + slice)]);
      for (unsigned bit = 0; bit < cellBits; ++bit) {
        size_t plane = size_t(slice) * cellBits + bit;
        chunks[plane / 8][uint8_t(weight)] |= uint8_t((cell >> bit & 1) << plane % 8);
      }
    }
  return chunks;
}

void CellImages::program(Conv2DOp op, PartAttr part, ArrayRef<CellTile> tiles,
                         ArrayRef<char> weights) {
  int64_t matrixRows = op.getMatrixRows();
  std::vector<uint8_t> held;
  std::map<std::pair<int64_t, int64_t>, PlaneTables> tables; // by slices
  for (const CellTile &tile : tiles) {
    auto [found, isNew] = tables.try_emplace({tile.sliceBegin, tile.sliceCount});
    if (isNew)
      found->second = planesOfWeights(op.getSlicingAttr(), tile);
    const PlaneTables &chunks = found->second;
    held.resize(size_t(tile.rowCount));
    for (int64_t output = 0; output < tile.outputCount; ++output) {
      int64_t layerOutput =
          part.getOutputBegin() +
          (tile.outputs.empty() ? tile.outputBegin + output : tile.outputs[size_t(output)]);
      const char *weight = weights.data() + layerOutput * matrixRows;
      for (int64_t row = 0; row < tile.rowCount; ++row)
        held[size_t(row)] =
            uint8_t(tile.stored(int8_t(weight[tile.weightRows[size_t(row)]]), row, output));
      uint64_t *column = &words[(tile.array * cols + tile.colOffset + output * tile.sliceCount) *
                                cellBits * wordsPerPlane];
      for (auto [index, chunk] : llvm::enumerate(chunks)) {
        int64_t planes = std::min<int64_t>(8, tile.sliceCount * cellBits - int64_t(index) * 8);
        programPlanes(column + int64_t(index) * 8 * wordsPerPlane, planes, tile.rowOffset, held,
                      chunk);
      }
    }
  }
}

/// Adds what weights `held` store in up to eight planes, from row `first` on, eight rows at a time.
void CellImages::programPlanes(uint64_t *planes, int64_t count, int64_t first,
                               ArrayRef<uint8_t> held, const std::array<uint8_t, 256> &bitsOf) {
  for (size_t row = 0; row < held.size(); row += 8) {
    uint64_t block = 0;
    for (size_t i = 0; i < std::min<size_t>(8, held.size() - row); ++i)
      block |= uint64_t(bitsOf[held[row + i]]) << (8 * i);
    block = transpose8(block);
    int64_t at = first + int64_t(row), word = at / 64, bit = at % 64;
    for (int64_t plane = 0; plane < count; ++plane, block >>= 8) {
      uint64_t byte = block & 0xFF;
      planes[plane * wordsPerPlane + word] |= byte << bit;
      if (bit > 56 && byte >> (64 - bit))
        planes[plane * wordsPerPlane + word + 1] |= byte >> (64 - bit);
    }
  }
}

int64_t CellTile::stored(int64_t weight, int64_t row, int64_t output) const {
  if (fragmentRows > 0 && signs[size_t(row / fragmentRows * outputCount + output)])
    weight = -weight;
  // What moves up by the delay and the shift is a multiple of 2^(delay + shift).
  return weight >> (shift + (delays.empty() ? 0 : delays[size_t(row)]));
}

void CellImages::setBit(int64_t array, int64_t row, int64_t col, bool bit) {
  uint64_t &word = words[size_t((array * cols + col) * cellBits * wordsPerPlane + row / 64)];
  uint64_t mask = uint64_t(1) << (row % 64);
  word = bit ? word | mask : word & ~mask;
}

unsigned CellImages::cell(int64_t array, int64_t row, int64_t col) const {
  const uint64_t *column = &words[(array * cols + col) * cellBits * wordsPerPlane];
  unsigned value = 0;
  for (unsigned bit = 0; bit < cellBits; ++bit)
    value |= unsigned(column[bit * wordsPerPlane + row / 64] >> (row % 64) & 1) << bit;
  return value;
}
