//===- CellImages.cpp - what the cells of arrays hold ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Conversion/PIMToISA/CellImages.h"

#include <algorithm>
#include <array>

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
      auto [begin, end] = tiling.getStackOutputs(stack);
      if (begin < part.getOutputBegin() || begin >= part.getOutputEnd())
        continue;
      addStack(array, begin, end);
      array += tiling.getStackArrays();
    }
    return std::move(tiles);
  }

private:
  void addStack(int64_t firstArray, int64_t begin, int64_t end) {
    int64_t planes = tiling.getPlanes(), slicesPerTile = slices / planes,
            perGroup = tiling.getMatrixCols();
    // One group, or several whole ones along the diagonal.
    for (int64_t output = begin; output < end;) {
      int64_t group = output / perGroup, groupEnd = std::min(end, (group + 1) * perGroup);
      int64_t diagonal = (output - begin) / perGroup;
      for (int64_t rowTile = 0; rowTile < tiling.getRowTiles(); ++rowTile)
        for (int64_t plane = 0; plane < planes; ++plane) {
          CellTile tile;
          tile.array = firstArray + rowTile * planes + plane;
          tile.weightRow = rowTile * tiling.getTileRows();
          tile.rowCount = std::min(tiling.getTileRows(), tiling.getMatrixRows() - tile.weightRow);
          tile.rowOffset = diagonal * tiling.getMatrixRows();
          tile.outputBegin = output - part.getOutputBegin();
          tile.outputCount = groupEnd - output;
          tile.colOffset = diagonal * perGroup * slicesPerTile;
          tile.sliceBegin = plane * slicesPerTile;
          tile.sliceCount = slicesPerTile;
          setRows(tile, group);
          tiles.push_back(std::move(tile));
        }
      output = groupEnd;
    }
  }

  /// A group's matrix has only its own channels; the vector that a core gathers has those of all
  /// groups of its part.
  void setRows(CellTile &tile, int64_t group) {
    int64_t groupChannels = op.getInputChannels() / op.getGroups();
    int64_t partChannels = channelEnd - channelBegin, first = group * groupChannels - channelBegin;
    if (groupChannels == partChannels) {
      tile.rowBegin = tile.weightRow;
      return;
    }
    for (int64_t row = tile.weightRow; row < tile.weightRow + tile.rowCount; ++row)
      tile.rows.push_back(row / groupChannels * partChannels + first + row % groupChannels);
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

void CellImages::program(Conv2DOp op, PartAttr part, ArrayRef<CellTile> tiles,
                         ArrayRef<char> weights) {
  SlicingAttr slicing = op.getSlicingAttr();
  SmallVector<SlicingAttr::Slice> slices = slicing.getSlices();
  auto [low, high] = slicing.getWeightRange();
  // What a cell holds depends on the weight and the slice alone.
  std::vector<std::array<uint8_t, 256>> cellOf(slices.size());
  for (size_t slice = 0; slice < slices.size(); ++slice)
    for (int64_t weight = std::max<int64_t>(low, -128); weight <= std::min<int64_t>(high, 127);
         ++weight)
      cellOf[slice][uint8_t(weight)] = uint8_t(slicing.getCell(weight, slices[slice]));

  int64_t matrixRows = op.getMatrixRows();
  for (const CellTile &tile : tiles) {
    for (int64_t output = 0; output < tile.outputCount; ++output) {
      int64_t layerOutput = part.getOutputBegin() + tile.outputBegin + output;
      const char *weight = weights.data() + layerOutput * matrixRows + tile.weightRow;
      for (int64_t slice = 0; slice < tile.sliceCount; ++slice) {
        int64_t col = tile.colOffset + output * tile.sliceCount + slice;
        uint64_t *column = &words[(tile.array * cols + col) * cellBits * wordsPerPlane];
        const std::array<uint8_t, 256> &cells = cellOf[tile.sliceBegin + slice];
        for (int64_t row = 0; row < tile.rowCount; ++row) {
          uint64_t value = cells[uint8_t(weight[row])];
          int64_t at = tile.rowOffset + row;
          for (unsigned bit = 0; value != 0; ++bit, value >>= 1)
            column[bit * wordsPerPlane + at / 64] |= (value & 1) << (at % 64);
        }
      }
    }
  }
}

unsigned CellImages::cell(int64_t array, int64_t row, int64_t col) const {
  const uint64_t *column = &words[(array * cols + col) * cellBits * wordsPerPlane];
  unsigned value = 0;
  for (unsigned bit = 0; bit < cellBits; ++bit)
    value |= unsigned(column[bit * wordsPerPlane + row / 64] >> (row % 64) & 1) << bit;
  return value;
}
