//===- MappedMatrix.h - weights on arrays, for tests -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Puts a matrix of weights on arrays as a compiler would, in every scheme of docs/numerics.md, and
// computes what an ideal and what a lossy crossbar make of it by visiting one cell after the other.
// Linked into tests alone.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TESTS_SUPPORT_MAPPEDMATRIX_H
#define PIM_RUNTIME_TESTS_SUPPORT_MAPPEDMATRIX_H

#include "pim/Runtime/Arrays/BitPlaneProduct.h"
#include "pim/Runtime/Arrays/IntegerProduct.h"

#include <random>

namespace pim::runtime::testing {

enum class Sign { Offset, TwosComplement, Differential };

struct MappingOptions {
  Sign sign = Sign::Offset;
  unsigned weightBits = 8;
  unsigned cellBits = 1;
  unsigned inputBits = 8;
  bool slicesInArrays = false; ///< each slice in an array of its own
  uint32_t arrayRows = 128, arrayColumns = 128;
};

struct MappedMatrix {
  WeightMatrix weights;
  fb::ArrayGroupT group;
  std::vector<uint64_t> words;
  program::CellLayout layout;
  uint32_t arrays = 0;

  CellImages cells() const { return {words, layout}; }
  void setCell(uint32_t array, uint32_t row, uint32_t column, unsigned digit);
};

/// Weights from -2^(bits-1) to 2^(bits-1)-1, or -1 and 1 for one bit.
WeightMatrix randomWeights(std::mt19937 &random, size_t rows, size_t cols, unsigned bits);

/// `rows` x `cols` weights in tiles from the first array on.
MappedMatrix mapMatrix(const WeightMatrix &weights, const MappingOptions &options);

/// A matrix of 140 rows and 6 columns whose tile has late inputs, a shift and, if `fragmentRows` is
/// not 0, signs by fragment, in two phases.
MappedMatrix mapOddly(std::mt19937 &random, uint32_t fragmentRows);

/// `count` vectors of `rows` random inputs, with the slack that products may read.
AlignedBuffer<uint8_t> randomInputs(std::mt19937 &random, size_t count, size_t rows, unsigned bits);

/// The integer product.
std::vector<int32_t> plainProduct(const WeightMatrix &weights, const uint8_t *inputs, size_t count);

/// What the formula of BitPlaneProduct.h says, cell by cell, plus the offset of the weights.
std::vector<int32_t> lossyProduct(const MappedMatrix &matrix, const ConverterSpec &converters,
                                  const uint8_t *inputs, size_t count);

} // namespace pim::runtime::testing

#endif // PIM_RUNTIME_TESTS_SUPPORT_MAPPEDMATRIX_H
