//===- CellImagesTest.cpp - the cells give the weights back ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Conversion/PIMToISA/CellImages.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

#include <random>
#include <set>

using namespace mlir;
using namespace mlir::pim;

namespace {

struct Shape {
  int64_t channels, outputs, kernel, groups;
};

struct Geometry {
  int64_t rows, cols;
  unsigned cellBits;
};

class CellImagesTest : public testing::Test {
protected:
  CellImagesTest() : builder(&context) { context.loadDialect<PIMDialect>(); }

  /// A convolution with random weights, sliced and tiled for `geometry`.
  OwningOpRef<Conv2DOp> makeConv(const Shape &shape, const Geometry &geometry, unsigned bits,
                                 SliceScheme scheme, SliceLayout layout) {
    int64_t perGroup = shape.channels / shape.groups;
    weights.resize(size_t(shape.outputs * shape.kernel * shape.kernel * perGroup));
    int half = 1 << (bits - 1);
    for (char &weight : weights)
      weight = bits == 1 ? (random() % 2 ? 1 : -1)
                         : char(int(random() % unsigned(2 * half - 1)) - (half - 1));
    Type i8 = builder.getI8Type(), i32 = builder.getI32Type();
    auto weightType =
        RankedTensorType::get({shape.outputs, shape.kernel, shape.kernel, perGroup}, i8);
    auto biasType = RankedTensorType::get({shape.outputs}, i32);
    auto input = RankedTensorType::get({1, shape.kernel, shape.kernel, shape.channels}, i8);
    auto result = RankedTensorType::get({1, 1, 1, shape.outputs}, i32);
    block.emplace();
    Value x = block->addArgument(input, builder.getUnknownLoc());
    auto slicing = SlicingAttr::get(&context, bits, geometry.cellBits, 8, 128, 1, scheme, layout);
    bool inColumns = layout == SliceLayout::Columns;
    int64_t slices = slicing.getSliceCount(), rows = shape.kernel * shape.kernel * perGroup;
    int64_t cols = shape.outputs / shape.groups;
    int64_t tileCols = inColumns ? geometry.cols / slices : geometry.cols;
    int64_t perArray = std::min({shape.groups, geometry.rows / rows, tileCols / cols});
    auto tiling = TilingAttr::get(&context, shape.groups, rows, cols, geometry.rows, tileCols,
                                  std::max<int64_t>(1, perArray), inColumns ? 1 : slices);
    return OwningOpRef<Conv2DOp>(Conv2DOp::create(
        builder, builder.getUnknownLoc(), result, x,
        cast<ElementsAttr>(DenseElementsAttr::getFromRawBuffer(weightType, weights)),
        cast<ElementsAttr>(DenseElementsAttr::get(biasType, builder.getI32IntegerAttr(0))),
        ArrayRef<int64_t>{0, 0, 0, 0}, ArrayRef<int64_t>{1, 1}, ArrayRef<int64_t>{1, 1},
        shape.groups, 0, bits, slicing, tiling));
  }

  /// The weight between row and output of the part's matrix, decoded from the cells.
  std::vector<std::vector<int64_t>> decode(Conv2DOp op, PartAttr part, const CellImages &cells,
                                           ArrayRef<CellTile> tiles, int64_t matrixRows) {
    SlicingAttr slicing = op.getSlicingAttr();
    SmallVector<SlicingAttr::Slice> slices = slicing.getSlices();
    std::vector<std::vector<int64_t>> matrix(
        size_t(matrixRows),
        std::vector<int64_t>(size_t(part.getOutputEnd() - part.getOutputBegin())));
    std::set<std::tuple<int64_t, int64_t, int64_t>> used;
    for (const CellTile &tile : tiles)
      for (int64_t row = 0; row < tile.rowCount; ++row)
        for (int64_t output = 0; output < tile.outputCount; ++output)
          for (int64_t s = 0; s < tile.sliceCount; ++s) {
            int64_t at = tile.rowOffset + row, col = tile.colOffset + output * tile.sliceCount + s;
            EXPECT_TRUE(used.insert({tile.array, at, col}).second) << "two tiles share a cell";
            const SlicingAttr::Slice &slice = slices[size_t(tile.sliceBegin + s)];
            int64_t value = int64_t(cells.cell(tile.array, at, col)) << slice.shift;
            int64_t matrixRow = tile.rows.empty() ? tile.rowBegin + row : tile.rows[size_t(row)];
            int64_t &weight = matrix[size_t(matrixRow)][size_t(tile.outputBegin + output)];
            weight += slicing.getWeightScale() * (slice.negative ? -value : value);
            if (tile.sliceBegin + s == 0)
              weight += slicing.getWeightOffset();
          }
    return matrix;
  }

