//===- Schedule.cpp - lay out memory and cut layers into blocks -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-schedule. Tested by test/Dialect/PIM/schedule.mlir and schedule-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "GlobalMemory.h"
#include "InPlace.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/IR/LayerPlan.h"
#include "pim/Dialect/PIM/Transforms/MappingTarget.h"
#include "pim/Dialect/PIM/Transforms/Passes.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMSCHEDULEPASS
#include "pim/Dialect/PIM/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

/// Scratchpad buffers begin at multiples of this, so that vector accesses are aligned.
static constexpr int64_t bufferAlignment = 64;

namespace {
struct PimSchedulePass : mlir::pim::impl::PimSchedulePassBase<PimSchedulePass> {
  using PimSchedulePassBase::PimSchedulePassBase;
  void runOnOperation() override;

  struct Location {
    int64_t address, rowPitch, colPitch;
  };

  int64_t allocate(func::FuncOp function, const InPlace &inPlace, bool reuses);
  LogicalResult placeInGlobalMemory(func::FuncOp function, const InPlace &inPlace);
  Location locate(LayerOp layer, const InPlace &inPlace);
  LogicalResult schedule(LayerOp layer, const InPlace &inPlace);
  FailureOr<ScheduleAttr> cutIntoBlocks(LayerOp layer, const LayerPlan &plan, Location place);
  ScheduleAttr makeSchedule(LayerOp layer, const LayerPlan &plan, BlockShape block, Location place);

  MappingTarget target;
  DenseMap<Value, int64_t> addresses;      ///< of layer results, arguments and constants
  DenseMap<Operation *, int64_t> partials; ///< where the chains of a layer pass on their sums
};
} // namespace

//===----------------------------------------------------------------------===//
// Global memory
//===----------------------------------------------------------------------===//

/// Gives addresses to all values that have memory of their own, and returns the bytes they take.
/// With `reuses`, a range is free again after the last layer that reads it.
int64_t PimSchedulePass::allocate(func::FuncOp function, const InPlace &inPlace, bool reuses) {
  Block &block = function.getBody().front();
  GlobalMemory memory;
  addresses.clear();
  // The op after which nobody reads a range, by the op or argument that owns it; the terminator for
  // what stays.
  auto ownerOf = [&](Value value) {
    Value root = memoryRoot(inPlace.rootOf(memoryRoot(value)).value);
    return root.getDefiningOp() ? root.getDefiningOp()->getResult(0) : root;
  };
  DenseMap<Value, Operation *> lastUse;
  for (Operation &op : block)
    if (isa<LayerOp>(op) || op.hasTrait<OpTrait::IsTerminator>())
      for (Value operand : op.getOperands())
        lastUse[ownerOf(operand)] = &op;
  // Constants come first: their place is never reused.
  for (auto constant : block.getOps<tosa::ConstOp>())
    if (lastUse.contains(constant.getOutput()))
      addresses[constant.getOutput()] = memory.allocate(globalBytes(constant.getType()));
  // What chains pass on is written and read by one layer alone: no place for anybody else.
  for (auto layer : block.getOps<LayerOp>())
    if (PlacementAttr placement = layer.getPlacementAttr(); placement && placement.hasChains())
      partials[layer] = memory.allocate(layer.getResultType().getNumElements() * 4);
  SmallVector<Value> live;
  for (BlockArgument argument : block.getArguments()) {
    addresses[argument] = memory.allocate(globalBytes(argument.getType()));
    live.push_back(argument);
  }
  for (auto layer : block.getOps<LayerOp>()) {
    Value owner = ownerOf(layer.getResult(0));
    if (!addresses.contains(owner)) {
      auto making = owner.getDefiningOp<LayerOp>();
      addresses[owner] = memory.allocate(making.getResultBytes());
      live.push_back(owner);
    }
    if (!reuses)
      continue;
    llvm::erase_if(live, [&](Value value) {
      Operation *last = lastUse.lookup(value);
      bool isDead = last ? last == layer : value.getDefiningOp() == layer;
      if (isDead)
        memory.release(addresses[value]);
      return isDead;
    });
  }
  return memory.peak();
}

