//===- LayerPlan.cpp - how a layer streams through the scratchpad -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/LayerPlan.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::pim;

//===----------------------------------------------------------------------===//
// Shapes and rings
//===----------------------------------------------------------------------===//

MapShape MapShape::of(ArrayRef<int64_t> shape) {
  MapShape map;
  if (!shape.empty())
    map.channels = shape.back();
  if (shape.size() > 1)
    map.cols = shape[shape.size() - 2];
  for (int64_t size : shape.drop_back(std::min<size_t>(2, shape.size())))
    map.rows *= size;
  return map;
}

std::pair<int64_t, int64_t> Window::inputCols(int64_t begin, int64_t end) const {
  int64_t first = begin * colStep - padLeft;
  int64_t last = (end - 1) * colStep + (kernelCols - 1) * colDilation - padLeft;
  first = std::clamp<int64_t>(first, 0, input.cols - 1);
  // A window that lies in the padding altogether still gets one column, so that no buffer is empty.
  return {first, std::clamp<int64_t>(last + 1, first + 1, input.cols)};
}

RowRing RowRing::of(const Window &window, int64_t blockRows) {
  RowRing ring;
  ring.chunkRows = blockRows * window.rowStep;
  int64_t reach = (window.kernelRows - 1) * window.rowDilation - window.padTop;
  int64_t lastOfFirstBlock = (blockRows - 1) * window.rowStep + reach;
  ring.lead = std::max<int64_t>(lastOfFirstBlock, 0) / ring.chunkRows;
  ring.neededRows = std::clamp<int64_t>((window.output.rows - 1) * window.rowStep + reach + 1, 0,
                                        window.input.rows);
  // Block b still reads up to padTop rows before its own chunk, and the chunk after the last it
  // reads is loaded meanwhile.
  int64_t chunks = ring.lead + 2 + int64_t(llvm::divideCeil(window.padTop, ring.chunkRows));
  ring.ringRows = std::max<int64_t>(1, std::min(chunks * ring.chunkRows, ring.neededRows));
  return ring;
}

//===----------------------------------------------------------------------===//
// What the vector unit can do
//===----------------------------------------------------------------------===//

static bool hasIntegerOf(Value value, ArrayRef<unsigned> widths) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && type.getRank() > 0 && type.getNumElements() > 0 &&
         llvm::any_of(widths, [&](unsigned width) {
           return type.getElementType().isSignlessInteger(width);
         });
}

static bool isBinary(Operation *op) {
  return isa<tosa::AddOp, tosa::SubOp, tosa::MulOp, tosa::MaximumOp, tosa::MinimumOp>(op);
}

/// Whether `operand` is broadcast to `result` dimension by dimension of their MapShape.
static bool isBroadcastTo(Value operand, Value result) {
  auto from = cast<RankedTensorType>(operand.getType()),
       to = cast<RankedTensorType>(result.getType());
  if (from.getRank() != to.getRank())
    return false;
  MapShape a = MapShape::of(from.getShape()), b = MapShape::of(to.getShape());
  return (a.rows == 1 || a.rows == b.rows) && (a.cols == 1 || a.cols == b.cols) &&
         (a.channels == 1 || a.channels == b.channels);
}

static bool isBinaryStep(Operation *op) {
  bool anyWidth = isa<tosa::MaximumOp, tosa::MinimumOp>(op);
  SmallVector<unsigned> widths =
      anyWidth ? SmallVector<unsigned>{8, 16, 32} : SmallVector<unsigned>{32};
  Value result = op->getResult(0);
  for (Value value : {op->getOperand(0), op->getOperand(1), result})
    if (!hasIntegerOf(value, widths))
      return false;
  if (auto mul = dyn_cast<tosa::MulOp>(op))
    if (readScalar(mul.getShift()) != 0)
      return false;
  return isBroadcastTo(op->getOperand(0), result) && isBroadcastTo(op->getOperand(1), result);
}

