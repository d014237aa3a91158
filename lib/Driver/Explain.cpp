//===- Explain.cpp - the mapping of a layer as a picture ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `pimc --explain` prints. Tested by test/Tools/pimc/explain.mlir.
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/Transforms/MappingTarget.h"
#include "pim/Driver/MappingSummary.h"
#include "pim/Support/LayerSelector.h"
#include "llvm/Support/Format.h"

#include <map>
#include <set>

using namespace mlir;
using namespace mlir::pim;

/// Rows of the picture at most; what is left out is counted.
static constexpr size_t mostRows = 24;

namespace {
class Picture {
public:
  Picture(LayerOp layer, const LayerMapping &mapping, llvm::raw_ostream &stream)
      : layer(layer), op(layer.getMatrixOp()), tiling(op.getTilingAttr()),
        slices(op.getSlicingAttr().getSlices()), mapping(mapping), stream(stream) {}

  void draw() {
    drawHead();
    drawSteps();
    drawGrid();
    drawPlacement();
  }

private:
  void drawHead();
  void drawSteps();
  void drawGrid();
  void drawPlacement();
  std::string planesOf(ArrayRef<TileAttr> tiles) const;

  LayerOp layer;
  Conv2DOp op;
  TilingAttr tiling;
  SmallVector<SlicingAttr::Slice> slices;
  const LayerMapping &mapping;
  llvm::raw_ostream &stream;
};
} // namespace

void Picture::drawHead() {
  SlicingAttr slicing = op.getSlicingAttr();
  stream << layer.getName() << ": " << layer.getOperatorName() << ", ";
  if (op.getGroups() > 1)
    stream << op.getGroups() << " groups of ";
  stream << tiling.getMatrixRows() << " rows x " << tiling.getMatrixCols()
         << " outputs, weights of " << op.getWeightBits() << " bits";
  if (!mapping.code.empty())
    stream << " (" << mapping.code << llvm::format(", error %.2g", mapping.codeError) << ")";
  stream << ", " << stringifySliceScheme(slicing.getScheme()) << " in "
         << stringifySliceLayout(slicing.getLayout()) << ", inputs of " << slicing.getInputBits()
         << " bits\n";
  if (!mapping.pattern.empty())
    stream << "  zeros     " << llvm::format("%.1f %%", 100 * mapping.zeros) << ", pattern "
           << mapping.pattern << llvm::format(" (%.1f %% of them)\n", 100 * mapping.explained);
}

void Picture::drawSteps() {
  const ArrayFactors &arrays = mapping.arrays;
  stream << "  arrays    " << arrays.dense16 << " dense of 16 bits, " << arrays.dense
         << " of 8 bits, " << arrays.pruned << " without zeros, " << arrays.sliced << " sliced, "
         << arrays.squeezed << " squeezed, " << arrays.packed << " packed\n";
  if (mapping.squeezedBlocks > 0)
    stream << "  squeeze   " << mapping.squeezedBlocks << " blocks, " << mapping.delayedRows
           << " late rows" << llvm::format(", error %.2g", mapping.squeezeError) << "\n";
}

/// A character for each slice: its digit's place if some tile holds it, else a dot.
std::string Picture::planesOf(ArrayRef<TileAttr> tiles) const {
  std::string planes(slices.size(), '.');
  for (TileAttr tile : tiles)
    for (int64_t slice = tile.getSliceBegin(); slice < tile.getSliceBegin() + tile.getSliceCount();
         ++slice)
      planes[size_t(slice)] = slices[size_t(slice)].negative ? '-' : '#';
  return planes;
}

void Picture::drawGrid() {
  stream << "  planes    ";
  for (const SlicingAttr::Slice &slice : slices)
    stream << (slice.negative ? "-" : "") << "2^" << slice.shift << " ";
  stream << "(# stored, - stored and negative, . empty)\n";
  size_t drawn = 0, left = 0;
  for (int64_t stack = 0; stack < tiling.getStackCount(); ++stack) {
    if (drawn >= mostRows) {
      ++left;
      continue;
    }
    auto [begin, end] = tiling.getStackOutputs(stack);
    SmallVector<TileAttr> tiles = tiling.getStackTiles(stack, int64_t(slices.size()));
    stream << "  stack " << stack << "   outputs " << begin << ".." << end - 1 << ", "
           << tiling.getStackArrays(stack) << " arrays\n";
    // Tiles with the same rows and outputs differ in their planes.
    std::map<std::pair<std::vector<int64_t>, std::vector<int64_t>>, SmallVector<TileAttr>> blocks;
    for (TileAttr tile : tiles)
      blocks[{tile.getOutputs().asArrayRef().vec(), tile.getRows().asArrayRef().vec()}].push_back(
          tile);
    for (const auto &[place, block] : blocks) {
      if (++drawn > mostRows)
        continue;
      TileAttr first = block.front();
      int64_t rows = first.getRowCount(), outputs = first.getOutputCount();
      int64_t width = std::max<int64_t>(1, rows * 32 / std::max<int64_t>(1, tiling.getTileRows()));
      stream << "    |" << std::string(size_t(std::min<int64_t>(width, 32)), '=')
             << std::string(size_t(std::max<int64_t>(0, 32 - width)), ' ') << "| "
             << llvm::format("%4d rows from %d x %d outputs from %d", int(rows),
                             int(place.second.front()), int(outputs), int(place.first.front()))
             << "  " << planesOf(block);
      if (first.getShift() > 0)
        stream << "  all rows count 2^" << first.getShift();
      if (first.getDelay() > 0)
        stream << "  " << llvm::count(first.listDelays(), first.getDelay()) << " rows "
               << first.getDelay() << " late";
      stream << "\n";
    }
  }
  if (left > 0)
    stream << "    and " << left << " stacks more\n";
}

void Picture::drawPlacement() {
  if (!layer.getPlacementAttr())
    return;
  for (PartAttr part : layer.getPlacementAttr().getParts()) {
    stream << "  core " << part.getCore() << "    outputs " << part.getOutputBegin() << ".."
           << part.getOutputEnd() - 1;
    if (part.getShared())
      stream << " in " << part.getTiledArrays() << " arrays, " << part.getArrays()
             << " of them first used here\n";
    else
      stream << " in arrays " << part.getFirstArray() << ".."
             << part.getFirstArray() + part.getArrays() - 1
             << (part.getRound() > 0 ? " of round " + std::to_string(part.getRound()) : "") << "\n";
  }
}

LogicalResult mlir::pim::explainMapping(ModuleOp module, StringRef layer,
                                        llvm::raw_ostream &stream) {
  std::vector<LayerMapping> mappings = summarizeMapping(module);
  std::map<std::string, const LayerMapping *> byName;
  for (const LayerMapping &mapping : mappings)
    byName[mapping.name] = &mapping;
  bool isFound = false;
  module.walk([&](LayerOp op) {
    auto found = byName.find(op.getName().str());
    if (found == byName.end() || (!layer.empty() && op.getName() != layer))
      return;
    isFound = true;
    Picture(op, *found->second, stream).draw();
  });
  if (isFound || layer.empty())
    return success();
  std::vector<std::string> names;
  for (const LayerMapping &mapping : mappings)
    names.push_back(mapping.name);
  return module.emitError() << "no layer with weights is called '" << layer << "'"
                            << ::pim::describeLayers(layer.str(), names);
}