/// While layers or images overlap, values keep their memory if there is enough of it: reuse makes
/// the next owner wait for the readers of the one before.
LogicalResult PimSchedulePass::placeInGlobalMemory(func::FuncOp function, const InPlace &inPlace) {
  Builder builder(&getContext());
  bool isPipeline = objective != Objective::Arrays;
  int64_t wanted =
      isPipeline && objective != Objective::Latency ? std::max(1u, images.getValue()) : 1;
  int64_t bytes = allocate(function, inPlace, /*reuses=*/!isPipeline);
  if (isPipeline && bytes * std::min<int64_t>(wanted, 2) > target.globalMemoryBytes)
    bytes = allocate(function, inPlace, /*reuses=*/true);
  numGlobalBytes = bytes;
  if (bytes > target.globalMemoryBytes)
    return getOperation().emitError()
           << "model needs " << bytes << " bytes of global memory, target '" << target.name
           << "' has " << target.globalMemoryBytes;
  int64_t inFlight = std::min(wanted, target.globalMemoryBytes / std::max<int64_t>(1, bytes));
  if (inFlight > 1)
    getOperation()->setAttr("pim.images_in_flight", builder.getI64IntegerAttr(inFlight));
  Block &block = function.getBody().front();
  for (auto constant : block.getOps<tosa::ConstOp>())
    if (addresses.contains(constant.getOutput()))
      constant->setAttr("pim.address", builder.getI64IntegerAttr(addresses[constant.getOutput()]));
  for (BlockArgument argument : block.getArguments())
    function.setArgAttr(argument.getArgNumber(), "pim.address",
                        builder.getI64IntegerAttr(addresses[argument]));
  return success();
}

