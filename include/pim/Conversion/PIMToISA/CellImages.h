//===- CellImages.h - what the cells of arrays hold ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the weights of a convolution, its slicing and its tiling: the rectangles of cells (tiles) in
// the arrays of a core, and the bits to program. unittests/Dialect/PIM/CellImagesTest.cpp decodes
// them back into the weights.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_CONVERSION_PIMTOISA_CELLIMAGES_H
#define PIM_CONVERSION_PIMTOISA_CELLIMAGES_H

#include "pim/Dialect/PIM/IR/PIMDialect.h"

#include <array>
#include <vector>

namespace mlir::pim {

/// A rectangle of cells, as the Tile of pim/Program/Program.fbs. Rows are rows of the part's matrix
/// (taps times the part's input channels), outputs count from the part's first.
struct CellTile {
  int64_t array = 0; ///< ordinal in the core
  int64_t rowOffset = 0, rowCount = 0;
  int64_t colOffset = 0, outputCount = 0;
  int64_t rowBegin = 0;
  std::vector<int64_t> rows; ///< empty: rowBegin and those that follow
  int64_t outputBegin = 0;
  std::vector<int64_t> outputs; ///< empty: outputBegin and those that follow
  int64_t sliceBegin = 0, sliceCount = 0;
  std::vector<int64_t> delays; ///< empty: none
  int64_t shift = 0, phase = 0, fragmentRows = 0;
  std::vector<int64_t> signs;
  /// Where the weights come from: rows of the group's matrix.
  std::vector<int64_t> weightRows;

  /// The part of `weight`, of row `row` and output `output` of the tile, that its cells hold.
  int64_t stored(int64_t weight, int64_t row, int64_t output) const;
};

/// The cells of all arrays of one core, bit-packed as programmed: for each array, column and cell
/// bit ceil(rows/64) little-endian words with row r at bit r.
class CellImages {
public:
  CellImages(int64_t rows, int64_t cols, unsigned cellBits)
      : rows(rows), cols(cols), cellBits(cellBits), wordsPerPlane((rows + 63) / 64) {}

  /// Makes room for the arrays 0 to `count`-1, erased.
  void resize(int64_t count) { words.resize(size_t(count * wordsPerArray())); }
  int64_t arrays() const { return int64_t(words.size()) / wordsPerArray(); }

  /// Programs the weights of `part` into the cells of `tiles`. REQUIRES: `weights` holds the bytes
  /// of op.getWeights(), `tiles` come from makeTiles(op, part), and the arrays exist.
  void program(Conv2DOp op, PartAttr part, ArrayRef<CellTile> tiles, ArrayRef<char> weights);

  /// Programs one cell of one bit.
  void setBit(int64_t array, int64_t row, int64_t col, bool bit);

  /// What the cell at (row, col) of `array` holds.
  unsigned cell(int64_t array, int64_t row, int64_t col) const;

  ArrayRef<char> bytes() const {
    return {reinterpret_cast<const char *>(words.data()), words.size() * sizeof(uint64_t)};
  }

private:
  void programPlanes(uint64_t *planes, int64_t count, int64_t first, ArrayRef<uint8_t> held,
                     const std::array<uint8_t, 256> &bitsOf);
  int64_t wordsPerArray() const { return cols * cellBits * wordsPerPlane; }

  int64_t rows, cols;
  unsigned cellBits;
  int64_t wordsPerPlane;
  std::vector<uint64_t> words;
};

/// The tiles of the arrays that `part` of the layer of `op` occupies. REQUIRES: `op` has a slicing
/// and a tiling, and the part begins and ends at stacks.
std::vector<CellTile> makeTiles(Conv2DOp op, PartAttr part);

} // namespace mlir::pim

#endif // PIM_CONVERSION_PIMTOISA_CELLIMAGES_H
