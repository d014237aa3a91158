//===- Place.cpp - put arrays on cores -------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-place: the fewest cores, layer after layer, or a pipeline of layers; rounds where
// the chip is too small for either. Tested by test/Dialect/PIM/place*.mlir.
//
//===----------------------------------------------------------------------===//

#include "PipelinePlacement.h"
#include "RoundPlacement.h"
#include "SharedPlacement.h"
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
  using PimPlacePassBase::PimPlacePassBase;
  void runOnOperation() override;

  LogicalResult countNeeded();
  InFlightDiagnostic tooSmall();
  bool usesRounds() const {
    return target.allowsRounds && target.arraysPerCore > 0 && !target.isAnalog;
  }
  LogicalResult placeInRounds();
  LogicalResult placeShared();
  int64_t countShared();
  LogicalResult placeInOrder();
  FailureOr<int64_t> readBudget();
  LogicalResult placePipeline(func::FuncOp function, int64_t budget);
  LogicalResult placeMatrix(LayerOp layer, Conv2DOp matrix);
  LogicalResult placeAnalog(LayerOp layer, AnalogLayersOp chain);
  void placeBesideInput(LayerOp layer);

  MappingTarget target;
  int64_t needed = 0;        ///< arrays of one copy of every layer
  std::vector<int64_t> used; ///< arrays in use, by core
};
} // namespace

LogicalResult PimPlacePass::countNeeded() {
  needed = 0;
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
  walk = getOperation().walk([&](AnalogLayersOp op) {
    if (!op.getTilingAttr()) {
      op.emitOpError("has no tiling: run pim-tile before pim-place");
      return WalkResult::interrupt();
    }
    needed += op.getTilingAttr().getArrays();
    return WalkResult::advance();
  });
  return failure(walk.wasInterrupted());
}

/// An error that ends with what to do about it.
InFlightDiagnostic PimPlacePass::tooSmall() {
  InFlightDiagnostic error = getOperation().emitError();
  error << "model needs " << needed << " arrays, target '" << target.name << "' has "
        << target.arrays();
  return error;
}

static constexpr StringLiteral whatToDo =
    "; use fewer weight bits, a larger chip, or one with mapping.rounds: allowed";

