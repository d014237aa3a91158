//===- TilingAttrs.cpp - tiles, stacks and tilings -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the arrays of a layer hold. The equations are in docs/mapping.md; negative tests in
// test/Dialect/PIM/attrs-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::pim;

//===----------------------------------------------------------------------===//
// tile and stack
//===----------------------------------------------------------------------===//

/// The number of indices in a list of ranges; nothing if it is not one.
static std::optional<int64_t> countRanges(DenseI64ArrayAttr ranges) {
  ArrayRef<int64_t> bounds = ranges.asArrayRef();
  if (bounds.size() % 2 != 0)
    return std::nullopt;
  int64_t count = 0;
  for (size_t i = 0; i < bounds.size(); i += 2) {
    if (bounds[i] < 0 || bounds[i + 1] <= bounds[i])
      return std::nullopt;
    count += bounds[i + 1] - bounds[i];
  }
  return count;
}

static SmallVector<int64_t> listRanges(DenseI64ArrayAttr ranges) {
  SmallVector<int64_t> list;
  ArrayRef<int64_t> bounds = ranges.asArrayRef();
  for (size_t i = 0; i + 1 < bounds.size(); i += 2)
    llvm::append_range(list, llvm::seq(bounds[i], bounds[i + 1]));
  return list;
}

LogicalResult TileAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t array,
                               int64_t rowOffset, DenseI64ArrayAttr rows, int64_t colOffset,
                               DenseI64ArrayAttr outputs, int64_t sliceBegin, int64_t sliceCount,
                               int64_t shift, int64_t phase, int64_t delay,
                               DenseI64ArrayAttr delayed, int64_t fragmentRows,
                               DenseI64ArrayAttr signs) {
  // tile_c1
  for (auto [name, value] :
       {std::pair("array", array), std::pair("row_offset", rowOffset),
        std::pair("col_offset", colOffset), std::pair("slice_begin", sliceBegin),
        std::pair("shift", shift), std::pair("phase", phase), std::pair("delay", delay),
        std::pair("fragment_rows", fragmentRows)})
    if (value < 0)
      return emitError() << name << " is " << value << ", expected at least 0";
  if (sliceCount < 1)
    return emitError() << "slice_count is " << sliceCount << ", expected at least 1";
  // tile_c5
  for (auto [name, value] : {std::pair("shift", shift), std::pair("delay", delay)})
    if (value > 8)
      return emitError() << name << " is " << value << ", expected at most 8";
  // tile_c2
  std::optional<int64_t> rowCount = countRanges(rows), outputCount = countRanges(outputs);
  if (!rowCount.value_or(0) || !outputCount.value_or(0) || (delayed && !countRanges(delayed)))
    return emitError() << "rows, outputs and delayed rows are lists of ranges begin, end with "
                       << "begin < end";
  // tile_c3
  if ((delay > 0) != bool(delayed))
    return emitError() << "delay is " << delay << ", but " << (delayed ? "there are" : "no")
                       << " delayed rows";
  // tile_c4
  int64_t fragments = fragmentRows == 0 ? 0 : int64_t(llvm::divideCeil(*rowCount, fragmentRows)),
          expected = fragments * *outputCount, found = signs ? signs.size() : 0;
  if (found != expected)
    return emitError() << "has " << found << " signs, expected " << expected;
  return success();
}

int64_t TileAttr::getRowCount() const { return *countRanges(getRows()); }
int64_t TileAttr::getOutputCount() const { return *countRanges(getOutputs()); }
SmallVector<int64_t> TileAttr::listRows() const { return listRanges(getRows()); }
SmallVector<int64_t> TileAttr::listOutputs() const { return listRanges(getOutputs()); }

SmallVector<int64_t> TileAttr::listDelays() const {
  SmallVector<int64_t> delays(size_t(getRowCount()), 0);
  if (!getDelayed())
    return delays;
  SmallVector<int64_t> delayed = listRanges(getDelayed());
  llvm::DenseSet<int64_t> set(delayed.begin(), delayed.end());
  for (auto [index, row] : llvm::enumerate(listRows()))
    if (set.contains(row))
      delays[index] = getDelay();
  return delays;
}

LogicalResult StackAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t outputEnd,
                                int64_t arrays, ArrayRef<TileAttr> tiles) {
  // stack_c1
  if (arrays < 1 || tiles.empty())
    return emitError() << "a stack needs at least one array and one tile, found " << arrays
                       << " and " << tiles.size();
  // stack_c2
  for (TileAttr tile : tiles)
    if (tile.getArray() >= arrays)
      return emitError() << "a tile lies in array " << tile.getArray() << " of " << arrays;
  return success();
}

//===----------------------------------------------------------------------===//
// tiling
//===----------------------------------------------------------------------===//

