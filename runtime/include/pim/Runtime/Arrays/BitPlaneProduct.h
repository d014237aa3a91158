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
//   sum = sum over rows of x_t * cell, x_t being a digit of input << delay of the row,   code =
//   clamp(floor(sum/lsb + 1/2), 0, 2^bits - 1) * lsb result[output] += (+-) code << (slice shift +
//   t*dacBits)
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

namespace pim::runtime {

/// Sixteen columns worth (+-) 2^shift each, that belong to results from `result` on.
struct ColumnBlock {
  uint32_t result;
  uint8_t shift;
  bool negative;
};

/// The converters of a crossbar.
struct ConverterSpec {
  unsigned adcBits = 8;
  uint32_t adcLsb = 1;
  unsigned dacBits = 1;
  uint32_t activeRows = 128;

  /// Largest sum that is converted without error.
  uint64_t exactLimit() const { return adcLsb == 1 ? (uint64_t(1) << adcBits) - 1 : 0; }
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
  /// Columns that see the same rows at the same time, 16 by 16; the columns of a block are worth
  /// the same.
  struct RowBlock {
    std::vector<uint32_t> rows;  ///< matrix rows
    std::vector<uint8_t> delays; ///< of their inputs
    unsigned mostDelay = 0, steps = 0;
    bool isContiguous = false;
    size_t words = 0;              ///< lanes' worth of rows
    std::vector<uint32_t> outputs; ///< of results 0, 1, ...
    bool hasContiguousOutputs = false;
    std::vector<ColumnBlock> blocks;
    bool isWide = false; ///< lanes of 32 bits
    size_t vectors = 0, lanes = 0;
    AlignedBuffer<uint8_t> cells; ///< [vector][cell bit][word][lane]
  };

  RowBlock makeRowBlock(const fb::ArrayGroupT &group, const CellImages &cells,
                        std::span<const PhysicalArray *const> arrays,
                        std::span<const PhysicalArray::Row> rows) const;
  void addBlock(const RowBlock &block, InputVectors inputs, OutputVectors outputs,
                ArrayScratch &scratch) const;

  ConverterSpec converters;
  unsigned cellBits, inputBits;
  int32_t weightScale;
  std::vector<RowBlock> rowBlocks;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_BITPLANEPRODUCT_H
