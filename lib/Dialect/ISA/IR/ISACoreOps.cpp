//===- ISACoreOps.cpp - verifiers of a core's tables ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each check carries the number of its constraint in ISACoreOps.td. Tested by
// test/Dialect/ISA/core-errors.mlir.
//
//===----------------------------------------------------------------------===//
#include "TargetLimits.h"

#include "pim/Dialect/ISA/IR/ISAOps.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <map>
#include <numeric>

using namespace mlir;
using namespace mlir::pim::isa;

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

LogicalResult WindowOp::verify() {
  // window_c1
  unsigned width = getElement().getIntOrFloatBitWidth();
  if (!getElement().isInteger() || width < 8 || width > 32)
    return emitOpError("has the element type ") << getElement() << ", expected i8, i16 or i32";
  // window_c2
  if (!llvm::isIntN(width, getPadValue()))
    return emitOpError("'pad_value' ") << getPadValue() << " is not a value of " << getElement();
  return success();
}

LogicalResult RequantizeOp::verify() {
  // requantize_c1
  size_t channels = 1;
  for (auto [name, list] :
       {std::pair("bias", getBias()), {"multiplier", getMultiplier()}, {"shift", getShift()}}) {
    if (list.empty())
      return emitOpError("'") << name << "' is empty, expected one entry, or one per channel";
    if (list.size() > 1 && channels > 1 && list.size() != channels)
      return emitOpError("'") << name << "' has " << list.size() << " entries, another list has "
                              << channels;
    channels = std::max(channels, list.size());
  }
  // requantize_c2
  for (int64_t bias : getBias())
    if (!llvm::isInt<32>(bias))
      return emitOpError("has a bias of ") << bias << ", expected 32 bits";
  for (int64_t multiplier : getMultiplier())
    if (multiplier < 0 || multiplier > INT32_MAX)
      return emitOpError("has a multiplier of ") << multiplier << ", expected 0 to 2147483647";
  for (int64_t shift : getShift())
    if (shift < 2 || shift > 62)
      return emitOpError("has a shift of ") << shift << ", expected 2 to 62";
  // requantize_c3
  if (getMin() > getMax())
    return emitOpError("'min' ") << getMin() << " is above 'max' " << getMax();
  // requantize_c4
  if (getDoubleRound() && getFloatRound())
    return emitOpError("has both 'double_round' and 'float_round'");
  return success();
}

LogicalResult LookupOp::verify() {
  // lookup_c1
  if (getEntries().size() != 256)
    return emitOpError("has ") << getEntries().size() << " entries, expected 256";
  for (int64_t entry : getEntries())
    if (!llvm::isInt<32>(entry))
      return emitOpError("has an entry of ") << entry << ", expected 32 bits";
  return success();
}

//===----------------------------------------------------------------------===//
// Array groups and their tiles
//===----------------------------------------------------------------------===//

LogicalResult ArrayGroupOp::verify() {
  // array_group_c1
  if (getSlices().empty())
    return emitOpError("has no slices");
  // array_group_c2
  for (auto slice : getSlices().getAsRange<SliceAttr>())
    if (slice.getShift() > 31)
      return emitOpError("has a slice with a shift of ")
             << slice.getShift() << ", expected at most 31";
  // array_group_c3
  ArrayRef<int64_t> neurons = getNeurons().value_or(ArrayRef<int64_t>());
  ArrayRef<double> ohms = getFeedbackOhm().value_or(ArrayRef<double>());
  if (neurons.size() != ohms.size())
    return emitOpError("has ") << neurons.size() << " layers of neurons and " << ohms.size()
                               << " feedback resistors";
  if (llvm::any_of(neurons, [](int64_t count) { return count < 1 || count > 0xffff; }) ||
      llvm::any_of(ohms, [](double ohm) { return !(ohm > 0); }))
    return emitOpError("has a layer without neurons or without a feedback resistor");
  if (!neurons.empty() && neurons.back() != getMatrixCols())
    return emitOpError("ends in ")
           << neurons.back() << " neurons, but has " << getMatrixCols() << " outputs";
  return success();
}