bool mlir::pim::isElementwiseStep(Operation *op) {
  if (op->getNumResults() != 1)
    return false;
  if (isBinary(op))
    return isBinaryStep(op);
  if (op->getNumOperands() == 0 || !hasIntegerOf(op->getOperand(0), {8, 16, 32}) ||
      !hasIntegerOf(op->getResult(0), {8, 16, 32}))
    return false;
  return TypeSwitch<Operation *, bool>(op)
      .Case([](tosa::RescaleOp rescale) {
        return rescale.getScale32() && !rescale.getInputUnsigned() &&
               !rescale.getOutputUnsigned() && readIntegers(rescale.getMultiplier()) &&
               readIntegers(rescale.getShift()) && readScalar(rescale.getInputZp()) &&
               readScalar(rescale.getOutputZp());
      })
      .Case([](tosa::ClampOp) { return true; })
      .Case([](tosa::TableOp table) {
        std::optional<SmallVector<int64_t>> entries = readIntegers(table.getTable());
        return hasIntegerOf(table.getInput1(), {8}) && hasIntegerOf(table.getOutput(), {8}) &&
               entries && entries->size() == 256;
      })
      .Default(false);
}

bool mlir::pim::isPoolStep(Operation *op) {
  if (!isa<tosa::MaxPool2dOp, tosa::AvgPool2dOp>(op))
    return false;
  if (!hasIntegerOf(op->getOperand(0), {8, 16}) || !hasIntegerOf(op->getResult(0), {8, 16}) ||
      cast<RankedTensorType>(op->getOperand(0).getType()).getDimSize(0) != 1)
    return false;
  auto average = dyn_cast<tosa::AvgPool2dOp>(op);
  return !average || (readScalar(average.getInputZp()) && readScalar(average.getOutputZp()));
}

//===----------------------------------------------------------------------===//
// Building the plan
//===----------------------------------------------------------------------===//

namespace {
/// Walks the body of one layer.
class PlanBuilder {
public:
  explicit PlanBuilder(LayerOp layer) : layer(layer) {}
  FailureOr<LayerPlan> build();

private:
  int addBuffer(std::string name, PlanBuffer::Role role, Value value);
  LogicalResult addOp(Operation &op);
  LogicalResult checkOperands(Operation &op, bool isWindowed);
  void addMatrix(Conv2DOp op);
  void addPool(Operation &op);
  void addElementwise(Operation &op);
  int chooseOutput(Operation &op);
  Value mergeClamps(Value value, SmallVectorImpl<Operation *> &ops);

  LayerOp layer;
  LayerPlan plan;
  DenseMap<Value, int> bufferOf;
  DenseSet<Operation *> merged;
};
} // namespace

int PlanBuilder::addBuffer(std::string name, PlanBuffer::Role role, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  plan.buffers.push_back(
      {std::move(name), role, type.getElementType(), MapShape::of(type.getShape())});
  bufferOf[value] = int(plan.buffers.size()) - 1;
  return bufferOf[value];
}

/// Takes clamps that alone use `value` into the step; returns what the step then makes.
Value PlanBuilder::mergeClamps(Value value, SmallVectorImpl<Operation *> &ops) {
  while (value.hasOneUse()) {
    auto clamp = dyn_cast<tosa::ClampOp>(*value.getUsers().begin());
    if (!clamp)
      break;
    ops.push_back(clamp);
    merged.insert(clamp);
    value = clamp.getOutput();
  }
  return value;
}

static void setKernel(Window &window, int64_t rows, int64_t cols, ArrayRef<int64_t> stride,
                      ArrayRef<int64_t> pad) {
  window.kernelRows = rows;
  window.kernelCols = cols;
  window.rowStep = stride[0];
  window.colStep = stride[1];
  window.padTop = pad[0];
  window.padLeft = pad[2];
}

void PlanBuilder::addMatrix(Conv2DOp op) {
  setKernel(plan.window, op.getKernelRows(), op.getKernelCols(), op.getStride(), op.getPad());
  plan.window.rowDilation = op.getDilation()[0];
  plan.window.colDilation = op.getDilation()[1];
  int accumulator = addBuffer("accumulator", PlanBuffer::Role::Accumulator, op.getResult());
  plan.steps.push_back({PlanStep::Kind::Mvm, {op}, {bufferOf[op.getInput()]}, accumulator});
  PlacementAttr placement = layer.getPlacementAttr();
  if (placement && placement.hasChains()) {
    PlanBuffer partial = plan.buffers[accumulator];
    partial.name = "partial";
    plan.partialBuffer = int(plan.buffers.size());
    plan.buffers.push_back(partial);
  }
  // The bias is added by the rescaling that follows; where none does, by one that changes nothing
  // else.
  SmallVector<Operation *> ops;
  Value value = op.getResult();
  if (value.hasOneUse())
    if (auto rescale = dyn_cast<tosa::RescaleOp>(*value.getUsers().begin())) {
      ops.push_back(rescale);
      merged.insert(rescale);
      value = rescale.getOutput();
    }
  value = mergeClamps(value, ops);
  int output = addBuffer("scaled", PlanBuffer::Role::Temporary, value);
  plan.steps.push_back({PlanStep::Kind::Requantize, ops, {accumulator}, output});
}