  void expectWeightsBack(const Shape &shape, const Geometry &geometry, unsigned bits,
                         SliceScheme scheme, SliceLayout layout) {
    OwningOpRef<Conv2DOp> op = makeConv(shape, geometry, bits, scheme, layout);
    TilingAttr tiling = op->getTilingAttr();
    // Two parts, as if the layer were split between cores at a stack.
    int64_t split = tiling.getStackCount() / 2, first = 3;
    CellImages cells(geometry.rows, geometry.cols, geometry.cellBits);
    for (auto [begin, end] :
         {std::pair(int64_t(0), split), std::pair(split, tiling.getStackCount())}) {
      if (begin == end)
        continue;
      auto part = PartAttr::get(&context, 0, tiling.getStackOutputs(begin).first,
                                tiling.getStackOutputs(end - 1).second, first,
                                tiling.getStackArrays(begin, end), 0, 0, 0, 0);
      first += part.getArrays();
      cells.resize(first);
      std::vector<CellTile> tiles = makeTiles(*op, part);
      cells.program(*op, part, tiles, weights);
      checkPart(*op, part, cells, tiles);
    }
  }

  void checkPart(Conv2DOp op, PartAttr part, const CellImages &cells, ArrayRef<CellTile> tiles) {
    auto [channelBegin, channelEnd] =
        op.getInputChannels(part.getOutputBegin(), part.getOutputEnd());
    int64_t taps = op.getKernelRows() * op.getKernelCols();
    int64_t perGroup = op.getInputChannels() / op.getGroups(),
            partChannels = channelEnd - channelBegin;
    auto matrix = decode(op, part, cells, tiles, taps * partChannels);
    for (int64_t output = part.getOutputBegin(); output < part.getOutputEnd(); ++output)
      for (int64_t tap = 0; tap < taps; ++tap)
        for (int64_t channel = channelBegin; channel < channelEnd; ++channel) {
          int64_t group = output / op.getMatrixCols(), within = channel - group * perGroup;
          int64_t expected = 0;
          if (within >= 0 && within < perGroup)
            expected = int8_t(weights[size_t((output * taps + tap) * perGroup + within)]);
          EXPECT_EQ(matrix[size_t(tap * partChannels + channel - channelBegin)]
                          [size_t(output - part.getOutputBegin())],
                    expected);
        }
  }

  MLIRContext context;
  OpBuilder builder;
  std::optional<Block> block;
  std::mt19937 random{7};
  std::vector<char> weights;
};

TEST_F(CellImagesTest, DecodeToTheWeights) {
  for (const Shape &shape : {Shape{3, 5, 3, 1}, Shape{40, 21, 1, 1}, Shape{6, 6, 3, 6},
                             Shape{8, 12, 2, 4}, Shape{5, 15, 1, 5}, Shape{24, 6, 3, 2}})
    for (const Geometry &geometry :
         {Geometry{16, 32, 1}, Geometry{70, 24, 2}, Geometry{128, 128, 4}})
      for (SliceScheme scheme :
           {SliceScheme::Offset, SliceScheme::Differential, SliceScheme::TwosComplement})
        for (SliceLayout layout : {SliceLayout::Columns, SliceLayout::Arrays})
          for (unsigned bits : {1u, 3u, 8u})
            expectWeightsBack(shape, geometry, bits, scheme, layout);
}

TEST_F(CellImagesTest, AreLaidOutAsProgrammed) {
  // One column per output: 8-bit cells would be wider, so 4-bit weights in 4-bit cells.
  OwningOpRef<Conv2DOp> op =
      makeConv({70, 1, 1, 1}, {70, 2, 4}, 4, SliceScheme::Offset, SliceLayout::Columns);
  std::fill(weights.begin(), weights.end(), char(-8)); // code 0
  weights[65] = 7;                                     // code 15
  auto part = PartAttr::get(&context, 0, 0, 1, 0, 1, 0, 0, 0, 0);
  CellImages cells(70, 2, 4);
  cells.resize(1);
  cells.program(*op, part, makeTiles(*op, part), weights);
  // 2 columns x 4 bits x 2 words; row 65 is bit 1 of the second word of every bit of column 0.
  ASSERT_EQ(cells.bytes().size(), 2u * 4 * 2 * 8);
  for (size_t byte = 0; byte < cells.bytes().size(); ++byte)
    EXPECT_EQ(cells.bytes()[byte], byte < 64 && byte % 16 == 8 ? 2 : 0) << "byte " << byte;
}

} // namespace