/// What rows and columns of tiles are counted in: rows and columns of the matrix, or lines and
/// neurons.
static std::pair<int64_t, int64_t> limitsOf(ArrayGroupOp group) {
  int64_t rows = group.getMatrixRows(), columns = group.getMatrixCols();
  auto neurons = group.getNeurons();
  if (!neurons || neurons->empty())
    return {rows, columns};
  int64_t all = std::accumulate(neurons->begin(), neurons->end(), int64_t(0));
  return {rows + 1 + all, all};
}

/// `count` indices from `begin`, or those listed, are below `limit`.
static LogicalResult verifyIndices(TileOp tile, StringRef what, int64_t begin, int64_t count,
                                   std::optional<ArrayRef<int64_t>> list, int64_t limit) {
  auto refuse = [&](int64_t index) {
    return tile.emitOpError("holds matrix ")
           << what << " " << index << ", but the group has " << limit;
  };
  if (!list)
    return begin + count <= limit ? success() : LogicalResult(refuse(begin + count - 1));
  for (int64_t index : *list)
    if (index < 0 || index >= limit)
      return refuse(index);
  return success();
}

static LogicalResult verifyWorth(TileOp tile) {
  // tile_c7
  auto within = [](std::optional<ArrayRef<int64_t>> list, int64_t most) {
    return !list || llvm::all_of(*list, [&](int64_t value) { return value >= 0 && value <= most; });
  };
  auto delays = tile.getDelays();
  if (delays && static_cast<int64_t>(delays->size()) != tile.getRowCount())
    return tile.emitOpError("'delays' has ")
           << delays->size() << " entries, expected " << tile.getRowCount();
  if (!within(delays, 8) || tile.getShift() > 8)
    return tile.emitOpError("has a delay or a shift that is not 0 to 8");
  // tile_c8
  int64_t fragments = tile.getFragmentRows() == 0
                          ? 0
                          : llvm::divideCeil(tile.getRowCount(), tile.getFragmentRows()),
          signs = tile.getSigns() ? static_cast<int64_t>(tile.getSigns()->size()) : 0;
  if (signs != fragments * tile.getOutputCount() || !within(tile.getSigns(), 1))
    return tile.emitOpError("has ")
           << signs << " signs, expected " << fragments * tile.getOutputCount() << " of 0 or 1";
  return success();
}

static LogicalResult verifyTile(TileOp tile, ArrayGroupOp group) {
  // tile_c4
  for (auto [name, list, count] :
       {std::tuple(StringRef("rows"), tile.getRows(), tile.getRowCount()),
        {StringRef("outputs"), tile.getOutputs(), tile.getOutputCount()}})
    if (list && static_cast<int64_t>(list->size()) != count)
      return tile.emitOpError("'")
             << name << "' has " << list->size() << " entries, expected " << count;
  // tile_c1
  auto [rows, columns] = limitsOf(group);
  if (failed(
          verifyIndices(tile, "row", tile.getRowBegin(), tile.getRowCount(), tile.getRows(), rows)))
    return failure();
  // tile_c2
  if (failed(verifyIndices(tile, "column", tile.getOutputBegin(), tile.getOutputCount(),
                           tile.getOutputs(), columns)))
    return failure();
  // tile_c3
  int64_t sliceEnd = tile.getSliceBegin() + tile.getSliceCount();
  if (sliceEnd > static_cast<int64_t>(group.getSlices().size()))
    return tile.emitOpError("holds slice ")
           << sliceEnd - 1 << ", but the group has " << group.getSlices().size();
  return verifyWorth(tile);
}

LogicalResult ArrayGroupOp::verifyRegions() {
  // array_group_c1
  for (Operation &op : getBodyRegion().getOps()) {
    auto tile = llvm::dyn_cast<TileOp>(op);
    if (!tile)
      return op.emitOpError("is not part of an 'isa.array_group'");
    if (failed(verifyTile(tile, *this)))
      return failure();
  }
  if (getBodyRegion().getOps<TileOp>().empty())
    return emitOpError("has no tiles");
  return success();
}

