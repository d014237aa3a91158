//===- StreamEmitter.h - layers that stream through the scratchpad -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The code of a layer on one core: EmitStream.cpp has the blocks and what they wait for,
// EmitStep.cpp what a block computes.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_CONVERSION_PIMTOISA_STREAMEMITTER_H
#define PIM_LIB_CONVERSION_PIMTOISA_STREAMEMITTER_H

#include "EmitLayer.h"
#include "Requantize.h"
#include "pim/Dialect/PIM/IR/LayerPlan.h"

namespace mlir::pim {

/// An address offset that moves from block to block; register 0 where it never does.
struct Cursor {
  uint32_t reg = 0;
  int64_t step = 0;  ///< bytes (or rows) from one block to the next
  int64_t limit = 0; ///< size of the ring it goes round, 0 for none
};

/// Where an input lies and how it gets to the scratchpad.
struct InputStream {
  int buffer;
  GlobalPlace place;     ///< in global memory
  Range cols, channels;  ///< of the input, that this segment needs
  bool isResident;       ///< loaded once, before the first block
  Cursor source, target; ///< of the next load
  SmallVector<RowWait> waits;
};

/// Blocks that need the same instructions.
struct BlockRun {
  int64_t count, loadRows, outRows;
};

/// Writes what one part of a layer does into the code of its core.
class StreamEmitter {
public:
  StreamEmitter(LayerOp layer, const LayerPlan &plan, size_t partIndex, ArrayRef<char> weights,
                const SyncPlan &sync, CoreBuilder &core)
      : layer(layer), plan(plan), schedule(layer.getScheduleAttr()), partIndex(partIndex),
        part(layer.getPlacementAttr().getParts()[partIndex]), weights(weights), sync(sync),
        core(core), ring(RowRing::of(plan.window, schedule.getBlockRows())),
        read(plan.buffers.size()) {}

  LogicalResult emit(PlaceOf placeOf);

private:
  LogicalResult emitSegments(Range outputs);
  LogicalResult emitSegment(Range cols, Range channels, bool isLastSegment);
  void addGroup(PartAttr piece);

  std::vector<BlockRun> runs() const;
  void setUpStreams(size_t blocks);
  void emitPrologue();
  void emitLoad(const InputStream &stream, int64_t rows, uint32_t target, uint32_t source);
  LogicalResult emitBlock(const BlockRun &run, bool isLast);
  void emitLoads(const BlockRun &run);
  LogicalResult emitStep(const PlanStep &step, size_t index, int64_t rows);
  void emitStore(int buffer, const GlobalPlace &to, Cursor at, int64_t rows);
  void emitPartialSums(int64_t rows);
  void advance(const Cursor &cursor);

  TensorDescriptor inScratchpad(int buffer, int64_t rows, int sizesOf);
  WindowDescriptor window(int64_t rows);
  FailureOr<RequantizeTable> requantizeOf(const PlanStep &step, size_t index);

  uint32_t allocate() { return nextRegister++; }
  Cursor makeCursor(int64_t start, int64_t step, int64_t limit);

  int64_t width(const PlanBuffer &buffer) const;
  int64_t depth(const PlanBuffer &buffer) const;

  LayerOp layer;
  const LayerPlan &plan;
  ScheduleAttr schedule;
  size_t partIndex;
  PartAttr part;
  ArrayRef<char> weights;
  const SyncPlan &sync;
  CoreBuilder &core;
  RowRing ring;
  uint32_t group = 0;
  std::vector<GlobalPlace> inputPlaces;
  GlobalPlace outputPlace, partialPlace;

  // Of the segment under way.
  Range cols{0, 0}, channels{0, 0};
  std::vector<InputStream> inputs;
  std::vector<Cursor> read; ///< of each buffer, where the steps of a block find it
  Cursor firstRow, store;
  Cursor partial, partialRow; ///< of a part of a chain: the sums of a block, and its first row
  Cursor loadRow;             ///< the first row of the next load, where a core waits for rows
  std::optional<int64_t> signalled; ///< the semaphore that counts rows stored, if this segment does
  uint32_t nextRegister = 1;
};

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_PIMTOISA_STREAMEMITTER_H
