//===- BitPlaneProduct.h - column sums through an ADC ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What bit-sliced columns compute when their converter clips or quantizes. For every input step t
// of `dacBits` bits and every column, over at most `activeRows` rows at a time:
//
//   sum = sum over rows of x_t * cell,   code = clamp(floor(sum/lsb + 1/2), 0, 2^bits - 1) * lsb
//   result[output] += (+-) code << (shift of the column + t*dacBits)
//
// x_t being digit t of input << delay of the row.
//
// Sums are counted on bit planes: 16 (or 32) rows of a column are one lane of a vector, so one AND,
// one population count and one add stand for rows x columns one-bit products.
//
// Tested by runtime/tests/Arrays/BitPlaneProductTest.cpp against a reference that visits every
// cell.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_BITPLANEPRODUCT_H
#define PIM_RUNTIME_ARRAYS_BITPLANEPRODUCT_H

#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Runtime/Arrays/ColumnPlan.h"

#include <algorithm>

namespace pim::runtime {

/// The converters of a crossbar.
struct ConverterSpec {
  unsigned adcBits = 8;
  uint32_t adcLsb = 1;
  unsigned dacBits = 1;
  uint32_t activeRows = 128;
  /// Resolution for slice 0, 1, ... where it is less than adcBits, the last one for those beyond;
  /// empty: adcBits.
  std::vector<uint8_t> bitsBySlice = {};
  bool flipsColumns = false; ///< see flippedColumns()

  unsigned bitsOf(uint32_t slice) const {
    if (bitsBySlice.empty())
      return adcBits;
    return std::min<unsigned>(adcBits,
                              bitsBySlice[std::min<size_t>(slice, bitsBySlice.size() - 1)]);
  }

  /// Largest sum that is converted without error.
  uint64_t exactLimit(uint32_t slice) const {
    return adcLsb == 1 ? (uint64_t(1) << bitsOf(slice)) - 1 : 0;
  }
};

/// Whether every sum that the driven rows and the cells of `array` can make is converted without
/// error.
bool convertsExactly(const PhysicalArray &array, const fb::ArrayGroupT &group,
                     const CellImages &cells, const ConverterSpec &converters);

class BitPlaneProduct {
public:
  /// Of `arrays`, some or all of those of `group`, without weightOffset. Throws pim::Error if a
  /// column sum may leave 32 bits.
  BitPlaneProduct(const fb::ArrayGroupT &group, const CellImages &cells,
                  std::span<const PhysicalArray> arrays, const ConverterSpec &converters);

  /// Adds to the outputs.
  void addTo(InputVectors inputs, OutputVectors outputs, ArrayScratch &scratch) const;

private:
  /// Columns that see the same rows at the same time.
  struct RowBlock {
    DrivenRows rows;
    unsigned steps = 0;
    size_t words = 0; ///< lanes' worth of rows
    ColumnPlan plan;
    bool isWide = false; ///< lanes of 32 bits
    size_t vectors = 0, lanes = 0;
    AlignedBuffer<uint8_t> cells{};  ///< [vector][cell bit][word][lane]
    AlignedBuffer<uint8_t> limits{}; ///< [vector][lane], largest codes
  };

  RowBlock makeRowBlock(const fb::ArrayGroupT &group, const CellImages &cells,
                        const RowSet &set) const;
  void fillCells(RowBlock &block, const CellImages &cells, const RowSet &set) const;
  void fillLimits(RowBlock &block) const;
  void addBlock(const RowBlock &block, InputVectors inputs, OutputVectors outputs,
                ArrayScratch &scratch) const;

  ConverterSpec converters;
  unsigned cellBits, inputBits;
  int32_t weightScale;
  std::vector<RowBlock> rowBlocks;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_BITPLANEPRODUCT_H
