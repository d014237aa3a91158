//===- IntegerProduct.h - the exact product of a group ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a set of arrays computes when nothing is lost on the way: an integer matrix product with the
// weights that their cells decode to. Matrices that fall apart into blocks (grouped and depthwise
// convolutions) are computed block by block.
//
// Tested by runtime/tests/Arrays/IntegerProductTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_INTEGERPRODUCT_H
#define PIM_RUNTIME_ARRAYS_INTEGERPRODUCT_H

#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Runtime/Arrays/ByteGemm.h"

#include <optional>

namespace pim::runtime {

/// A matrix of integers, row by row.
struct WeightMatrix {
  size_t rows = 0, cols = 0;
  std::vector<int32_t> entries;

  int32_t &at(size_t row, size_t col) { return entries[row * cols + col]; }
  int32_t at(size_t row, size_t col) const { return entries[row * cols + col]; }
};

/// The weights that `arrays` (some or all of those of `group`) hold, without weightOffset.
WeightMatrix decodeWeights(const fb::ArrayGroupT &group, const CellImages &cells,
                           std::span<const PhysicalArray> arrays);

/// Adds the part of the weights that is not in cells.
void addOffsets(WeightMatrix &weights, const fb::ArrayGroupT &group);

class IntegerProduct {
public:
  explicit IntegerProduct(const WeightMatrix &weights);

  /// As ProgrammedGroup::multiply.
  void multiply(InputVectors inputs, OutputVectors outputs, bool accumulate,
                ArrayScratch &scratch) const;

private:
  /// Output o is the sum over taps t of weight[t][o] * input[t*period + shift + o].
  struct Diagonal {
    size_t taps = 0, period = 0, shift = 0, stride = 0;
    AlignedBuffer<int16_t> weights;
  };
  /// Some rows and some outputs that depend on no others.
  struct Block {
    std::vector<uint32_t> rows, outputs;
    ByteGemm gemm;
  };

  static std::optional<Diagonal> matchDiagonal(const WeightMatrix &weights, size_t period,
                                               size_t shift);
  static std::optional<Diagonal> findDiagonal(const WeightMatrix &weights);
  static std::vector<Block> findBlocks(const WeightMatrix &weights);
  void multiplyDiagonal(InputVectors inputs, OutputVectors outputs, bool accumulate) const;
  void multiplyBlocks(InputVectors inputs, OutputVectors outputs, bool accumulate,
                      ArrayScratch &scratch) const;

  size_t rowCount, colCount;
  std::optional<Diagonal> diagonal;
  std::vector<Block> blocks;
  std::optional<ByteGemm> dense;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_INTEGERPRODUCT_H
