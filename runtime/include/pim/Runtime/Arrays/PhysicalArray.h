//===- PhysicalArray.h - which cells hold which weights --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The view of an array group (Program.fbs) that every array kind starts from: for each physical
// array which matrix row drives each of its rows and which slice of which output each of its
// columns holds.
//
// Tested by runtime/tests/Arrays/PhysicalArrayTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_PHYSICALARRAY_H
#define PIM_RUNTIME_ARRAYS_PHYSICALARRAY_H

#include "pim/Program/Program.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pim::runtime {

/// The cells of the arrays of a core, by ordinal. Borrows the words.
struct CellImages {
  std::span<const uint64_t> words;
  program::CellLayout layout;

  /// Rows 64*index to 64*index + 63 of one bit of a column.
  uint64_t word(uint32_t array, uint32_t column, unsigned bit, size_t index) const {
    return words[array * layout.words() + layout.planeOffset(column, bit) + index];
  }
  /// The digit that one cell holds.
  unsigned cell(uint32_t array, uint32_t row, uint32_t column) const;
};

/// What a physical array does at once as its group uses it: of the tiles of one phase, or of one
/// fragment of rows where tiles have signs by fragment.
struct PhysicalArray {
  struct Row {
    uint32_t row;      ///< of the array
    uint32_t source;   ///< the matrix row that drives it
    uint8_t delay = 0; ///< bit-steps that the input comes late: it counts 2^delay times
    bool operator==(const Row &) const = default;
  };
  struct Column {
    uint32_t column;      ///< of the array
    uint32_t output;      ///< the matrix column that it adds to
    uint32_t slice;       ///< of fb::ArrayGroupT::slices
    uint8_t shift = 0;    ///< it counts 2^shift times what its slice says
    bool negated = false; ///< and with the opposite sign
    bool operator==(const Column &) const = default;
  };
  uint32_t ordinal = 0;
  uint8_t phase = 0;
  std::vector<Row> rows;       ///< that are driven, ascending
  std::vector<Column> columns; ///< that are read, ascending

  uint8_t mostDelay() const;
};

/// What a cell of one bit in `column` is worth: 2^first, counted negative if `second`.
std::pair<unsigned, bool> columnWorth(const fb::ArrayGroupT &group,
                                      const PhysicalArray::Column &column);

/// The digital correction for affine weights: weight_offset times the sum of the inputs of `rows`
/// belongs to each of `outputs`.
struct OffsetTerm {
  std::vector<uint32_t> rows;
  std::vector<uint32_t> outputs;
};

/// The arrays that `group` uses, by ordinal; one that is driven in several phases appears once for
/// each. A column sums over every driven row of its phase, whichever tile named the row. REQUIRES:
/// the group has been verified (program::verify). Throws pim::Error if two tiles contradict each
/// other about what a row or a column means, or the inputs have more bits than are simulated.
std::vector<PhysicalArray> physicalArrays(const fb::ArrayGroupT &group);

/// The matrix row that drives row `r` of a tile, and the matrix column that its output `o` belongs
/// to.
uint32_t matrixRow(const fb::TileT &tile, uint32_t r);
uint32_t matrixColumn(const fb::TileT &tile, uint32_t o);

/// How much of an array its group uses: what timing and energy count with.
struct ArrayUse {
  uint32_t ordinal;
  uint32_t rows, columns;
  uint32_t rowSets;       ///< times that rows are raised to have raised all phases, `activeRows`
                          ///< neighbours at most at a time
  uint32_t mostDelay = 0; ///< bit-steps by which inputs come late
};
std::vector<ArrayUse> arrayUses(const fb::ArrayGroupT &group, uint32_t activeRows);

/// One term for each different set of outputs; none if weight_offset is 0.
std::vector<OffsetTerm> offsetTerms(const fb::ArrayGroupT &group);

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_PHYSICALARRAY_H