//===----------------------------------------------------------------------===//
// The core
//===----------------------------------------------------------------------===//

namespace {

/// The cells of an array that a tile takes: rows and columns, end excluded.
struct Rectangle {
  explicit Rectangle(TileOp tile)
      : tile(tile), rowBegin(tile.getRowOffset()), rowEnd(rowBegin + tile.getRowCount()),
        colBegin(tile.getColOffset()),
        colEnd(colBegin + tile.getOutputCount() * tile.getSliceCount()) {}

  bool overlaps(const Rectangle &other) const {
    return rowBegin < other.rowEnd && other.rowBegin < rowEnd && colBegin < other.colEnd &&
           other.colBegin < colEnd;
  }

  TileOp tile;
  int64_t rowBegin, rowEnd, colBegin, colEnd;
};

} // namespace

static LogicalResult verifyTilePlaces(CoreOp core, const TargetLimits &limits) {
  std::map<int64_t, SmallVector<Rectangle>> byArray;
  for (ArrayGroupOp group : core.getBodyRegion().getOps<ArrayGroupOp>()) {
    for (TileOp tile : group.getBodyRegion().getOps<TileOp>()) {
      // tile_c5
      if (tile.getArray() >= core.getArrays())
        return tile.emitOpError("lies in array ")
               << tile.getArray() << ", but the core uses " << core.getArrays();
      // tile_c6
      Rectangle rectangle(tile);
      if (rectangle.rowEnd > limits.matrixRows || rectangle.colEnd > limits.matrixColumns)
        return tile.emitOpError("ends at row ")
               << rectangle.rowEnd << ", column " << rectangle.colEnd
               << " of an array that is too small for it";
      // core_c3
      SmallVector<Rectangle> &others = byArray[tile.getArray()];
      for (const Rectangle &other : others) {
        if (!rectangle.overlaps(other))
          continue;
        InFlightDiagnostic diagnostic = tile.emitOpError("overlaps another tile in array ")
                                        << tile.getArray();
        diagnostic.attachNote(TileOp(other.tile).getLoc()) << "the other tile";
        return diagnostic;
      }
      others.push_back(rectangle);
    }
  }
  return success();
}

/// The image behind the last of each round: where the next begins, and the end.
static SmallVector<int64_t> listRoundEnds(CoreOp core) {
  SmallVector<int64_t> ends;
  if (core.getRounds())
    llvm::append_range(ends, core.getRounds()->drop_front());
  ends.push_back(core.getArrays());
  return ends;
}

LogicalResult CoreOp::verifyRegions() {
  // core_c1
  unsigned codeCount = 0;
  for (Operation &op : getBodyRegion().getOps()) {
    if (!llvm::isa<TensorOp, WindowOp, ArrayGroupOp, RequantizeOp, LookupOp, CodeOp>(op))
      return op.emitOpError("is not part of an 'isa.core'");
    codeCount += llvm::isa<CodeOp>(op);
  }
  if (codeCount != 1)
    return emitOpError("has ") << codeCount << " 'isa.code', expected one";
  // core_c4
  if (getRounds() && (getRounds()->empty() || getRounds()->front() != 0))
    return emitOpError("has rounds that do not begin with image 0");
  // core_c2
  TargetLimits limits(llvm::cast<ProgramOp>((*this)->getParentOp()).getTarget());
  int64_t begin = 0;
  for (int64_t end : listRoundEnds(*this)) {
    // core_c4
    if (end <= begin && getRounds())
      return emitOpError("has an empty round up to image ") << end;
    if (end - begin > limits.coreArrays)
      return emitOpError("uses ") << end - begin << " arrays, but a core of the target has "
                                  << limits.coreArrays;
    begin = end;
  }
  if ((getScratchpadBytes() + 1023) / 1024 > limits.scratchpadKib)
    return emitOpError("uses ") << getScratchpadBytes()
                                << " bytes of scratchpad, but a core of the target has "
                                << limits.scratchpadKib << " KiB";
  return verifyTilePlaces(*this, limits);
}
