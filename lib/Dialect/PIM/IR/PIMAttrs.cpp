//===- PIMAttrs.cpp - mapping attributes of the pim dialect ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What slicing, tiling, placement and schedule mean in numbers, and when they are possible at all.
// The equations are in docs/mapping.md; negative tests in test/Dialect/PIM/attrs-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::pim;

#include "pim/Dialect/PIM/IR/PIMEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "pim/Dialect/PIM/IR/PIMAttrs.cpp.inc"

void PIMDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "pim/Dialect/PIM/IR/PIMAttrs.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// slicing
//===----------------------------------------------------------------------===//

LogicalResult SlicingAttr::verify(function_ref<InFlightDiagnostic()> emitError, unsigned weightBits,
                                  unsigned cellBits, unsigned inputBits, int64_t inputOffset,
                                  unsigned dacBits, SliceScheme scheme, SliceLayout layout,
                                  unsigned squeeze, int64_t fragmentRows) {
  // slicing_c1
  bool holdsMagnitudes = scheme == SliceScheme::Differential || scheme == SliceScheme::Polarized;
  unsigned mostBits = holdsMagnitudes ? 9 : 8;
  if (weightBits < 1 || weightBits > mostBits)
    return emitError() << "weight_bits is " << weightBits << ", expected 1 to " << mostBits;
  // slicing_c2, slicing_c3, slicing_c4
  for (auto [name, bits] : {std::pair("cell_bits", cellBits), std::pair("input_bits", inputBits),
                            std::pair("dac_bits", dacBits)})
    if (bits < 1 || bits > 8)
      return emitError() << name << " is " << bits << ", expected 1 to 8";
  // slicing_c5
  if (inputOffset < -128 || inputOffset > 128)
    return emitError() << "input_offset is " << inputOffset << ", expected -128 to 128";
  // slicing_c7
  if (fragmentRows < 0 || (fragmentRows > 0) != (scheme == SliceScheme::Polarized))
    return emitError() << "fragment_rows is " << fragmentRows << " for scheme "
                       << stringifySliceScheme(scheme);
  // slicing_c6
  if (squeeze == 0)
    return success();
  if (squeeze >= weightBits)
    return emitError() << "squeeze is " << squeeze << ", expected less than the " << weightBits
                       << " bits of a weight";
  if (scheme == SliceScheme::Offset || scheme == SliceScheme::Polarized ||
      (scheme == SliceScheme::TwosComplement && cellBits > 1))
    return emitError() << "squeezes slices of scheme " << stringifySliceScheme(scheme)
                       << " in cells of " << cellBits
                       << " bits, which have no slice to give up; use differential";
  return success();
}

/// Digits of `cellBits` bits that make up `bits` bits, appended to `slices`.
static void addDigits(SmallVectorImpl<SlicingAttr::Slice> &slices, unsigned bits, unsigned cellBits,
                      bool negative) {
  for (unsigned shift = 0; shift < bits; shift += cellBits)
    slices.push_back({shift, std::min(cellBits, bits - shift), negative});
}

SmallVector<SlicingAttr::Slice> SlicingAttr::getSlices() const {
  SmallVector<Slice> slices;
  unsigned bits = getWeightBits();
  switch (getScheme()) {
  case SliceScheme::Offset:
    addDigits(slices, bits, getCellBits(), false);
    break;
  case SliceScheme::TwosComplement:
    addDigits(slices, bits == 1 ? 1 : bits - 1, getCellBits(), false);
    if (bits > 1)
      slices.push_back({bits - 1, 1, true});
    for (unsigned squeezed = 1; squeezed <= getSqueeze(); ++squeezed)
      slices.push_back({bits - 1 - squeezed, 1, true});
    break;
  case SliceScheme::Differential:
  case SliceScheme::Polarized: {
    unsigned magnitude = std::max(1u, bits - 1);
    addDigits(slices, magnitude, getCellBits(), false);
    if (getScheme() == SliceScheme::Differential)
      addDigits(slices, magnitude, getCellBits(), true);
    break;
  }
  }
  return slices;
}

SmallVector<unsigned> SlicingAttr::getSliceIndices(unsigned squeezed) const {
  SmallVector<unsigned> indices;
  unsigned magnitude = std::max(1u, getWeightBits() - 1) - squeezed;
  if (getWeightBits() == 1 || getScheme() == SliceScheme::Offset)
    magnitude = getWeightBits();
  for (auto [index, slice] : llvm::enumerate(getSlices())) {
    bool isSign = getScheme() == SliceScheme::TwosComplement && slice.negative;
    if (isSign ? slice.shift == magnitude : slice.shift < magnitude)
      indices.push_back(unsigned(index));
  }
  return indices;
}

