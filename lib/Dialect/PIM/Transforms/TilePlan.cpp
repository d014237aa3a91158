//===- TilePlan.cpp - what the arrays of a layer hold ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TilePlan.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::pim;

//===----------------------------------------------------------------------===//
// Cutting
//===----------------------------------------------------------------------===//

TilePlan::TilePlan(Conv2DOp op, ArrayRef<char> weights, const MappingTarget &target)
    : op(op), weights(weights), target(target), slicing(op.getSlicingAttr()),
      matrixRows(op.getMatrixRows()), perGroup(op.getMatrixCols()),
      fragmentRows(std::max<int64_t>(1, slicing.getFragmentRows())),
      hasOffset(slicing.getWeightOffset() != 0), slicesOfWeight{},
      isUsedOutput(size_t(op.getOutputChannels())) {
  SmallVector<SlicingAttr::Slice> slices = slicing.getSlices();
  auto [low, high] = slicing.getWeightRange();
  for (int64_t weight = std::max<int64_t>(low, -128); weight <= std::min<int64_t>(high, 127);
       ++weight)
    for (auto [index, slice] : llvm::enumerate(slices))
      if (slicing.getCell(weight, slice) != 0)
        slicesOfWeight[uint8_t(weight)] |= uint32_t(1) << index;
  // An offset belongs to every weight that is stored, and goes with slice 0.
  std::array<bool, 256> occurs{};
  for (char weight : weights)
    occurs[uint8_t(weight)] = true;
  uint32_t used = hasOffset ? 1 : 0;
  for (size_t weight = 0; weight < 256; ++weight)
    if (occurs[weight])
      used |= slicesOfWeight[weight];
  sliceCount = int64_t(slices.size());
  outputsPerTile = target.matrixColumns;
  if (slicing.getLayout() == SliceLayout::Columns) {
    if (used != 0) {
      sliceBegin = llvm::countr_zero(used);
      sliceCount = 32 - llvm::countl_zero(used) - sliceBegin;
    }
    isDense = sliceCount == int64_t(slices.size());
    outputsPerTile = target.matrixColumns / sliceCount;
  }
  // Signs have to be listed.
  isDense &= slicing.getFragmentRows() == 0;
}

/// Rows that any of the outputs weighs, with the others of their fragments.
std::vector<int64_t> TilePlan::usedRows(ArrayRef<int64_t> outputs) const {
  std::vector<uint8_t> isUsed(size_t(matrixRows), 0);
  for (int64_t output : outputs) {
    const char *weight = weights.data() + output * matrixRows;
    for (int64_t row = 0; row < matrixRows; ++row)
      isUsed[size_t(row)] |= uint8_t(weight[row] != 0);
  }
  std::vector<int64_t> rows;
  for (int64_t begin = 0; begin < matrixRows; begin += fragmentRows) {
    int64_t end = std::min(matrixRows, begin + fragmentRows);
    if (std::any_of(isUsed.begin() + begin, isUsed.begin() + end,
                    [](uint8_t used) { return used; }))
      llvm::append_range(rows, llvm::seq(begin, end));
  }
  return rows;
}

/// Puts a whole group beside those of the last stack, if there is room.
bool TilePlan::addToDiagonal(int64_t group, BlockMember &member) {
  if (!packsGroups || stacks.empty() || stacks.back().blocks.size() != 1)
    return false;
  CellBlock &block = stacks.back().blocks.front();
  const BlockMember &last = block.members.back();
  // Only whole groups before it.
  if (block.members.front().outputs.front() / perGroup == group)
    return false;
  int64_t row = last.rowOffset + int64_t(last.rows.size()),
          col = last.colOffset + int64_t(last.outputs.size());
  if (row + int64_t(member.rows.size()) > tileRows() ||
      col + int64_t(member.outputs.size()) > tileCols())
    return false;
  member.rowOffset = row;
  member.colOffset = col;
  block.members.push_back(std::move(member));
  stacks.back().outputEnd = (group + 1) * perGroup;
  return true;
}

