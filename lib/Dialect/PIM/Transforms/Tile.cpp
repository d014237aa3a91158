//===- Tile.cpp - cut the matrix of each layer into arrays -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-tile; equations in docs/mapping.md. Tested by test/Dialect/PIM/tile.mlir and
// tile-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/Transforms/MappingTarget.h"
#include "pim/Dialect/PIM/Transforms/Passes.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMTILEPASS
#include "pim/Dialect/PIM/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimTilePass : mlir::pim::impl::PimTilePassBase<PimTilePass> {
  void runOnOperation() override;

  LogicalResult tile(Conv2DOp op, const MappingTarget &target);
};
} // namespace

LogicalResult PimTilePass::tile(Conv2DOp op, const MappingTarget &target) {
  SlicingAttr slicing = op.getSlicingAttr();
  if (!slicing)
    return op.emitOpError("has no slicing: run pim-bit-slice before pim-tile");
  bool inColumns = slicing.getLayout() == SliceLayout::Columns;
  int64_t slices = slicing.getSliceCount();
  int64_t tileCols = inColumns ? target.matrixColumns / slices : target.matrixColumns;
  if (tileCols == 0)
    return op.emitOpError() << "needs " << slices
                            << " neighbouring columns for a weight, the arrays of target '"
                            << target.name << "' have " << target.matrixColumns;
  int64_t rows = op.getMatrixRows(), cols = op.getMatrixCols();
  int64_t perArray = std::min({op.getGroups(), target.matrixRows / rows, tileCols / cols});
  auto tiling = TilingAttr::get(&getContext(), op.getGroups(), rows, cols, target.matrixRows,
                                tileCols, std::max<int64_t>(1, perArray), inColumns ? 1 : slices);
  op.setTilingAttr(tiling);
  numArrays += tiling.getArrays();
  return success();
}

void PimTilePass::runOnOperation() {
  FailureOr<MappingTarget> target = MappingTarget::of(getOperation());
  if (failed(target))
    return signalPassFailure();
  WalkResult walk = getOperation().walk([&](Conv2DOp op) {
    return failed(tile(op, *target)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (walk.wasInterrupted())
    signalPassFailure();
}