int64_t SlicingAttr::getWeightScale() const {
  return getWeightBits() == 1 && !holdsMagnitudes() ? 2 : 1;
}

int64_t SlicingAttr::getWeightOffset() const {
  if (holdsMagnitudes())
    return 0;
  if (getWeightBits() == 1)
    return -1;
  return getScheme() == SliceScheme::Offset ? -(int64_t(1) << (getWeightBits() - 1)) : 0;
}

std::pair<int64_t, int64_t> SlicingAttr::getWeightRange() const {
  unsigned bits = getWeightBits();
  if (bits == 1)
    return {-1, 1};
  int64_t half = int64_t(1) << (bits - 1);
  return {holdsMagnitudes() ? 1 - half : -half, half - 1};
}

unsigned SlicingAttr::getCell(int64_t weight, const Slice &slice) const {
  int64_t code = (weight - getWeightOffset()) / getWeightScale();
  if (getScheme() == SliceScheme::Differential)
    code = std::max<int64_t>(slice.negative ? -weight : weight, 0);
  if (getScheme() == SliceScheme::Polarized)
    code = std::abs(weight);
  return unsigned(code >> slice.shift) & ((1u << slice.bits) - 1);
}

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

//===----------------------------------------------------------------------===//
// placement
//===----------------------------------------------------------------------===//

LogicalResult PartAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t core,
                               int64_t outputBegin, int64_t outputEnd, int64_t firstArray,
                               int64_t arrays, int64_t colBegin, int64_t colEnd, int64_t arrayBegin,
                               int64_t arrayEnd, DenseI64ArrayAttr shared, int64_t round) {
  // part_c1
  if (outputBegin >= outputEnd)
    return emitError() << "outputs " << outputBegin << " to " << outputEnd << " are empty";
  for (auto [name, begin, end] : {std::tuple("columns", colBegin, colEnd),
                                  std::tuple("arrays of the stack", arrayBegin, arrayEnd)})
    if (begin >= end && (begin != 0 || end != 0))
      return emitError() << name << " " << begin << " to " << end << " are empty";
  // part_c2
  for (auto [name, value] : {std::pair("core", core), std::pair("output_begin", outputBegin),
                             std::pair("first_array", firstArray), std::pair("arrays", arrays),
                             std::pair("col_begin", colBegin), std::pair("array_begin", arrayBegin),
                             std::pair("round", round)})
    if (value < 0)
      return emitError() << name << " is " << value << ", expected at least 0";
  // part_c3
  if (!shared)
    return success();
  llvm::SmallSet<int64_t, 16> seen;
  for (int64_t array : shared.asArrayRef())
    if (array < 0 || !seen.insert(array).second)
      return emitError() << "shared lists array " << array
                         << (array < 0 ? ", expected at least 0" : " twice");
  if (shared.size() < arrays)
    return emitError() << "shared lists " << shared.size() << " arrays, of which " << arrays
                       << " are its own";
  return success();
}

/// Checks that the parts of one copy, in order, are the whole matrix.
static LogicalResult verifyCopy(function_ref<InFlightDiagnostic()> emitError,
                                ArrayRef<PartAttr> parts) {
  int64_t next = 0, nextArray = 0;
  for (auto [index, part] : llvm::enumerate(parts)) {
    bool continues = index > 0 && part.getArrayBegin() != 0;
    if (continues ? part.getOutputBegin() != parts[index - 1].getOutputBegin() ||
                        part.getOutputEnd() != next
                  : part.getOutputBegin() != next)
      return emitError() << "part of core " << part.getCore() << " begins at output "
                         << part.getOutputBegin() << ", expected "
                         << (continues ? parts[index - 1].getOutputBegin() : next);
    if (part.getArrayBegin() != (continues ? nextArray : 0))
      return emitError() << "part of core " << part.getCore() << " begins at array "
                         << part.getArrayBegin() << ", expected " << (continues ? nextArray : 0);
    next = part.getOutputEnd();
    nextArray = part.getArrayEnd();
  }
  return success();
}