void TilePlan::addColumn(StackPlan &stack, ArrayRef<int64_t> outputs, ArrayRef<int64_t> rows) {
  int64_t column = nextColumn++;
  for (size_t begin = 0; begin < rows.size(); begin += size_t(tileRows())) {
    size_t end = std::min(rows.size(), begin + size_t(tileRows()));
    CellBlock block;
    block.column = column;
    block.members.push_back({{rows.begin() + begin, rows.begin() + end}, outputs.vec(), 0, 0, {}});
    stack.blocks.push_back(std::move(block));
  }
}

void TilePlan::cutGroup(int64_t group, ArrayRef<int64_t> order) {
  SmallVector<int64_t> outputs;
  for (int64_t output : order)
    if (isUsedOutput[size_t(output)])
      outputs.push_back(output);
  isDense &= int64_t(outputs.size()) == perGroup;
  std::vector<int64_t> rows = usedRows(outputs);
  // A stack holds as many columns of blocks as it takes for its outputs to be neighbours.
  bool isOrdered = llvm::is_sorted(outputs);
  int64_t columns = int64_t(llvm::divideCeil(outputs.size(), size_t(tileCols())));
  if (columns <= 1 && op.getGroups() > 1 && int64_t(rows.size()) <= tileRows()) {
    if (outputs.empty()) {
      if (!stacks.empty())
        stacks.back().outputEnd = (group + 1) * perGroup;
      return;
    }
    isDense &= int64_t(rows.size()) == matrixRows;
    BlockMember member{rows, {outputs.begin(), outputs.end()}, 0, 0, {}};
    if (!addToDiagonal(group, member)) {
      CellBlock block;
      block.column = nextColumn++;
      block.members.push_back(std::move(member));
      stacks.push_back({(group + 1) * perGroup, {}});
      stacks.back().blocks.push_back(std::move(block));
    }
    return;
  }
  StackPlan whole;
  for (size_t begin = 0; begin < outputs.size(); begin += size_t(tileCols())) {
    ArrayRef<int64_t> some = ArrayRef<int64_t>(outputs).slice(
        begin, std::min(size_t(tileCols()), outputs.size() - begin));
    std::vector<int64_t> used = usedRows(some);
    isDense &= int64_t(used.size()) == matrixRows;
    StackPlan own;
    StackPlan &stack = isOrdered ? own : whole;
    addColumn(stack, some, used);
    if (isOrdered) {
      own.outputEnd = some.back() + 1;
      stacks.push_back(std::move(own));
    }
  }
  if (!isOrdered) {
    isDense = false;
    stacks.push_back(std::move(whole));
  }
  if (!stacks.empty())
    stacks.back().outputEnd = (group + 1) * perGroup;
}

