//===- ArrayPacking.h - rectangles of cells in few arrays ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Packs rectangles into arrays of equal size, cutting them between outputs where that fills a gap,
// and between rows where that saves an array. Tallest first, each where it leaves least, over free
// rectangles that are cut in two by every placement (the guillotine heuristic; Jylänki, "A Thousand
// Ways to Pack the Bin", 2010). Tested by
// unittests/Dialect/PIM/ArrayPackingTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_ARRAYPACKING_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_ARRAYPACKING_H

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mlir::pim {

/// `outputs` columns of `width` cells each, `rows` high. `owner` is driven at once by what it
/// reads.
struct PackItem {
  int64_t owner, rows, outputs, width;
  bool isDivisible = true; ///< may be cut between outputs
  bool mayCutRows = false; ///< may be cut between rows
};

/// The outputs [begin, end) and the rows [rowBegin, rowEnd) of an item, from (row, col) of `array`
/// on.
struct PackPlace {
  size_t item;
  int64_t begin, end, array, row, col, rowBegin, rowEnd;
};

class ArrayPacking {
public:
  /// Owners have at most `mostPieces` pieces in one array.
  ArrayPacking(int64_t rows, int64_t cols, int64_t mostArrays, int64_t mostPieces)
      : rows(rows), cols(cols), mostArrays(mostArrays), mostPieces(mostPieces) {}

  /// Places for all items, or nothing if they need more than the most arrays.
  std::optional<std::vector<PackPlace>> pack(std::span<const PackItem> items);
  /// Of the last pack().
  int64_t arrays() const { return opened; }

private:
  struct Free {
    int64_t array, row, col, rows, cols;
  };
  /// What is still to be placed of an item.
  struct Piece {
    int64_t begin, end, rowBegin, rowEnd;
    int64_t outputs() const { return end - begin; }
    int64_t rows() const { return rowEnd - rowBegin; }
  };
  bool placeItem(size_t index, const PackItem &item);
  /// The free rectangle to put a piece of an item in, with as many outputs as it takes of it; -1 if
  /// none is worth it.
  int64_t choose(const PackItem &item, const Piece &piece, int64_t &taken) const;
  /// The free rectangle that takes most rows of all outputs of a piece; -1 if none takes enough.
  int64_t chooseForRows(const PackItem &item, const Piece &piece) const;
  void occupy(size_t free, int64_t rows, int64_t cols);
  int64_t &piecesOf(int64_t owner, int64_t array);
  int64_t piecesOf(int64_t owner, int64_t array) const;

  int64_t rows, cols, mostArrays, mostPieces, opened = 0;
  std::vector<Free> free;
  std::vector<PackPlace> places;
  std::vector<std::vector<std::pair<int64_t, int64_t>>> pieces; ///< by array: owner, pieces
};

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_ARRAYPACKING_H