/// Where the result of a layer lies.
PimSchedulePass::Location PimSchedulePass::locate(LayerOp layer, const InPlace &inPlace) {
  Inside inside = inPlace.rootOf(layer.getResult(0));
  if (inside.value == layer.getResult(0))
    return {addresses[inside.value], 0, 0};
  auto type = cast<RankedTensorType>(inside.value.getType());
  int64_t element = int64_t(llvm::divideCeil(type.getElementTypeBitWidth(), 8));
  int64_t colPitch = type.getDimSize(3) * element, rowPitch = type.getDimSize(2) * colPitch;
  return {addresses[inside.value] + inside.row * rowPitch + inside.col * colPitch +
              inside.channel * element,
          rowPitch, colPitch};
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

/// Bytes of scratchpad that all buffers together take.
static int64_t scratchpadBytes(const LayerPlan &plan, BlockShape block) {
  int64_t bytes = 0;
  for (const PlanBuffer &buffer : plan.buffers)
    bytes += int64_t(llvm::alignTo(plan.bytes(buffer, block), bufferAlignment)) *
             plan.copies(buffer, block);
  return bytes;
}

ScheduleAttr PimSchedulePass::makeSchedule(LayerOp layer, const LayerPlan &plan, BlockShape block,
                                           Location place) {
  SmallVector<BufferAttr> buffers;
  int64_t address = 0;
  for (const PlanBuffer &buffer : plan.buffers) {
    int64_t bytes = int64_t(llvm::alignTo(plan.bytes(buffer, block), bufferAlignment));
    buffers.push_back(
        BufferAttr::get(&getContext(), buffer.name, address, bytes, plan.copies(buffer, block)));
    address = buffers.back().getEnd();
  }
  return ScheduleAttr::get(&getContext(), block.rows, block.cols, block.channels,
                           RowRing::of(plan.window, block.rows).ringRows, target.scratchpadBytes,
                           place.address, place.rowPitch, place.colPitch, false,
                           partials.lookup(layer), buffers);
}

/// The whole result of each part, and the inputs for that.
static BlockShape wholeBlock(LayerOp layer, MapShape whole) {
  BlockShape block{1, 0, whole.channels, whole.channels};
  Conv2DOp matrix = layer.getMatrixOp();
  if (matrix)
    block.channels = block.inputChannels = 0;
  for (PartAttr part : layer.getPlacementAttr().getParts()) {
    auto [firstCol, endCol] = part.getCols(whole.cols);
    block.cols = std::max(block.cols, endCol - firstCol);
    if (!matrix)
      continue;
    auto [begin, end] = matrix.getInputChannels(part.getOutputBegin(), part.getOutputEnd());
    block.inputChannels = std::max(block.inputChannels, end - begin);
    block.channels = std::max(block.channels, part.getOutputEnd() - part.getOutputBegin());
  }
  return block;
}

/// Fewer outputs at a time for a matrix: some of the stacks of a part, which read the inputs anew.
/// False where each has one already.
static bool takeFewerStacks(LayerOp layer, BlockShape &block) {
  Conv2DOp matrix = layer.getMatrixOp();
  ArrayRef<PartAttr> parts = layer.getPlacementAttr().getParts();
  int64_t channels = 0, inputChannels = 0;
  for (PartAttr part : parts)
    for (PartAttr piece : splitByStacks(matrix, part, block.channels / 2))
      channels = std::max(channels, piece.getOutputEnd() - piece.getOutputBegin());
  if (channels >= block.channels)
    return false;
  for (PartAttr part : parts)
    for (PartAttr piece : splitByStacks(matrix, part, channels)) {
      auto [begin, end] = matrix.getInputChannels(piece.getOutputBegin(), piece.getOutputEnd());
      inputChannels = std::max(inputChannels, end - begin);
    }
  block.channels = channels;
  block.inputChannels = inputChannels;
  return true;
}

/// Tries whole rows first, then fewer channels where no sum runs over them, then fewer columns; for
/// each, as many rows as leave the wished number of blocks. What is still too large does without
/// second copies of buffers, and so without overlap of arrays and vector unit; then, of a matrix,
/// the outputs are computed some stacks at a time, while the others stay in global memory.
FailureOr<ScheduleAttr> PimSchedulePass::cutIntoBlocks(LayerOp layer, const LayerPlan &plan,
                                                       Location place) {
  bool isMatrix = layer.getKind() == LayerKind::Matrix;
  MapShape whole = plan.window.output;
  int64_t mostRows = std::max<int64_t>(1, whole.rows / std::max(1u, targetBlocks.getValue()));
  BlockShape block = wholeBlock(layer, whole);
  int64_t mostCols = block.cols;
  while (true) {
    for (block.rows = mostRows; block.rows >= 1; --block.rows)
      if (scratchpadBytes(plan, block) <= target.scratchpadBytes)
        return makeSchedule(layer, plan, block, place);
    block.rows = 1;
    if (!isMatrix && block.channels > 1)
      block.inputChannels = block.channels = (block.channels + 1) / 2;
    else if (block.cols > 1)
      block.cols = (block.cols + 1) / 2;
    else if (block.mostCopies > 1) {
      block.mostCopies = 1;
      block.cols = mostCols;
    } else if (isMatrix && takeFewerStacks(layer, block))
      block.cols = mostCols;
    else
      break;
  }
  return layer.emitOpError() << "'" << layer.getName() << "' needs " << scratchpadBytes(plan, block)
                             << " bytes of scratchpad for its smallest block, target '"
                             << target.name << "' has " << target.scratchpadBytes
                             << ": use a target with a larger core.scratchpad_kib"
                             << (layer.getPlacementAttr().sharesArrays()
                                     ? ", or --no-shared-arrays, which lets outputs take turns"
                                     : "");
}

LogicalResult PimSchedulePass::schedule(LayerOp layer, const InPlace &inPlace) {
  if (!layer.getPlacementAttr())
    return layer.emitOpError("has no placement: run pim-place before pim-schedule");
  Location place = locate(layer, inPlace);
  if (AnalogLayersOp analog = layer.getAnalogOp()) {
    // The signs of one vector and what the converters read of it.
    int64_t bytes = int64_t(llvm::alignTo(uint64_t(analog.getInputs(0)), bufferAlignment)) +
                    4 * layer.getResultType().getNumElements();
    if (bytes > target.scratchpadBytes)
      return layer.emitOpError() << "'" << layer.getName() << "' needs " << bytes
                                 << " bytes of scratchpad, target '" << target.name << "' has "
                                 << target.scratchpadBytes;
  }
  if (layer.getKind() == LayerKind::Movement || layer.getKind() == LayerKind::Host ||
      layer.getKind() == LayerKind::Analog) {
    layer.setScheduleAttr(ScheduleAttr::get(&getContext(), 0, 0, 0, 0, target.scratchpadBytes,
                                            place.address, place.rowPitch, place.colPitch,
                                            inPlace.contains(layer), 0, {}));
    return success();
  }
  FailureOr<LayerPlan> plan = LayerPlan::of(layer);
  if (failed(plan))
    return failure();
  FailureOr<ScheduleAttr> schedule = cutIntoBlocks(layer, *plan, place);
  if (failed(schedule))
    return failure();
  layer.setScheduleAttr(*schedule);
  return success();
}

void PimSchedulePass::runOnOperation() {
  FailureOr<MappingTarget> found = MappingTarget::of(getOperation());
  if (failed(found))
    return signalPassFailure();
  target = *found;
  for (func::FuncOp function : getOperation().getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    InPlace inPlace(function.getBody().front());
    if (failed(placeInGlobalMemory(function, inPlace)))
      return signalPassFailure();
    for (auto layer : function.getBody().front().getOps<LayerOp>())
      if (failed(schedule(layer, inPlace)))
        return signalPassFailure();
  }
}
