//===- TilePlan.h - what the arrays of a layer hold ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The matrix of a layer cut into blocks of at most as many rows and outputs as an array has, zeros
// left out: rows that no output of a block weighs, outputs without weights, slices without ones.
// pim-tile makes tiles of the blocks as they are, pim-squeeze-out takes planes from them first.
// Equations in docs/mapping.md, section 4. Tested by test/Dialect/PIM/tile-zeros.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_TILEPLAN_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_TILEPLAN_H

#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "pim/Dialect/PIM/Transforms/MappingTarget.h"

#include <array>
#include <vector>

namespace mlir::pim {

/// A rectangle of cells: rows of a group's matrix by outputs of the layer.
struct BlockMember {
  std::vector<int64_t> rows, outputs;
  int64_t rowOffset = 0, colOffset = 0; ///< the latter in outputs
  std::vector<int64_t> delayed;         ///< of rows
};

/// What shares the rows and columns of an array: one member, or whole groups along the diagonal.
struct CellBlock {
  std::vector<BlockMember> members;
  int64_t column = 0; ///< blocks with the same outputs have the same number
  /// Planes taken out, and how that is made good: all cells count 2^shift times, or those of the
  /// members' delayed rows 2^delay times.
  int64_t squeeze = 0, shift = 0, delay = 0;
};

struct StackPlan {
  int64_t outputEnd = 0;
  std::vector<CellBlock> blocks;
};

class TilePlan {
public:
  /// REQUIRES: `op` has a slicing that fits the columns of an array; `weights` are its bytes.
  TilePlan(Conv2DOp op, ArrayRef<char> weights, const MappingTarget &target);

  /// Cuts the matrix. With `order`, which lists the outputs, neighbours in the list share blocks
  /// where the stack that they make stays inside a core.
  void cut(ArrayRef<int64_t> order = {});
  /// The tiling that the stacks ask for; plain where that is the grid of a dense matrix.
  /// `weights` are what the cells hold.
  TilingAttr tiling(ArrayRef<char> weights) const;

  /// Arrays of a block that gives up `squeeze` planes, each slice in one of its own.
  int64_t countArrays(const CellBlock &block, ArrayRef<char> weights, int64_t squeeze) const;

  std::vector<StackPlan> stacks;
  /// Whether whole groups share arrays.
  bool packsGroups = true;

  /// Of polarized weights, whole fragments.
  int64_t tileRows() const { return target.matrixRows / fragmentRows * fragmentRows; }
  int64_t tileCols() const { return outputsPerTile; }

private:
  void cutGroup(int64_t group, ArrayRef<int64_t> order);
  bool addToDiagonal(int64_t group, BlockMember &member);
  void addColumn(StackPlan &stack, ArrayRef<int64_t> outputs, ArrayRef<int64_t> rows);
  std::vector<int64_t> usedRows(ArrayRef<int64_t> outputs) const;
  int64_t weightOf(ArrayRef<char> weights, int64_t row, int64_t output) const {
    return int8_t(weights[size_t(output * matrixRows + row)]);
  }

  // Tiles of a stack, with the arrays they take.
  StackAttr makeStack(const StackPlan &stack, ArrayRef<char> weights) const;
  void addBlock(const CellBlock &block, ArrayRef<char> weights, SmallVectorImpl<TileAttr> &tiles,
                int64_t &arrays) const;
  bool addPlanes(ArrayRef<const CellBlock *> column, ArrayRef<char> weights,
                 SmallVectorImpl<TileAttr> &tiles, int64_t &arrays) const;
  uint32_t slicesOf(const CellBlock &block, const BlockMember &member, int64_t row,
                    ArrayRef<char> weights) const;
  TileAttr makeTile(const CellBlock &block, const BlockMember &member, ArrayRef<char> weights,
                    int64_t array, int64_t slice, int64_t count) const;
  DenseI64ArrayAttr signsOf(const BlockMember &member, ArrayRef<char> weights) const;

  mutable Conv2DOp op; ///< op classes have no const accessors
  ArrayRef<char> weights;
  const MappingTarget &target;
  SlicingAttr slicing;
  int64_t matrixRows, perGroup;
  int64_t fragmentRows; ///< that share a sign; 1 where none do
  /// Slices that any weight uses, in neighbouring columns; all where each has an array.
  int64_t sliceBegin = 0, sliceCount = 0;
  int64_t outputsPerTile = 0;
  bool hasOffset;
  bool isDense = true;                      ///< so far nothing has been left out
  std::array<uint32_t, 256> slicesOfWeight; ///< a bit for each slice that is not 0
  std::vector<uint8_t> isUsedOutput;
  int64_t nextColumn = 0;
};

/// A list as ranges [begin, end, begin, end, ...].
DenseI64ArrayAttr rangesOf(MLIRContext *context, ArrayRef<int64_t> list);

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_TILEPLAN_H