void PlanBuilder::addPool(Operation &op) {
  auto kind = PlanStep::Kind::MaxPool;
  ArrayRef<int64_t> kernel;
  if (auto pool = dyn_cast<tosa::MaxPool2dOp>(op)) {
    kernel = pool.getKernel();
    setKernel(plan.window, kernel[0], kernel[1], pool.getStride(), pool.getPad());
  } else {
    auto average = cast<tosa::AvgPool2dOp>(op);
    kernel = average.getKernel();
    setKernel(plan.window, kernel[0], kernel[1], average.getStride(), average.getPad());
    kind = PlanStep::Kind::AvgPool;
  }
  SmallVector<Operation *> ops{&op};
  Value value = op.getResult(0);
  if (kind == PlanStep::Kind::AvgPool)
    value = mergeClamps(value, ops);
  int input = bufferOf[op.getOperand(0)];
  plan.steps.push_back(
      {kind, ops, {input}, addBuffer("pooled", PlanBuffer::Role::Temporary, value)});
}

/// The vector unit works in place where the operand is a temporary that nobody else reads.
int PlanBuilder::chooseOutput(Operation &op) {
  auto type = cast<RankedTensorType>(op.getResult(0).getType());
  for (Value operand : op.getOperands()) {
    auto found = bufferOf.find(operand);
    if (found == bufferOf.end() || !operand.hasOneUse())
      continue;
    const PlanBuffer &buffer = plan.buffers[found->second];
    if (buffer.role == PlanBuffer::Role::Temporary && buffer.element == type.getElementType() &&
        buffer.shape == MapShape::of(type.getShape()))
      return found->second;
  }
  return -1;
}

void PlanBuilder::addElementwise(Operation &op) {
  PlanStep step{PlanStep::Kind::Requantize, {&op}, {bufferOf[op.getOperand(0)]}, -1};
  Value value = op.getResult(0);
  if (isa<tosa::TableOp>(op)) {
    step.kind = PlanStep::Kind::Lookup;
  } else if (isBinary(&op)) {
    step.kind = PlanStep::Kind::Binary;
    step.inputs.push_back(bufferOf[op.getOperand(1)]);
  } else {
    value = mergeClamps(value, step.ops);
  }
  step.output = chooseOutput(op);
  if (step.output < 0)
    step.output = addBuffer("temporary" + std::to_string(plan.steps.size()),
                            PlanBuffer::Role::Temporary, value);
  bufferOf[value] = step.output;
  plan.steps.push_back(step);
}

/// What a step reads lies in a buffer; windows slide over the first input of the layer.
LogicalResult PlanBuilder::checkOperands(Operation &op, bool isWindowed) {
  for (Value operand : op.getOperands().take_front(isBinary(&op) ? 2 : 1)) {
    auto found = bufferOf.find(operand);
    if (found == bufferOf.end())
      return op.emitOpError(
          "reads a value that is neither an input of the layer nor made by a step");
    if (isWindowed && found->second != plan.inputBuffers.front())
      return op.emitOpError("slides over another value than the first input of the layer");
  }
  return success();
}

LogicalResult PlanBuilder::addOp(Operation &op) {
  if (op.hasTrait<OpTrait::ConstantLike>() || isa<tosa::ConstShapeOp>(op) || merged.contains(&op))
    return success();
  bool isWindowed = isa<Conv2DOp>(op) || isPoolStep(&op);
  if (!isWindowed && !isElementwiseStep(&op))
    return op.emitOpError("has no form on the vector unit");
  if (failed(checkOperands(op, isWindowed)))
    return failure();
  if (auto matrix = dyn_cast<Conv2DOp>(op))
    addMatrix(matrix);
  else if (isWindowed)
    addPool(op);
  else
    addElementwise(op);
  return success();
}

