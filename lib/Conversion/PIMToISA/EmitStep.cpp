//===- EmitStep.cpp - what a block of a layer computes ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions of a step of the plan, on the columns and channels of the segment under way.
//
//===----------------------------------------------------------------------===//

#include "StreamEmitter.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/IR/Constants.h"

using namespace mlir;
using namespace mlir::pim;

//===----------------------------------------------------------------------===//
// Shapes of this segment
//===----------------------------------------------------------------------===//

/// Columns and channels that a buffer has in this segment.
int64_t StreamEmitter::width(const PlanBuffer &buffer) const {
  if (buffer.role == PlanBuffer::Role::Input)
    return inputs[&buffer - plan.buffers.data()].cols.size();
  return std::min(buffer.shape.cols, cols.size());
}

int64_t StreamEmitter::depth(const PlanBuffer &buffer) const {
  if (buffer.role == PlanBuffer::Role::Input)
    return inputs[&buffer - plan.buffers.data()].channels.size();
  return std::min(buffer.shape.channels, channels.size());
}

/// `rows` rows of `buffer` as an operand of a step whose result is `sizesOf`: broadcast where it is
/// smaller.
TensorDescriptor StreamEmitter::inScratchpad(int buffer, int64_t rows, int sizesOf) {
  const PlanBuffer &own = plan.buffers[buffer], &wanted = plan.buffers[sizesOf];
  TensorDescriptor descriptor;
  descriptor.space = Space::Scratchpad;
  descriptor.element = elementOf(own.element);
  descriptor.core = core.number;
  descriptor.base = schedule.lookup(own.name).getAddress();
  descriptor.sizes = {1, plan.isRowBroadcast(wanted) ? 1 : rows, width(wanted), depth(wanted)};
  int64_t bytes = own.elementBytes();
  std::array<int64_t, 4> sizes{1, plan.isRowBroadcast(own) ? 1 : rows, width(own), depth(own)};
  for (int dim = 3; dim >= 0; --dim) {
    bool isBroadcast = sizes[dim] == 1 && descriptor.sizes[dim] > 1;
    descriptor.strides[dim] = isBroadcast ? 0 : bytes;
    bytes *= sizes[dim];
  }
  return descriptor;
}

WindowDescriptor StreamEmitter::window(int64_t rows) {
  const Window &from = plan.window;
  const InputStream &input = inputs.front();
  const PlanBuffer &buffer = plan.buffers[input.buffer];
  WindowDescriptor descriptor;
  descriptor.element = elementOf(buffer.element);
  descriptor.base = schedule.lookup(buffer.name).getAddress();
  descriptor.outRows = rows;
  descriptor.outCols = cols.size();
  descriptor.kernelRows = from.kernelRows;
  descriptor.kernelCols = from.kernelCols;
  descriptor.channels = input.channels.size();
  descriptor.rowStep = from.rowStep;
  descriptor.rowDilation = from.rowDilation;
  descriptor.colStep = from.colStep;
  descriptor.colDilation = from.colDilation;
  // The buffer begins at the first column that this segment touches.
  descriptor.firstCol = cols.begin * from.colStep - from.padLeft - input.cols.begin;
  descriptor.rows = from.input.rows;
  descriptor.cols = input.cols.size();
  descriptor.ringRows = ring.ringRows;
  descriptor.colPitch = input.channels.size() * buffer.elementBytes();
  descriptor.rowPitch = descriptor.colPitch * input.cols.size();
  if (Conv2DOp matrix = layer.getMatrixOp())
    descriptor.padValue = matrix.getInputZeroPoint();
  return descriptor;
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

FailureOr<RequantizeTable> StreamEmitter::requantizeOf(const PlanStep &step, size_t index) {
  Type element = plan.buffers[step.output].element;
  if (step.kind == PlanStep::Kind::AvgPool)
    return makeAverage(step.ops, element);
  FailureOr<RequantizeTable> table =
      makeRequantize(step.ops, element, channels.begin, channels.end);
  bool followsMatrix = index > 0 && plan.steps[index - 1].kind == PlanStep::Kind::Mvm;
  if (failed(table) || !followsMatrix)
    return table;
  FailureOr<std::vector<int64_t>> bias =
      makeBias(layer.getMatrixOp(), weights, channels.begin, channels.end);
  if (failed(bias))
    return failure();
  table->bias = *bias;
  return table;
}

LogicalResult StreamEmitter::emitStep(const PlanStep &step, size_t index, int64_t rows) {
  uint32_t output = core.tensor(inScratchpad(step.output, rows, step.output)),
           outputAt = read[step.output].reg;
  uint32_t input = step.kind == PlanStep::Kind::Mvm || step.kind == PlanStep::Kind::MaxPool ||
                           step.kind == PlanStep::Kind::AvgPool
                       ? core.window(window(rows))
                       : core.tensor(inScratchpad(step.inputs[0], rows, step.output));
  uint32_t inputAt = read[step.inputs[0]].reg;
  switch (step.kind) {
  case PlanStep::Kind::Mvm:
    core.emit(inst::Mvm{group, output, outputAt, input, firstRow.reg, false});
    return success();
  case PlanStep::Kind::MaxPool:
    core.emit(inst::Vmaxpool{output, outputAt, input, firstRow.reg});
    return success();
  case PlanStep::Kind::AvgPool:
  case PlanStep::Kind::Requantize: {
    FailureOr<RequantizeTable> table = requantizeOf(step, index);
    if (failed(table))
      return failure();
    if (step.kind == PlanStep::Kind::AvgPool)
      core.emit(inst::Vavgpool{output, outputAt, input, firstRow.reg, core.params(*table)});
    else
      core.emit(inst::Vrequant{output, outputAt, input, inputAt, core.params(*table)});
    return success();
  }
  case PlanStep::Kind::Lookup: {
    std::optional<SmallVector<int64_t>> entries =
        readIntegers(cast<tosa::TableOp>(step.ops.front()).getTable());
    auto table =
        uint32_t(core.lookups.index(std::vector<int64_t>(entries->begin(), entries->end())));
    core.emit(inst::Vlookup{output, outputAt, input, inputAt, table});
    return success();
  }
  case PlanStep::Kind::Binary:
    break;
  }
  uint32_t second = core.tensor(inScratchpad(step.inputs[1], rows, step.output)),
           secondAt = read[step.inputs[1]].reg;
  Operation *op = step.ops.front();
  if (mlir::isa<tosa::AddOp>(op))
    core.emit(inst::Vadd{output, outputAt, input, inputAt, second, secondAt});
  else if (mlir::isa<tosa::SubOp>(op))
    core.emit(inst::Vsub{output, outputAt, input, inputAt, second, secondAt});
  else if (mlir::isa<tosa::MulOp>(op))
    core.emit(inst::Vmul{output, outputAt, input, inputAt, second, secondAt});
  else if (mlir::isa<tosa::MaximumOp>(op))
    core.emit(inst::Vmax{output, outputAt, input, inputAt, second, secondAt});
  else
    core.emit(inst::Vmin{output, outputAt, input, inputAt, second, secondAt});
  return success();
}
