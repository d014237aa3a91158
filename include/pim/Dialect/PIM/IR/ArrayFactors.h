//===- ArrayFactors.h - arrays after each step of the mapping --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which step of the mapping saves how many arrays of a layer, against stated baselines: every
// weight of 16 or 8 bits stored, its slices in neighbouring columns of one polarity (as ISAAC has
// them), no two groups in one array. Tested by test/Dialect/PIM/tile-zeros.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_IR_ARRAYFACTORS_H
#define PIM_DIALECT_PIM_IR_ARRAYFACTORS_H

#include "pim/Dialect/PIM/IR/PIMDialect.h"

namespace mlir::pim {

struct ArrayFactors {
  int64_t dense16 = 0; ///< dense, weights of 16 bits
  int64_t dense = 0;   ///< dense, weights of 8 bits
  int64_t pruned = 0;  ///< 8 bits, without the rows and outputs that are zero
  int64_t sliced = 0;  ///< with the layer's own bits and layout, without empty planes
  int64_t squeezed = 0;
  int64_t ordered = 0; ///< of those that `sliced` saves, what another order of the outputs does
  int64_t packed = 0;  ///< with groups and edges that share arrays: what the layer occupies

  ArrayFactors &operator+=(const ArrayFactors &other);

  /// Of a layer whose op has been tiled for arrays of `rows` x `cols` cells.
  static ArrayFactors of(Conv2DOp op, int64_t rows, int64_t cols);
  /// Keeps on `op` what only the passes know: `pruned`, `sliced`, `squeezed` and `ordered`.
  void attach(Conv2DOp op) const;
};

/// Arrays of a dense matrix with `slices` neighbouring columns for each weight.
int64_t countDenseArrays(Conv2DOp op, int64_t rows, int64_t cols, int64_t slices);

/// The same without rows and outputs of zeros; those of each array are compacted for themselves.
int64_t countCompactArrays(Conv2DOp op, ArrayRef<char> weights, int64_t rows, int64_t cols,
                           int64_t slices);

/// Cells that the tiles of `op` occupy.
int64_t countCells(Conv2DOp op);

} // namespace mlir::pim

#endif // PIM_DIALECT_PIM_IR_ARRAYFACTORS_H
