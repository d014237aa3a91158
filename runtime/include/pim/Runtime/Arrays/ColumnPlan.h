//===- ColumnPlan.h - which columns are summed together --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the engines that work column by column share: rows that are raised together, columns in the
// order in which they are added up, and the digital side that splices and adds them.
//
// Tested through runtime/tests/Arrays/BitPlaneProductTest.cpp and AnalogProductTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_COLUMNPLAN_H
#define PIM_RUNTIME_ARRAYS_COLUMNPLAN_H

#include "pim/Runtime/Arrays/ArrayKind.h"

#include <functional>

namespace pim::runtime {

/// Columns are spliced in blocks of this many.
inline constexpr size_t blockColumns = 16;

/// Sixteen columns of one slice, worth (+-) 2^shift each, that belong to results from `result` on.
struct ColumnBlock {
  uint32_t result;
  uint32_t slice; ///< of fb::ArrayGroupT::slices
  uint8_t shift;
  bool negative;
};

/// A column of a physical array, or a place that no column takes.
struct CellColumn {
  uint32_t array = 0, column = 0;
  uint8_t phase = 0;
  bool isRead = false;
  bool isFlipped = false; ///< holds the complements of its digits
};

/// Which columns hold complements.
using ColumnPredicate = std::function<bool(uint32_t array, uint32_t column)>;

/// Rows that are raised at the same time, and the arrays that raise exactly these for the same
/// inputs.
struct RowSet {
  std::vector<PhysicalArray::Row> rows;
  std::vector<const PhysicalArray *> arrays;
};

/// The driven rows of an array, `activeRows` neighbours at most at a time.
std::vector<std::vector<PhysicalArray::Row>> activeSets(const PhysicalArray &array,
                                                        uint32_t activeRows);

/// Arrays whose rows are driven alike share a set.
std::vector<RowSet> rowSets(std::span<const PhysicalArray> arrays, uint32_t activeRows);

/// The columns of arrays in blocks.
struct ColumnPlan {
  std::vector<uint32_t> outputs; ///< of results 0, 1, ...
  bool hasContiguousOutputs = true;
  std::vector<ColumnBlock> blocks;
  std::vector<CellColumn> places; ///< blockColumns for each block
  /// Of each result: what the sum of the inputs is worth because of flipped columns. Empty if none
  /// is flipped.
  std::vector<int32_t> flipWorth;
};

/// A block is sixteen neighbouring results of columns that are worth the same; a result that two
/// arrays share has two blocks.
ColumnPlan planColumns(const fb::ArrayGroupT &group, std::span<const PhysicalArray *const> arrays,
                       const ColumnPredicate &isFlipped = {});

/// The sum of the digits of some rows of a column.
uint64_t sumOfDigits(const CellImages &cells, std::span<const PhysicalArray::Row> rows,
                     uint32_t array, uint32_t column);

/// The columns of flip coding: those whose digits sum up to more than half of what they could.
/// Their complements sum up to less than half, so the largest sum needs one bit less; the digital
/// side takes the converted sum from the largest digit times the sum of the inputs. Source: ISAAC
/// (Shafiee et al., ISCA 2016).
ColumnPredicate flippedColumns(const CellImages &cells, std::span<const PhysicalArray::Row> rows);

/// The digit that a cell of a planned column holds.
unsigned storedDigit(const CellImages &cells, const CellColumn &place, uint32_t row);

/// The matrix rows that drive a set.
class DrivenRows {
public:
  explicit DrivenRows(std::span<const PhysicalArray::Row> rows);

  size_t count() const { return sources.size(); }
  /// Bit-steps by which the input of each row comes late.
  std::span<const uint8_t> delays() const { return lateness; }
  unsigned mostDelay() const { return most; }
  /// Input steps until the last bit of the last row has come.
  unsigned steps(unsigned inputBits, unsigned dacBits) const {
    return (inputBits + most + dacBits - 1) / dacBits;
  }
  /// Their inputs, one after the other; in scratch.bytes where they are not already.
  InputVectors select(InputVectors inputs, ArrayScratch &scratch) const;

private:
  std::vector<uint32_t> sources;
  std::vector<uint8_t> lateness;
  unsigned most = 0;
  bool isContiguous;
};

/// Adds `scale` times what flipped columns are worth; `driven` are the inputs of `rows`.
void addFlipWorth(const ColumnPlan &plan, InputVectors driven, const DrivenRows &rows,
                  int32_t scale, OutputVectors outputs);

/// Adds `scale` times the spliced columns to the outputs. sums[p*columnStride + column] holds lanes
/// of 32 bits, if `isWide`, or of 16.
void spliceAndAdd(const ColumnPlan &plan, const void *sums, bool isWide, size_t columnStride,
                  int32_t scale, size_t count, OutputVectors outputs, ArrayScratch &scratch);

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_COLUMNPLAN_H
