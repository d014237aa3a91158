//===- Sync.h - who waits for whom ---------------------------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers on different cores work at the same time. A part of a layer counts the rows of its result
// that are in global memory in a semaphore of its own; who reads them waits for as many as it is
// about to load. A layer whose result takes memory that another value had waits until all readers
// of that value are done.
//
// Every wait is for a layer that comes earlier in the program, or for an earlier part of the same
// chain, and every core goes through its layers in the order of the program. So the first
// unfinished part in that order can always go on: nothing deadlocks. runtime/Machine/Progress.h
// proves it again for the code as emitted. Tested by test/Conversion/PIMToISA/pipeline.mlir and
// split-layer.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_CONVERSION_PIMTOISA_SYNC_H
#define PIM_LIB_CONVERSION_PIMTOISA_SYNC_H

#include "ProgramBuilder.h"
#include "pim/Dialect/PIM/IR/LayerPlan.h"

#include <map>

namespace mlir::pim {

/// A half-open range.
struct Range {
  int64_t begin, end;
  int64_t size() const { return end - begin; }
  bool overlaps(Range other) const { return begin < other.end && other.begin < end; }
};

/// What a core must have seen before it reads rows of a value.
struct RowWait {
  int64_t semaphore;
  /// Whether the semaphore counts the reader's rows, from `firstRow` on; else `total` is needed.
  bool isByRows;
  int64_t firstRow, total;
};

class SyncPlan {
public:
  explicit SyncPlan(Block &block);

  int64_t semaphores() const { return count; }

  /// The semaphore that counts the rows of a part's result (1 for layers that do not stream);
  /// nothing if nobody on another core waits for it.
  std::optional<int64_t> semaphoreOf(LayerOp layer, size_t part) const;

  /// What part `part` of `layer` waits for before it reads these columns and channels of an input.
  SmallVector<RowWait> before(LayerOp layer, size_t part, unsigned input, Range cols,
                              Range channels) const;
  /// What it waits for before it reads any of its inputs, whole.
  SmallVector<RowWait> beforeAll(LayerOp layer, size_t part) const;
  /// What it waits for before it writes its result: readers of values that had the memory before.
  SmallVector<RowWait> beforeWriting(LayerOp layer, size_t part) const;

  /// What the last signal of a part brings its semaphore to.
  static int64_t totalOf(LayerOp layer);

private:
  /// A layer that computes (a part of) a value; added to the reader's indices, the offsets give its
  /// own.
  struct Source {
    LayerOp layer;
    bool isByRows = true;
    int64_t row = 0, col = 0, channel = 0;
  };
  void collect(Value value, Source so, SmallVectorImpl<Source> &sources) const;
  Value rootOf(Value value) const;
  Range bytesOf(Value root) const;
  void findReuse(Block &block);
  void need(LayerOp layer, int64_t readerCore);
  void addWaits(LayerOp layer, size_t part, Source source, Range cols, Range channels,
                SmallVectorImpl<RowWait> &waits) const;

  DenseMap<Value, Value> parents; ///< of values that lie in others
  std::map<std::pair<Operation *, size_t>, int64_t> semaphoreIndex;
  DenseMap<Operation *, SmallVector<LayerOp>> reuse; ///< whom a layer's writes must not overtake
  int64_t count = 0;
};

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_PIMTOISA_SYNC_H