FailureOr<LayerPlan> PlanBuilder::build() {
  plan.window.output = MapShape::of(layer.getResultType().getShape());
  plan.window.input = plan.window.output;
  for (auto [index, argument] : llvm::enumerate(layer.getBody().getArguments()))
    plan.inputBuffers.push_back(
        addBuffer("input" + std::to_string(index), PlanBuffer::Role::Input, argument));
  bool isWindowed = layer.getKind() == LayerKind::Matrix || layer.getKind() == LayerKind::Pool;
  if (isWindowed && !plan.inputBuffers.empty())
    plan.window.input = plan.buffers[plan.inputBuffers.front()].shape;
  for (Operation &op : layer.getBody().front().without_terminator())
    if (failed(addOp(op)))
      return failure();
  auto found = bufferOf.find(layer.getYield().getOperand(0));
  if (found == bufferOf.end() || plan.buffers[found->second].role != PlanBuffer::Role::Temporary)
    return layer.emitOpError("yields a value that no step computes");
  plan.outputBuffer = found->second;
  plan.buffers[plan.outputBuffer].role = PlanBuffer::Role::Output;
  return std::move(plan);
}

FailureOr<LayerPlan> LayerPlan::of(LayerOp layer) { return PlanBuilder(layer).build(); }

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

BlockShape LayerPlan::blockOf(LayerOp layer) const {
  ScheduleAttr schedule = layer.getScheduleAttr();
  BlockShape block{schedule.getBlockRows(), schedule.getBlockCols(), schedule.getBlockChannels(),
                   schedule.getBlockChannels(), /*mostCopies=*/1};
  for (BufferAttr buffer : schedule.getBuffers())
    block.mostCopies = std::max(block.mostCopies, buffer.getCopies());
  Conv2DOp matrix = layer.getMatrixOp();
  if (!matrix)
    return block;
  block.inputChannels = matrix.getInputChannels();
  if (PlacementAttr placement = layer.getPlacementAttr()) {
    block.inputChannels = 0;
    for (PartAttr part : placement.getParts())
      for (PartAttr piece : splitByStacks(matrix, part, block.channels)) {
        auto [begin, end] = matrix.getInputChannels(piece.getOutputBegin(), piece.getOutputEnd());
        block.inputChannels = std::max(block.inputChannels, end - begin);
      }
  }
  return block;
}

int64_t LayerPlan::bytes(const PlanBuffer &buffer, const BlockShape &block) const {
  int64_t rows = block.rows, cols = block.cols, channels = block.channels;
  if (buffer.role == PlanBuffer::Role::Input) {
    rows = RowRing::of(window, block.rows).ringRows;
    cols = std::min(window.input.cols, (block.cols - 1) * window.colStep +
                                           (window.kernelCols - 1) * window.colDilation + 1);
    channels = block.inputChannels;
  }
  if (isRowBroadcast(buffer))
    rows = 1;
  cols = std::min(cols, buffer.shape.cols);
  channels = std::min(channels, buffer.shape.channels);
  return rows * cols * channels * buffer.elementBytes();
}

int64_t LayerPlan::copies(const PlanBuffer &buffer, const BlockShape &block) const {
  bool isShared =
      buffer.role == PlanBuffer::Role::Accumulator || buffer.role == PlanBuffer::Role::Output;
  return isShared && block.rows < window.output.rows ? std::min<int64_t>(2, block.mostCopies) : 1;
}

SmallVector<PartAttr> mlir::pim::splitByStacks(Conv2DOp matrix, PartAttr part,
                                               int64_t blockChannels) {
  TilingAttr tiling = matrix.getTilingAttr();
  if (!tiling || part.isDivided() || part.getShared() ||
      part.getOutputEnd() - part.getOutputBegin() <= blockChannels)
    return {part};
  SmallVector<PartAttr> pieces;
  int64_t array = part.getFirstArray();
  for (int64_t stack = 0; stack < tiling.getStackCount();) {
    int64_t begin = tiling.getStackOutputs(stack).first, first = stack;
    if (begin < part.getOutputBegin() || begin >= part.getOutputEnd()) {
      ++stack;
      continue;
    }
    // The outputs of stack `s` end where those of the next begin.
    auto endOf = [&](int64_t s) { return tiling.getStackOutputs(s + 1).first; };
    while (stack + 1 < tiling.getStackCount() && endOf(stack + 1) <= part.getOutputEnd() &&
           endOf(stack + 1) - begin <= blockChannels)
      ++stack;
    int64_t arrays = tiling.getStackArrays(first, stack + 1);
    pieces.push_back(PartAttr::get(part.getContext(), part.getCore(), begin, endOf(stack), array,
                                   arrays, part.getColBegin(), part.getColEnd(), 0, 0,
                                   part.getRound()));
    array += arrays;
    ++stack;
  }
  return pieces;
}
