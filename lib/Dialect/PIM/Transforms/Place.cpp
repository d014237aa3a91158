//===- Place.cpp - put arrays on cores -------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-place. Tested by test/Dialect/PIM/place.mlir and place-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "pim/Dialect/PIM/IR/LayerPlan.h"
#include "pim/Dialect/PIM/Transforms/MappingTarget.h"
#include "pim/Dialect/PIM/Transforms/Passes.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMPLACEPASS
#include "pim/Dialect/PIM/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimPlacePass : mlir::pim::impl::PimPlacePassBase<PimPlacePass> {
  void runOnOperation() override;

  LogicalResult checkFit();
  LogicalResult placeMatrix(LayerOp layer, Conv2DOp matrix);
  void placeBesideInput(LayerOp layer);

  MappingTarget target;
  std::vector<int64_t> used; ///< arrays in use, by core
};
} // namespace

LogicalResult PimPlacePass::checkFit() {
  int64_t needed = 0;
  WalkResult walk = getOperation().walk([&](Conv2DOp op) {
    if (!op.getTilingAttr()) {
      op.emitOpError("has no tiling: run pim-tile before pim-place");
      return WalkResult::interrupt();
    }
    needed += op.getTilingAttr().getArrays();
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();
  if (needed <= target.arrays())
    return success();
  return getOperation().emitError()
         << "model needs " << needed << " arrays, target '" << target.name << "' has "
         << target.arrays() << ": " << needed - target.arrays()
         << " are short; use fewer weight bits or a larger chip";
}

/// On the first core that takes the whole layer, else stack by stack wherever there is room.
LogicalResult PimPlacePass::placeMatrix(LayerOp layer, Conv2DOp matrix) {
  TilingAttr tiling = matrix.getTilingAttr();
  int64_t stacks = tiling.getStackCount(), next = 0;
  SmallVector<PartAttr> parts;
  auto place = [&](int64_t core, int64_t count) {
    int64_t begin = tiling.getStackOutputs(next).first,
            end = tiling.getStackOutputs(next + count).first;
    int64_t arrays = tiling.getStackArrays(next, next + count);
    parts.push_back(PartAttr::get(&getContext(), core, begin, end, used[core], arrays));
    used[core] += arrays;
    next += count;
  };
  for (int64_t core = 0; core < target.cores() && next == 0; ++core)
    if (target.arraysPerCore - used[core] >= tiling.getArrays())
      place(core, stacks);
  for (int64_t core = 0; core < target.cores() && next < stacks; ++core) {
    int64_t room = target.arraysPerCore - used[core], count = 0;
    while (next + count < stacks && tiling.getStackArrays(next, next + count + 1) <= room)
      ++count;
    if (count > 0)
      place(core, count);
  }
  if (next < stacks)
    return layer.emitOpError() << "'" << layer.getName() << "' needs "
                               << tiling.getStackArrays(next, stacks)
                               << " more arrays, in groups of " << tiling.getStackArrays(next)
                               << " on one core; the cores of target '" << target.name << "' have "
                               << target.arraysPerCore
                               << " arrays each, and too few of them are left together";
  layer.setPlacementAttr(PlacementAttr::get(&getContext(), parts));
  return success();
}

/// Where the first input was made: its rows need not travel between cores one day.
void PimPlacePass::placeBesideInput(LayerOp layer) {
  int64_t core = 0;
  for (Value input : layer.getInputs()) {
    Operation *def = input.getDefiningOp();
    while (def && !isa<LayerOp>(def) && def->getNumOperands() > 0)
      def = def->getOperand(0).getDefiningOp();
    auto producer = dyn_cast_or_null<LayerOp>(def);
    if (producer && producer.getPlacementAttr()) {
      core = producer.getPlacementAttr().getParts().front().getCore();
      break;
    }
  }
  int64_t channels = MapShape::of(layer.getResultType().getShape()).channels;
  auto part = PartAttr::get(&getContext(), core, 0, channels, 0, 0);
  layer.setPlacementAttr(PlacementAttr::get(&getContext(), {part}));
}

void PimPlacePass::runOnOperation() {
  FailureOr<MappingTarget> found = MappingTarget::of(getOperation());
  if (failed(found))
    return signalPassFailure();
  target = *found;
  if (failed(checkFit()))
    return signalPassFailure();
  used.assign(target.cores(), 0);
  WalkResult walk = getOperation().walk([&](LayerOp layer) {
    if (Conv2DOp matrix = layer.getMatrixOp())
      return failed(placeMatrix(layer, matrix)) ? WalkResult::interrupt() : WalkResult::advance();
    placeBesideInput(layer);
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return signalPassFailure();
  numCores = llvm::count_if(used, [](int64_t arrays) { return arrays > 0; });
}
