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

  void placeInGlobalMemory(func::FuncOp function);
  LogicalResult schedule(LayerOp layer);
  FailureOr<ScheduleAttr> cutIntoBlocks(LayerOp layer, const LayerPlan &plan);
  ScheduleAttr makeSchedule(LayerOp layer, const LayerPlan &plan, BlockShape block);

  MappingTarget target;
  DenseMap<Value, int64_t> addresses; ///< of layer results, arguments and constants
  GlobalMemory memory;
};
} // namespace

//===----------------------------------------------------------------------===//
// Global memory
//===----------------------------------------------------------------------===//

void PimSchedulePass::placeInGlobalMemory(func::FuncOp function) {
  Builder builder(&getContext());
  Block &block = function.getBody().front();
  // The op after which nobody reads a range, by the op or argument that owns it; the terminator for
  // what stays.
  auto ownerOf = [](Value root) {
    return root.getDefiningOp() ? root.getDefiningOp()->getResult(0) : root;
  };
  DenseMap<Value, Operation *> lastUse;
  for (Operation &op : block)
    if (isa<LayerOp>(op) || op.hasTrait<OpTrait::IsTerminator>())
      for (Value operand : op.getOperands())
        lastUse[ownerOf(memoryRoot(operand))] = &op;
  // Constants come first: their place is never reused.
  for (auto constant : block.getOps<tosa::ConstOp>())
    if (lastUse.contains(constant.getOutput())) {
      addresses[constant.getOutput()] = memory.allocate(globalBytes(constant.getType()));
      constant->setAttr("pim.address", builder.getI64IntegerAttr(addresses[constant.getOutput()]));
    }
  SmallVector<Value> live;
  for (BlockArgument argument : block.getArguments()) {
    addresses[argument] = memory.allocate(globalBytes(argument.getType()));
    function.setArgAttr(argument.getArgNumber(), "pim.address",
                        builder.getI64IntegerAttr(addresses[argument]));
    live.push_back(argument);
  }
  for (auto layer : block.getOps<LayerOp>()) {
    addresses[layer.getResult(0)] = memory.allocate(layer.getResultBytes());
    live.push_back(layer.getResult(0));
    llvm::erase_if(live, [&](Value value) {
      Operation *last = lastUse.lookup(value);
      bool isDead = last ? last == layer : value.getDefiningOp() == layer;
      if (isDead)
        memory.release(addresses[value]);
      return isDead;
    });
  }
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

ScheduleAttr PimSchedulePass::makeSchedule(LayerOp layer, const LayerPlan &plan, BlockShape block) {
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
                           addresses[layer.getResult(0)], buffers);
}

/// Tries whole rows first, then fewer channels where no sum runs over them, then fewer columns; for
/// each, as many rows as leave the wished number of blocks.
FailureOr<ScheduleAttr> PimSchedulePass::cutIntoBlocks(LayerOp layer, const LayerPlan &plan) {
  bool isMatrix = layer.getKind() == LayerKind::Matrix;
  MapShape whole = plan.window.output;
  int64_t mostRows = std::max<int64_t>(1, whole.rows / std::max(1u, targetBlocks.getValue()));
  BlockShape block{mostRows, whole.cols, whole.channels, whole.channels};
  if (isMatrix) {
    block.channels = 0;
    block.inputChannels = 0;
    for (PartAttr part : layer.getPlacementAttr().getParts()) {
      auto [begin, end] =
          layer.getMatrixOp().getInputChannels(part.getOutputBegin(), part.getOutputEnd());
      block.inputChannels = std::max(block.inputChannels, end - begin);
      block.channels = std::max(block.channels, part.getOutputEnd() - part.getOutputBegin());
    }
  }
  while (true) {
    for (block.rows = mostRows; block.rows >= 1; --block.rows)
      if (scratchpadBytes(plan, block) <= target.scratchpadBytes)
        return makeSchedule(layer, plan, block);
    block.rows = 1;
    if (!isMatrix && block.channels > 1)
      block.inputChannels = block.channels = (block.channels + 1) / 2;
    else if (block.cols > 1)
      block.cols = (block.cols + 1) / 2;
    else
      break;
  }
  return layer.emitOpError() << "'" << layer.getName() << "' needs " << scratchpadBytes(plan, block)
                             << " bytes of scratchpad for its smallest block, target '"
                             << target.name << "' has " << target.scratchpadBytes
                             << ": use a target with a larger core.scratchpad_kib";
}

LogicalResult PimSchedulePass::schedule(LayerOp layer) {
  if (!layer.getPlacementAttr())
    return layer.emitOpError("has no placement: run pim-place before pim-schedule");
  if (layer.getKind() == LayerKind::Movement || layer.getKind() == LayerKind::Host) {
    layer.setScheduleAttr(ScheduleAttr::get(&getContext(), 0, 0, 0, 0, target.scratchpadBytes,
                                            addresses[layer.getResult(0)], {}));
    return success();
  }
  FailureOr<LayerPlan> plan = LayerPlan::of(layer);
  if (failed(plan))
    return failure();
  FailureOr<ScheduleAttr> schedule = cutIntoBlocks(layer, *plan);
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
    addresses.clear();
    memory = GlobalMemory();
    placeInGlobalMemory(function);
    numGlobalBytes = memory.peak();
    if (memory.peak() > target.globalMemoryBytes) {
      getOperation().emitError() << "model needs " << memory.peak()
                                 << " bytes of global memory, target '" << target.name << "' has "
                                 << target.globalMemoryBytes;
      return signalPassFailure();
    }
    for (auto layer : function.getBody().front().getOps<LayerOp>())
      if (failed(schedule(layer)))
        return signalPassFailure();
  }
}
