//===- ArrayFactors.cpp - arrays after each step of the mapping -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/ArrayFactors.h"
#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::pim;

static constexpr StringLiteral attrName = "pim.arrays";

ArrayFactors &ArrayFactors::operator+=(const ArrayFactors &other) {
  dense16 += other.dense16;
  dense += other.dense;
  pruned += other.pruned;
  sliced += other.sliced;
  squeezed += other.squeezed;
  ordered += other.ordered;
  packed += other.packed;
  return *this;
}

static int64_t slicesOf(Conv2DOp op, int64_t bits) {
  return int64_t(llvm::divideCeil(bits, int64_t(op.getSlicingAttr().getCellBits())));
}

ArrayFactors ArrayFactors::of(Conv2DOp op, int64_t rows, int64_t cols) {
  ArrayFactors factors;
  factors.dense16 = countDenseArrays(op, rows, cols, slicesOf(op, 16));
  factors.dense = countDenseArrays(op, rows, cols, slicesOf(op, 8));
  factors.packed = op.getTilingAttr().getArrays();
  factors.pruned = factors.dense;
  factors.sliced = factors.squeezed = factors.packed;
  if (auto kept = op->getAttrOfType<DictionaryAttr>(attrName))
    for (auto [name, member] : {std::pair(StringRef("pruned"), &factors.pruned),
                                {"sliced", &factors.sliced},
                                {"squeezed", &factors.squeezed},
                                {"ordered", &factors.ordered}})
      if (auto value = kept.getAs<IntegerAttr>(name))
        *member = value.getInt();
  return factors;
}

void ArrayFactors::attach(Conv2DOp op) const {
  Builder builder(op.getContext());
  op->setAttr(attrName, builder.getDictionaryAttr(
                            {builder.getNamedAttr("pruned", builder.getI64IntegerAttr(pruned)),
                             builder.getNamedAttr("sliced", builder.getI64IntegerAttr(sliced)),
                             builder.getNamedAttr("squeezed", builder.getI64IntegerAttr(squeezed)),
                             builder.getNamedAttr("ordered", builder.getI64IntegerAttr(ordered))}));
}

int64_t mlir::pim::countDenseArrays(Conv2DOp op, int64_t rows, int64_t cols, int64_t slices) {
  // The matrix as it was before any channel went.
  int64_t matrixRows = op.getMatrixRows(), matrixCols = op.getMatrixCols(), groups = op.getGroups();
  auto shape = op->getAttrOfType<DenseI64ArrayAttr>("pim.dense_shape");
  if (shape && shape.size() == 3) {
    matrixRows = shape[0];
    matrixCols = shape[1];
    groups = shape[2];
  }
  // Slices of one weight may lie on both sides of an array's edge.
  return groups * int64_t(llvm::divideCeil(matrixRows, rows)) *
         int64_t(llvm::divideCeil(matrixCols * slices, cols));
}

int64_t mlir::pim::countCompactArrays(Conv2DOp op, ArrayRef<char> weights, int64_t rows,
                                      int64_t cols, int64_t slices) {
  int64_t matrixRows = op.getMatrixRows(), perGroup = op.getMatrixCols(), arrays = 0;
  int64_t perArray = std::max<int64_t>(1, cols / slices);
  std::vector<uint8_t> isUsed(size_t(matrixRows), 0);
  for (int64_t group = 0; group < op.getGroups(); ++group) {
    int64_t held = 0;
    auto finish = [&] {
      int64_t used = llvm::count(isUsed, 1);
      arrays += int64_t(llvm::divideCeil(used, rows));
      std::fill(isUsed.begin(), isUsed.end(), 0);
      held = 0;
    };
    for (int64_t output = group * perGroup; output < (group + 1) * perGroup; ++output) {
      bool isZero = true;
      for (int64_t row = 0; row < matrixRows; ++row)
        if (weights[size_t(output * matrixRows + row)] != 0) {
          isUsed[size_t(row)] = 1;
          isZero = false;
        }
      if (!isZero && ++held == perArray)
        finish();
    }
    finish();
  }
  return arrays;
}

int64_t mlir::pim::countCells(Conv2DOp op) {
  TilingAttr tiling = op.getTilingAttr();
  int64_t slices = op.getSlicingAttr().getSliceCount();
  if (!tiling.hasStacks())
    return tiling.getGroups() * tiling.getMatrixRows() * tiling.getMatrixCols() * slices;
  int64_t cells = 0;
  for (int64_t stack = 0; stack < tiling.getStackCount(); ++stack)
    for (TileAttr tile : tiling.getStackTiles(stack, slices))
      cells += tile.getRowCount() * tile.getOutputCount() * tile.getSliceCount();
  return cells;
}