/// On the first core that takes the whole layer, else stack by stack wherever there is room.
LogicalResult PimPlacePass::placeMatrix(LayerOp layer, Conv2DOp matrix) {
  TilingAttr tiling = matrix.getTilingAttr();
  int64_t stacks = tiling.getStackCount(), next = 0;
  SmallVector<PartAttr> parts;
  auto place = [&](int64_t core, int64_t count) {
    int64_t begin = tiling.getStackOutputs(next).first,
            end = tiling.getStackOutputs(next + count).first;
    int64_t arrays = tiling.getStackArrays(next, next + count);
    parts.push_back(PartAttr::get(&getContext(), core, begin, end, used[core], arrays, 0, 0, 0, 0));
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
                               << " arrays each, and too few of them are left together" << whatToDo;
  layer.setPlacementAttr(PlacementAttr::get(&getContext(), parts));
  return success();
}

/// Arrays that the layers take together on a chip with room for them; 0 where a stack fits no core.
int64_t PimPlacePass::countShared() {
  MappingTarget larger = target;
  larger.meshRows *= 2 + int64_t(llvm::divideCeil(needed, std::max<int64_t>(1, target.arrays())));
  SharedPlacement placement(larger);
  WalkResult walk = getOperation().walk([&](LayerOp layer) {
    return layer.getMatrixOp() && failed(placement.add(layer)) ? WalkResult::interrupt()
                                                               : WalkResult::advance();
  });
  return walk.wasInterrupted() ? 0 : placement.arraysUsed();
}

/// Analog lines do not leave a core, so a chain lies in one.
LogicalResult PimPlacePass::placeAnalog(LayerOp layer, AnalogLayersOp chain) {
  int64_t arrays = chain.getTilingAttr().getArrays(),
          outputs = chain.getOutputs(chain.getLayerCount() - 1);
  for (int64_t core = 0; core < target.cores(); ++core) {
    if (target.arraysPerCore - used[core] < arrays)
      continue;
    auto part = PartAttr::get(&getContext(), core, 0, outputs, used[core], arrays, 0, 0, 0, 0);
    used[core] += arrays;
    layer.setPlacementAttr(PlacementAttr::get(&getContext(), {part}));
    return success();
  }
  return layer.emitOpError() << "'" << layer.getName() << "' needs " << arrays
                             << " arrays on one core, those of target '" << target.name << "' have "
                             << target.arraysPerCore
                             << " each: use a target with a larger core.arrays";
}

/// First all matrices, then the others beside their inputs.
LogicalResult PimPlacePass::placeShared() {
  SharedPlacement placement(target);
  LayerOp homeless;
  getOperation().walk([&](LayerOp layer) {
    if (!layer.getMatrixOp() || succeeded(placement.add(layer)))
      return WalkResult::advance();
    homeless = layer;
    return WalkResult::interrupt();
  });
  if (homeless && usesRounds())
    return placeInRounds();
  if (homeless) {
    int64_t together = countShared();
    if (together == 0)
      return homeless.emitOpError() << "'" << homeless.getName() << "' finds no room: its outputs "
                                    << "take more arrays than a core of target '" << target.name
                                    << "' has, " << target.arraysPerCore << whatToDo;
    return tooSmall() << ": " << std::max<int64_t>(1, together - target.arrays())
                      << " are short where layers share them" << whatToDo;
  }
  placement.place();
  getOperation().walk([&](LayerOp layer) {
    if (!layer.getMatrixOp())
      placeBesideInput(layer);
  });
  numCores = placement.coresUsed();
  return success();
}

LogicalResult PimPlacePass::placeInRounds() {
  RoundPlacement placement(target);
  WalkResult walk = getOperation().walk([&](LayerOp layer) {
    return layer.getMatrixOp() && failed(placement.add(layer)) ? WalkResult::interrupt()
                                                               : WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();
  placement.place();
  getOperation().walk([&](LayerOp layer) {
    if (!layer.getMatrixOp())
      placeBesideInput(layer);
  });
  numCores = placement.coresUsed();
  numRounds = placement.rounds();
  return success();
}

/// Where the first input was made.
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
  auto part = PartAttr::get(&getContext(), core, 0, channels, 0, 0, 0, 0, 0, 0);
  layer.setPlacementAttr(PlacementAttr::get(&getContext(), {part}));
}

/// "300" arrays, or "2x" the fewest.
FailureOr<int64_t> PimPlacePass::readBudget() {
  StringRef text = arrayBudget;
  if (text.empty())
    return needed;
  double number = 0;
  bool isFactor = text.consume_back("x");
  if (text.getAsDouble(number) || !(number > 0) || number > 1e9 ||
      (!isFactor && number != std::floor(number)))
    return getOperation().emitError()
           << "array-budget '" << arrayBudget.getValue()
           << "' is neither a number of arrays nor a multiple of the fewest such as 2x";
  auto budget = int64_t(isFactor ? number * double(needed) : number);
  if (budget < needed)
    return getOperation().emitError() << "array-budget '" << arrayBudget.getValue() << "' is "
                                      << budget << " arrays, the model needs " << needed;
  return std::min(budget, target.arrays());
}

/// Layer after layer; others beside their inputs.
LogicalResult PimPlacePass::placeInOrder() {
  used.assign(target.cores(), 0);
  WalkResult walk = getOperation().walk([&](LayerOp layer) {
    if (Conv2DOp matrix = layer.getMatrixOp())
      return failed(placeMatrix(layer, matrix)) ? WalkResult::interrupt() : WalkResult::advance();
    if (AnalogLayersOp chain = layer.getAnalogOp())
      return failed(placeAnalog(layer, chain)) ? WalkResult::interrupt() : WalkResult::advance();
    placeBesideInput(layer);
    return WalkResult::advance();
  });
  numCores = llvm::count_if(used, [](int64_t arrays) { return arrays > 0; });
  return failure(walk.wasInterrupted());
}

LogicalResult PimPlacePass::placePipeline(func::FuncOp function, int64_t budget) {
  Block &block = function.getBody().front();
  InPlace inPlace(block);
  PipelinePlacement pipeline(target, budget);
  for (auto layer : block.getOps<LayerOp>())
    if (!inPlace.contains(layer) && failed(pipeline.add(layer)))
      return failure();
  if (objective == Objective::Throughput || objective == Objective::Latency)
    pipeline.replicate(objective == Objective::Latency);
  if (failed(pipeline.place())) {
    if (usesRounds())
      return placeInRounds();
    return getOperation().emitError()
           << "model needs " << needed << " arrays, too few of the " << target.arraysPerCore
           << " on each of the " << target.cores() << " cores of target '" << target.name
           << "' are left together" << whatToDo;
  }
  for (auto layer : block.getOps<LayerOp>())
    if (inPlace.contains(layer))
      placeBesideInput(layer);
  numCores = pipeline.coresUsed();
  Builder builder(&getContext());
  getOperation()->setAttr(
      "pim.routes",
      builder.getDictionaryAttr(
          {builder.getNamedAttr("byte_hops", builder.getF64FloatAttr(pipeline.byteHops())),
           builder.getNamedAttr("byte_hops_in_order",
                                builder.getF64FloatAttr(pipeline.byteHopsInOrder()))}));
  return success();
}

void PimPlacePass::runOnOperation() {
  FailureOr<MappingTarget> found = MappingTarget::of(getOperation());
  if (failed(found))
    return signalPassFailure();
  target = *found;
  if (failed(countNeeded()))
    return signalPassFailure();
  // Chains of analog layers are neither copied nor do they share arrays, and nothing else of such
  // a chip works beside them.
  if (objective == Objective::Arrays && shareArrays && !target.isAnalog) {
    if (failed(placeShared()))
      signalPassFailure();
    return;
  }
  if (needed > target.arrays()) {
    if (!usesRounds())
      tooSmall() << ": " << needed - target.arrays() << " are short" << whatToDo;
    if (!usesRounds() || failed(placeInRounds()))
      signalPassFailure();
    return;
  }
  FailureOr<int64_t> budget = readBudget();
  if (failed(budget))
    return signalPassFailure();
  if (objective != Objective::Arrays && !target.isAnalog) {
    for (func::FuncOp function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal() && failed(placePipeline(function, *budget)))
        return signalPassFailure();
    return;
  }
  if (failed(placeInOrder()))
    signalPassFailure();
}
