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

#include "AnalogTiling.h"
#include "OutputOrder.h"
#include "TilePlan.h"
#include "pim/Dialect/PIM/IR/ArrayFactors.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/PIM/Transforms/Passes.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMTILEPASS
#include "pim/Dialect/PIM/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

/// Bounds the search for an order of outputs to about half a second for a layer.
static constexpr int64_t mostClusterSteps = int64_t(1) << 29;

namespace {
struct PimTilePass : mlir::pim::impl::PimTilePassBase<PimTilePass> {
  void runOnOperation() override;

  LogicalResult tile(Conv2DOp op, const MappingTarget &target);
};
} // namespace

/// What of the arrays saved is the zeros', and what the slicing's.
static void countFactors(Conv2DOp op, ArrayRef<char> weights, const MappingTarget &target,
                         int64_t savedByOrder) {
  ArrayFactors factors;
  factors.ordered = savedByOrder;
  int64_t slices = int64_t(llvm::divideCeil(8, target.cellBits));
  factors.pruned = countCompactArrays(op, weights, target.matrixRows, target.matrixColumns, slices);
  factors.sliced = op.getTilingAttr().getArrays();
  if (op.getGroups() > 1) {
    TilePlan apart(op, weights, target);
    apart.packsGroups = false;
    apart.cut();
    factors.sliced = apart.tiling(weights).getArrays();
  }
  factors.squeezed = factors.sliced;
  factors.attach(op);
}

LogicalResult PimTilePass::tile(Conv2DOp op, const MappingTarget &target) {
  SlicingAttr slicing = op.getSlicingAttr();
  if (!slicing)
    return op.emitOpError("has no slicing: run pim-bit-slice before pim-tile");
  bool inColumns = slicing.getLayout() == SliceLayout::Columns;
  int64_t slices = slicing.getSliceCount();
  if (inColumns && target.matrixColumns < slices)
    return op.emitOpError() << "needs " << slices
                            << " neighbouring columns for a weight, the arrays of target '"
                            << target.name << "' have " << target.matrixColumns;
  if (slicing.getFragmentRows() > target.matrixRows)
    return op.emitOpError() << "has fragments of " << slicing.getFragmentRows()
                            << " rows, the arrays of target '" << target.name << "' have "
                            << target.matrixRows;
  std::optional<ConstantBytes> weights = readBytes(op.getWeights());
  if (!weights)
    return op.emitOpError("has weights without data");
  TilePlan plan(op, *weights, target);
  plan.cut();
  TilingAttr tiling = plan.tiling(*weights);
  // Another order of the outputs pays only where it saves arrays, and a core must hold them all. A
  // matrix with few zeros has none to gather.
  int64_t savedByOrder = 0;
  bool isSparse = int64_t(llvm::count(*weights, 0)) * 8 >= int64_t(weights->size());
  if (isSparse && tiling.getStackCount() > 1) {
    std::vector<int64_t> order = clusterOutputs(op, *weights, plan.tileCols(), mostClusterSteps);
    if (!order.empty()) {
      TilePlan clustered(op, *weights, target);
      clustered.cut(order);
      TilingAttr other = clustered.tiling(*weights);
      if (other.getArrays() < tiling.getArrays() && other.getArrays() <= target.arraysPerCore) {
        savedByOrder = tiling.getArrays() - other.getArrays();
        tiling = other;
      }
    }
  }
  op.setTilingAttr(tiling);
  countFactors(op, *weights, target, savedByOrder);
  numClustered += savedByOrder;
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
    return signalPassFailure();
  walk = getOperation().walk([&](AnalogLayersOp op) {
    if (failed(tileAnalogLayers(op, *target)))
      return WalkResult::interrupt();
    numArrays += op.getTilingAttr().getArrays();
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    signalPassFailure();
}