void TilePlan::cut(ArrayRef<int64_t> order) {
  stacks.clear();
  for (int64_t output = 0; output < op.getOutputChannels(); ++output) {
    ArrayRef<char> own = weights.slice(size_t(output * matrixRows), size_t(matrixRows));
    isUsedOutput[size_t(output)] = llvm::any_of(own, [](char weight) { return weight != 0; });
  }
  for (int64_t group = 0; group < op.getGroups(); ++group) {
    SmallVector<int64_t> own;
    if (order.empty())
      llvm::append_range(own, llvm::seq(group * perGroup, (group + 1) * perGroup));
    else
      llvm::append_range(own, order.slice(size_t(group * perGroup), size_t(perGroup)));
    cutGroup(group, own);
  }
  if (!stacks.empty())
    return;
  // A layer of zeros still drives something, so that its instructions have an array.
  isDense = false;
  StackPlan stack{op.getOutputChannels(), {}};
  addColumn(stack, {0}, {0});
  stacks.push_back(std::move(stack));
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

DenseI64ArrayAttr mlir::pim::rangesOf(MLIRContext *context, ArrayRef<int64_t> list) {
  SmallVector<int64_t> ranges;
  for (int64_t value : list) {
    if (!ranges.empty() && ranges.back() == value)
      ++ranges.back();
    else
      ranges.append({value, value + 1});
  }
  return DenseI64ArrayAttr::get(context, ranges);
}

/// For each fragment and output of polarized weights, 1 where they are negative.
DenseI64ArrayAttr TilePlan::signsOf(const BlockMember &member, ArrayRef<char> stored) const {
  SmallVector<int64_t> signs;
  ArrayRef<int64_t> rows = member.rows;
  for (size_t begin = 0; begin < rows.size(); begin += size_t(fragmentRows)) {
    ArrayRef<int64_t> fragment =
        rows.slice(begin, std::min(size_t(fragmentRows), rows.size() - begin));
    for (int64_t output : member.outputs)
      signs.push_back(
          llvm::any_of(fragment, [&](int64_t row) { return weightOf(stored, row, output) < 0; }));
  }
  return DenseI64ArrayAttr::get(op.getContext(), signs);
}

TileAttr TilePlan::makeTile(const CellBlock &block, const BlockMember &member,
                            ArrayRef<char> stored, int64_t array, int64_t slice,
                            int64_t count) const {
  MLIRContext *context = op.getContext();
  bool isDelayed = block.delay > 0 && !member.delayed.empty();
  return TileAttr::get(context, array, member.rowOffset, rangesOf(context, member.rows),
                       member.colOffset * count, rangesOf(context, member.outputs), slice, count,
                       block.shift, 0, isDelayed ? block.delay : 0,
                       isDelayed ? rangesOf(context, member.delayed) : DenseI64ArrayAttr(),
                       slicing.getFragmentRows(),
                       slicing.getFragmentRows() ? signsOf(member, stored) : DenseI64ArrayAttr());
}

/// A bit for each slice that a row of a member stores ones in.
uint32_t TilePlan::slicesOf(const CellBlock &block, const BlockMember &member, int64_t row,
                            ArrayRef<char> stored) const {
  int64_t shift = block.shift;
  if (block.delay > 0 && llvm::binary_search(member.delayed, row))
    shift += block.delay;
  uint32_t used = 0;
  for (int64_t output : member.outputs)
    used |= slicesOfWeight[uint8_t(weightOf(stored, row, output) >> shift)];
  uint32_t allowed = 0;
  for (unsigned index : slicing.getSliceIndices(unsigned(block.squeeze)))
    allowed |= uint32_t(1) << index;
  return used & allowed;
}

int64_t TilePlan::countArrays(const CellBlock &block, ArrayRef<char> stored,
                              int64_t squeeze) const {
  uint32_t used = hasOffset ? 1 : 0, allowed = 0;
  for (unsigned index : slicing.getSliceIndices(unsigned(squeeze)))
    allowed |= uint32_t(1) << index;
  // Rows that move and rows that stay use the planes that are left alike, nearly always.
  for (const BlockMember &member : block.members)
    for (int64_t row : member.rows)
      for (int64_t output : member.outputs)
        used |= slicesOfWeight[uint8_t(weightOf(stored, row, output))];
  return llvm::popcount(used & allowed);
}

/// Each slice that holds ones has an array; in neighbouring columns, all have one.
void TilePlan::addBlock(const CellBlock &block, ArrayRef<char> stored,
                        SmallVectorImpl<TileAttr> &tiles, int64_t &arrays) const {
  if (slicing.getLayout() == SliceLayout::Columns) {
    for (const BlockMember &member : block.members)
      tiles.push_back(makeTile(block, member, stored, arrays, sliceBegin, sliceCount));
    ++arrays;
    return;
  }
  SmallVector<uint32_t> used;
  uint32_t all = 0;
  for (const BlockMember &member : block.members) {
    used.push_back(hasOffset ? 1 : 0);
    for (int64_t row : member.rows)
      used.back() |= slicesOf(block, member, row, stored);
    all |= used.back();
  }
  for (int64_t slice = 0; slice < sliceCount; ++slice) {
    if (!(all >> slice & 1))
      continue;
    for (auto [index, member] : llvm::enumerate(block.members))
      if (used[index] >> slice & 1)
        tiles.push_back(makeTile(block, member, stored, arrays, slice, 1));
    ++arrays;
  }
}

/// The same column of blocks with rows of its own for every slice, those with ones. False, and
/// nothing added, if that takes as many arrays.
bool TilePlan::addPlanes(ArrayRef<const CellBlock *> column, ArrayRef<char> stored,
                         SmallVectorImpl<TileAttr> &tiles, int64_t &arrays) const {
  std::vector<std::vector<int64_t>> rowsOf(static_cast<size_t>(sliceCount));
  int64_t together = 0;
  for (const CellBlock *block : column) {
    if (block->members.size() != 1 || block->squeeze != 0)
      return false;
    uint32_t all = hasOffset ? 1 : 0;
    for (int64_t row : block->members.front().rows) {
      uint32_t used = slicesOf(*block, block->members.front(), row, stored) | (hasOffset ? 1 : 0);
      all |= used;
      for (int64_t slice = 0; slice < sliceCount; ++slice)
        if (used >> slice & 1)
          rowsOf[size_t(slice)].push_back(row);
    }
    together += llvm::popcount(all);
  }
  int64_t apart = 0;
  for (const std::vector<int64_t> &rows : rowsOf)
    apart += int64_t(llvm::divideCeil(rows.size(), size_t(tileRows())));
  if (apart >= together)
    return false;
  for (auto [slice, rows] : llvm::enumerate(rowsOf))
    for (size_t begin = 0; begin < rows.size(); begin += size_t(tileRows())) {
      size_t end = std::min(rows.size(), begin + size_t(tileRows()));
      BlockMember member{{rows.begin() + begin, rows.begin() + end},
                         column.front()->members.front().outputs,
                         0,
                         0,
                         {}};
      tiles.push_back(makeTile(CellBlock(), member, stored, arrays++, int64_t(slice), 1));
    }
  return true;
}

StackAttr TilePlan::makeStack(const StackPlan &stack, ArrayRef<char> stored) const {
  SmallVector<TileAttr> tiles;
  int64_t arrays = 0;
  for (size_t i = 0; i < stack.blocks.size();) {
    SmallVector<const CellBlock *> column;
    for (int64_t number = stack.blocks[i].column;
         i < stack.blocks.size() && stack.blocks[i].column == number; ++i)
      column.push_back(&stack.blocks[i]);
    // Fragments lie together.
    bool mayDivide = slicing.getLayout() == SliceLayout::Arrays && !slicing.getFragmentRows();
    if (mayDivide && addPlanes(column, stored, tiles, arrays))
      continue;
    for (const CellBlock *block : column)
      addBlock(*block, stored, tiles, arrays);
  }
  if (tiles.empty()) {
    // Nothing but zeros: what is driven holds no ones.
    const CellBlock &block = stack.blocks.front();
    tiles.push_back(makeTile(block, block.members.front(), stored, arrays++, 0, 1));
  }
  return StackAttr::get(op.getContext(), stack.outputEnd, arrays, tiles);
}

TilingAttr TilePlan::tiling(ArrayRef<char> stored) const {
  bool inColumns = slicing.getLayout() == SliceLayout::Columns;
  int64_t slices = int64_t(slicing.getSliceCount());
  int64_t gridCols = inColumns ? target.matrixColumns / slices : target.matrixColumns;
  int64_t perArray =
      std::min({op.getGroups(), target.matrixRows / matrixRows, gridCols / perGroup});
  auto grid =
      TilingAttr::get(op.getContext(), op.getGroups(), matrixRows, perGroup, target.matrixRows,
                      gridCols, std::max<int64_t>(1, perArray), inColumns ? 1 : slices);
  SmallVector<StackAttr> list;
  int64_t arrays = 0;
  for (const StackPlan &stack : stacks) {
    list.push_back(makeStack(stack, stored));
    arrays += list.back().getArrays();
  }
  if (isDense && packsGroups && arrays == grid.getArrays())
    return grid;
  return TilingAttr::get(op.getContext(), op.getGroups(), matrixRows, perGroup, target.matrixRows,
                         gridCols, std::max<int64_t>(1, perArray), inColumns ? 1 : slices, list);
}