static LogicalResult verifyStacks(function_ref<InFlightDiagnostic()> emitError, int64_t rows,
                                  int64_t outputs, int64_t tileRows, ArrayRef<StackAttr> stacks) {
  int64_t begin = 0;
  for (StackAttr stack : stacks) {
    if (stack.getOutputEnd() <= begin)
      return emitError() << "a stack ends at output " << stack.getOutputEnd()
                         << ", where the one before does, or earlier";
    for (TileAttr tile : stack.getTiles()) {
      ArrayRef<int64_t> tileRowRanges = tile.getRows().asArrayRef(),
                        tileOutputs = tile.getOutputs().asArrayRef();
      for (size_t i = 0; i < tileOutputs.size(); i += 2)
        if (tileOutputs[i] < begin || tileOutputs[i + 1] > stack.getOutputEnd())
          return emitError() << "a tile holds outputs " << tileOutputs[i] << " to "
                             << tileOutputs[i + 1] << ", its stack " << begin << " to "
                             << stack.getOutputEnd();
      for (size_t i = 0; i < tileRowRanges.size(); i += 2)
        if (tileRowRanges[i + 1] > rows)
          return emitError() << "a tile holds rows up to " << tileRowRanges[i + 1]
                             << " of a matrix with " << rows;
      if (tile.getRowOffset() + tile.getRowCount() > tileRows)
        return emitError() << "a tile ends at row " << tile.getRowOffset() + tile.getRowCount()
                           << " of an array with " << tileRows;
    }
    begin = stack.getOutputEnd();
  }
  if (!stacks.empty() && begin != outputs)
    return emitError() << "the stacks end at output " << begin << " of " << outputs;
  return success();
}

LogicalResult TilingAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t groups,
                                 int64_t matrixRows, int64_t matrixCols, int64_t tileRows,
                                 int64_t tileCols, int64_t groupsPerArray, int64_t planes,
                                 ArrayRef<StackAttr> stacks) {
  // tiling_c1
  for (auto [name, size] :
       {std::pair("groups", groups), std::pair("matrix_rows", matrixRows),
        std::pair("matrix_cols", matrixCols), std::pair("tile_rows", tileRows),
        std::pair("tile_cols", tileCols), std::pair("groups_per_array", groupsPerArray),
        std::pair("planes", planes)})
    if (size < 1)
      return emitError() << name << " is " << size << ", expected at least 1";
  // tiling_c2
  if (groupsPerArray > 1 &&
      (groupsPerArray * matrixRows > tileRows || groupsPerArray * matrixCols > tileCols))
    return emitError() << groupsPerArray << " groups of " << matrixRows << "x" << matrixCols
                       << " do not fit a tile of " << tileRows << "x" << tileCols;
  // tiling_c3
  if (groupsPerArray > groups)
    return emitError() << groupsPerArray << " groups in an array, but there are only " << groups;
  // tiling_c4
  return verifyStacks(emitError, matrixRows, groups * matrixCols, tileRows, stacks);
}

int64_t TilingAttr::getRowTiles() const { return llvm::divideCeil(getMatrixRows(), getTileRows()); }

int64_t TilingAttr::getColTiles() const { return llvm::divideCeil(getMatrixCols(), getTileCols()); }

int64_t TilingAttr::getStackCount() const {
  if (hasStacks())
    return int64_t(getStacks().size());
  if (getGroupsPerArray() > 1)
    return llvm::divideCeil(getGroups(), getGroupsPerArray());
  return getGroups() * getColTiles();
}

int64_t TilingAttr::getStackArrays(int64_t begin, int64_t end) const {
  if (!hasStacks())
    return (end - begin) * getRowTiles() * getPlanes();
  int64_t arrays = 0;
  for (StackAttr stack : getStacks().slice(size_t(begin), size_t(end - begin)))
    arrays += stack.getArrays();
  return arrays;
}

std::pair<int64_t, int64_t> TilingAttr::getStackOutputs(int64_t index) const {
  auto begin = [&](int64_t stack) {
    if (hasStacks()) {
      stack = std::min(stack, getStackCount());
      return stack == 0 ? 0 : getStacks()[size_t(stack - 1)].getOutputEnd();
    }
    if (stack >= getStackCount())
      return getOutputs();
    if (getGroupsPerArray() > 1)
      return stack * getGroupsPerArray() * getMatrixCols();
    return stack / getColTiles() * getMatrixCols() + stack % getColTiles() * getTileCols();
  };
  return {begin(index), begin(index + 1)};
}

int64_t TilingAttr::findStack(int64_t begin, int64_t end) const {
  for (int64_t index = 0; index < getStackCount(); ++index)
    if (getStackOutputs(index) == std::pair(begin, end))
      return index;
  return -1;
}

SmallVector<TileAttr> TilingAttr::getStackTiles(int64_t index, int64_t slices) const {
  if (hasStacks())
    return llvm::to_vector(getStacks()[size_t(index)].getTiles());
  SmallVector<TileAttr> tiles;
  auto [begin, end] = getStackOutputs(index);
  int64_t perGroup = getMatrixCols(), slicesPerTile = slices / getPlanes();
  auto range = [&](int64_t first, int64_t last) {
    return DenseI64ArrayAttr::get(getContext(), {first, last});
  };
  // One group, or several whole ones along the diagonal.
  for (int64_t output = begin; output < end;) {
    int64_t groupEnd = std::min(end, (output / perGroup + 1) * perGroup);
    int64_t diagonal = (output - begin) / perGroup;
    for (int64_t rowTile = 0; rowTile < getRowTiles(); ++rowTile)
      for (int64_t plane = 0; plane < getPlanes(); ++plane) {
        int64_t first = rowTile * getTileRows(),
                last = std::min(first + getTileRows(), getMatrixRows());
        tiles.push_back(TileAttr::get(getContext(), rowTile * getPlanes() + plane,
                                      diagonal * getMatrixRows(), range(first, last),
                                      diagonal * perGroup * slicesPerTile, range(output, groupEnd),
                                      plane * slicesPerTile, slicesPerTile, 0, 0, 0,
                                      DenseI64ArrayAttr(), 0, DenseI64ArrayAttr()));
      }
    output = groupEnd;
  }
  return tiles;
}