LogicalResult PlacementAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                    ArrayRef<PartAttr> parts) {
  // placement_c1
  if (parts.empty())
    return emitError() << "a placement needs at least one part";
  // placement_c3
  llvm::SmallSet<std::pair<int64_t, int64_t>, 8> cores;
  for (PartAttr part : parts)
    if (!cores.insert({part.getCore(), part.getRound()}).second)
      return emitError() << "core " << part.getCore() << " has two parts of one layer";
  // placement_c2
  int64_t nextCol = 0;
  for (size_t begin = 0, end; begin < parts.size(); begin = end) {
    PartAttr first = parts[begin];
    for (end = begin; end < parts.size() && parts[end].getColBegin() == first.getColBegin() &&
                      parts[end].getColEnd() == first.getColEnd();)
      ++end;
    if (first.getColBegin() != nextCol || (first.getColEnd() == 0 && end != parts.size()))
      return emitError() << "part of core " << first.getCore() << " begins at column "
                         << first.getColBegin() << ", expected " << nextCol;
    nextCol = first.getColEnd();
    if (failed(verifyCopy(emitError, parts.slice(begin, end - begin))))
      return failure();
    // placement_c4
    if (parts[end - 1].getOutputEnd() != parts.back().getOutputEnd())
      return emitError() << "copies of " << parts[end - 1].getOutputEnd() << " and of "
                         << parts.back().getOutputEnd() << " outputs";
  }
  return success();
}

int64_t PlacementAttr::getArrays() const {
  int64_t arrays = 0;
  for (PartAttr part : getParts())
    arrays += part.getArrays();
  return arrays;
}

int64_t PlacementAttr::getTiledArrays() const {
  int64_t arrays = 0;
  for (PartAttr part : getParts())
    arrays += part.getTiledArrays();
  return arrays;
}

bool PlacementAttr::sharesArrays() const {
  return llvm::any_of(getParts(), [](PartAttr part) { return bool(part.getShared()); });
}

int64_t PlacementAttr::getCopies() const {
  return llvm::count_if(getParts(), [](PartAttr part) {
    return part.getOutputBegin() == 0 && part.getArrayBegin() == 0;
  });
}

bool PlacementAttr::hasChains() const {
  return llvm::any_of(getParts(), [](PartAttr part) { return part.isDivided(); });
}

bool PlacementAttr::endsChain(size_t index) const {
  return index + 1 == getParts().size() || getParts()[index + 1].getArrayBegin() == 0;
}

//===----------------------------------------------------------------------===//
// schedule
//===----------------------------------------------------------------------===//

LogicalResult BufferAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef name,
                                 int64_t address, int64_t bytes, int64_t copies) {
  // buffer_c1
  if (address < 0 || bytes < 1 || copies < 1)
    return emitError() << "buffer '" << name << "' has address " << address << ", " << bytes
                       << " bytes and " << copies << " copies, expected at least 0, 1 and 1";
  return success();
}

LogicalResult ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t blockRows,
                                   int64_t blockCols, int64_t blockChannels, int64_t ringRows,
                                   int64_t scratchpadBytes, int64_t resultAddress, int64_t rowPitch,
                                   int64_t colPitch, bool inPlace, int64_t partialAddress,
                                   ArrayRef<BufferAttr> buffers) {
  // schedule_c1
  for (auto [name, value] :
       {std::pair("block_rows", blockRows), std::pair("block_cols", blockCols),
        std::pair("block_channels", blockChannels), std::pair("ring_rows", ringRows),
        std::pair("scratchpad_bytes", scratchpadBytes), std::pair("result_address", resultAddress),
        std::pair("row_pitch", rowPitch), std::pair("col_pitch", colPitch),
        std::pair("partial_address", partialAddress)})
    if (value < 0)
      return emitError() << name << " is " << value << ", expected at least 0";
  // schedule_c4
  if ((rowPitch == 0) != (colPitch == 0))
    return emitError() << "row_pitch is " << rowPitch << " and col_pitch " << colPitch
                       << ", expected both or none to be 0";
  SmallVector<BufferAttr> sorted(buffers);
  llvm::stable_sort(sorted,
                    [](BufferAttr a, BufferAttr b) { return a.getAddress() < b.getAddress(); });
  for (size_t i = 0; i < sorted.size(); ++i) {
    // schedule_c2
    if (sorted[i].getEnd() > scratchpadBytes)
      return emitError() << "buffer '" << sorted[i].getName() << "' ends at " << sorted[i].getEnd()
                         << ", the scratchpad has " << scratchpadBytes << " bytes";
    // schedule_c3
    if (i > 0 && sorted[i].getAddress() < sorted[i - 1].getEnd())
      return emitError() << "buffers '" << sorted[i - 1].getName() << "' and '"
                         << sorted[i].getName() << "' overlap";
  }
  return success();
}

BufferAttr ScheduleAttr::lookup(StringRef name) const {
  auto *found =
      llvm::find_if(getBuffers(), [&](BufferAttr buffer) { return buffer.getName() == name; });
  return found == getBuffers().end() ? BufferAttr() : *found;
}

int64_t ScheduleAttr::getUsedBytes() const {
  int64_t used = 0;
  for (BufferAttr buffer : getBuffers())
    used = std::max(used, buffer.getEnd());
  return used;
}
