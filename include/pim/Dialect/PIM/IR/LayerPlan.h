//===- LayerPlan.h - how a layer streams through the scratchpad -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A matrix, pool or elementwise layer as a list of steps on buffers. Scheduling sizes the buffers,
// the verifier of `pim.layer` checks them, code generation emits the steps: all three ask this one
// description. Tested by unittests/Dialect/PIM/LayerPlanTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_IR_LAYERPLAN_H
#define PIM_DIALECT_PIM_IR_LAYERPLAN_H

#include "pim/Dialect/PIM/IR/PIMDialect.h"

#include <string>

namespace mlir::pim {

/// A tensor as rows x columns x channels: channels are the innermost dimension, columns the one
/// before, rows the product of the rest. A feature map 1xHxWxC is HxWxC.
struct MapShape {
  int64_t rows = 1, cols = 1, channels = 1;
  static MapShape of(ArrayRef<int64_t> shape);
  bool operator==(const MapShape &) const = default;
};

/// What the first step of a layer slides over its first input; 1x1 with step 1 for elementwise
/// layers.
struct Window {
  MapShape input, output;
  int64_t kernelRows = 1, kernelCols = 1;
  int64_t rowStep = 1, colStep = 1;
  int64_t rowDilation = 1, colDilation = 1;
  int64_t padTop = 0, padLeft = 0;

  /// The input columns [first, second) that the output columns [begin, end) touch, inside the map.
  std::pair<int64_t, int64_t> inputCols(int64_t begin, int64_t end) const;
};

/// How input rows pass through a ring while blocks of output rows are computed. Rows come in chunks
/// of equal size; block b computes with the chunks up to b + lead, while chunk b + lead + 1 is
/// under way.
struct RowRing {
  int64_t chunkRows;
  int64_t lead;
  int64_t ringRows;
  int64_t neededRows; ///< rows of the map that any output touches, from row 0 on

  static RowRing of(const Window &window, int64_t blockRows);
};

struct PlanBuffer {
  enum class Role { Input, Temporary, Accumulator, Output };
  std::string name;
  Role role;
  Type element;
  /// The shape of the whole value; a dimension of 1 that the result has more of is broadcast.
  MapShape shape;

  int64_t elementBytes() const { return element.getIntOrFloatBitWidth() / 8; }
};

struct PlanStep {
  enum class Kind { Mvm, MaxPool, AvgPool, Requantize, Lookup, Binary };
  Kind kind;
  /// The op, and the clamps merged into it.
  SmallVector<Operation *> ops;
  SmallVector<int> inputs; ///< of LayerPlan::buffers
  int output;
};

/// The block that a layer is computed in.
struct BlockShape {
  int64_t rows = 1, cols = 1, channels = 1; ///< of the result
  int64_t inputChannels = 1;                ///< of the inputs
  int64_t mostCopies = 2;                   ///< of a buffer on which two units work
};

/// What one part of a matrix layer computes at a time: as many of its stacks as have no more than
/// `blockChannels` outputs together, one at least, as parts of their own.
SmallVector<PartAttr> splitByStacks(Conv2DOp matrix, PartAttr part, int64_t blockChannels);

struct LayerPlan {
  Window window;
  SmallVector<PlanBuffer> buffers;
  SmallVector<PlanStep> steps;
  /// Buffer of each input of the layer, in order.
  SmallVector<int> inputBuffers;
  int outputBuffer = -1;
  /// Of a matrix whose rows are divided among cores: the sums of the parts before. Else -1.
  int partialBuffer = -1;

  /// Fails, with an error at the op concerned, where the vector unit has no such operation.
  static FailureOr<LayerPlan> of(LayerOp layer);

  /// The largest block of the schedule of `layer`, over all its parts.
  BlockShape blockOf(LayerOp layer) const;

  /// Whether the value in `buffer` has one row for the whole result.
  bool isRowBroadcast(const PlanBuffer &buffer) const {
    return buffer.shape.rows == 1 && window.input.rows != 1;
  }
  /// Bytes of one copy of `buffer` for `block`.
  int64_t bytes(const PlanBuffer &buffer, const BlockShape &block) const;
  /// 2 where two units work on the buffer at the same time and `block` has room for that, else 1.
  int64_t copies(const PlanBuffer &buffer, const BlockShape &block) const;
};

/// Whether the vector unit has an operation for `op`, as a step after (or instead of) a matrix or
/// pool op.
bool isElementwiseStep(Operation *op);
/// Whether the vector unit has the pooling `op`.
bool isPoolStep(Operation *op);

} // namespace mlir::pim

#endif // PIM_DIALECT_PIM_IR_LAYERPLAN_H
