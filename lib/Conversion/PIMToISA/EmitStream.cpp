//===- EmitStream.cpp - layers that stream through the scratchpad -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The code of a layer on one core, for one range of columns and channels at a time:
//
//     prologue: load the first chunks of input rows
//     for every block of output rows, blocks of one form in one hardware loop:
//       load the chunk that the next block needs; run the steps of the plan; store the block;
//       advance
//
// Blocks differ in form only near the end, where rows run out, so there are a few loops whatever
// the size of the image.
//
//===----------------------------------------------------------------------===//

#include "StreamEmitter.h"

using namespace mlir;
using namespace mlir::pim;

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

/// Which blocks there are, in order, neighbours of equal form together.
std::vector<BlockRun> StreamEmitter::runs() const {
  std::vector<BlockRun> runs;
  int64_t outRows = plan.window.output.rows, blockRows = schedule.getBlockRows();
  for (int64_t row = 0, block = 0; row < outRows; row += blockRows, ++block) {
    int64_t loaded = (block + ring.lead + 1) * ring.chunkRows;
    int64_t load = std::clamp<int64_t>(ring.neededRows - loaded, 0, ring.chunkRows);
    BlockRun run{1, load, std::min(blockRows, outRows - row)};
    if (!runs.empty() && runs.back().loadRows == run.loadRows && runs.back().outRows == run.outRows)
      ++runs.back().count;
    else
      runs.push_back(run);
  }
  return runs;
}

/// Whether later loads of `input` depend on how far another core is.
static bool waitsForRows(const InputStream &input) {
  return llvm::any_of(input.waits, [](const RowWait &wait) { return wait.isByRows; });
}

/// A register that starts at `start` and moves by `step`.
Cursor StreamEmitter::makeCursor(int64_t start, int64_t step, int64_t limit) {
  Cursor cursor{allocate(), step, limit};
  core.emit(inst::Li{cursor.reg, int32_t(start)});
  return cursor;
}

void StreamEmitter::advance(const Cursor &cursor) {
  if (cursor.reg == 0)
    return;
  core.emit(inst::Addi{cursor.reg, cursor.reg, int32_t(cursor.step)});
  if (cursor.limit != 0)
    core.emit(inst::Wrap{cursor.reg, uint32_t(cursor.limit)});
}

/// Gives a register to everything that moves; with a single block, that is the first row of the
/// window at most.
void StreamEmitter::setUpStreams(size_t blocks) {
  nextRegister = 1;
  bool moves = blocks > 1;
  int64_t blockRows = schedule.getBlockRows(), loaded = (ring.lead + 1) * ring.chunkRows;
  bool isWindowed = layer.getKind() != LayerKind::Elementwise;
  llvm::fill(read, Cursor());
  firstRow = store = loadRow = partial = partialRow = Cursor();
  for (InputStream &input : inputs) {
    const PlanBuffer &buffer = plan.buffers[input.buffer];
    int64_t globalPitch = input.place.rowPitch;
    int64_t pitch = input.cols.size() * input.channels.size() * buffer.elementBytes();
    int64_t ringBytes = ring.ringRows * pitch;
    input.source = input.target = Cursor();
    if (input.isResident || !moves)
      continue;
    if (loaded < ring.neededRows) {
      input.source = makeCursor(loaded * globalPitch, ring.chunkRows * globalPitch, 0);
      input.target = makeCursor(loaded % ring.ringRows * pitch, ring.chunkRows * pitch, ringBytes);
      if (loadRow.reg == 0 && waitsForRows(input))
        loadRow = makeCursor(loaded, ring.chunkRows, 0);
    }
    if (!isWindowed)
      read[input.buffer] = makeCursor(0, ring.chunkRows * pitch, ringBytes);
  }
  if (isWindowed && (moves || plan.window.padTop != 0))
    firstRow = makeCursor(-plan.window.padTop, blockRows * plan.window.rowStep, 0);
  if (!moves)
    return;
  store = makeCursor(0, blockRows * outputPlace.rowPitch, 0);
  if (part.isDivided())
    partial = makeCursor(0, blockRows * partialPlace.rowPitch, 0);
  if (part.getArrayBegin() != 0)
    partialRow = makeCursor(0, blockRows, 0);
  for (size_t i = 0; i < plan.buffers.size(); ++i) {
    BufferAttr placed = schedule.lookup(plan.buffers[i].name);
    if (placed.getCopies() > 1)
      read[i] = makeCursor(0, placed.getBytes(), placed.getBytes() * placed.getCopies());
  }
}

/// The columns and channels of a value in global memory that `box` is to be copied from or to.
static TensorDescriptor inGlobalMemory(const PlanBuffer &buffer, const GlobalPlace &place,
                                       Range cols, Range channels, const TensorDescriptor &box) {
  int64_t bytes = buffer.elementBytes();
  TensorDescriptor descriptor;
  descriptor.element = box.element;
  descriptor.sizes = box.sizes;
  descriptor.strides[3] = bytes;
  descriptor.strides[2] = place.colPitch;
  descriptor.strides[1] = place.rowPitch;
  descriptor.strides[0] = buffer.shape.rows * place.rowPitch;
  descriptor.base = place.address + cols.begin * place.colPitch + channels.begin * bytes;
  return descriptor;
}

void StreamEmitter::emitLoad(const InputStream &stream, int64_t rows, uint32_t target,
                             uint32_t source) {
  TensorDescriptor to = inScratchpad(stream.buffer, rows, stream.buffer);
  TensorDescriptor from =
      inGlobalMemory(plan.buffers[stream.buffer], stream.place, stream.cols, stream.channels, to);
  core.emit(inst::DmaCopy{core.tensor(to), target, core.tensor(from), source});
}

void StreamEmitter::emitPrologue() {
  int64_t rows = std::min((ring.lead + 1) * ring.chunkRows, ring.neededRows);
  for (const InputStream &input : inputs) {
    if (!input.isResident && rows == 0)
      continue;
    for (const RowWait &wait : input.waits)
      core.emit(inst::Wait{
          uint32_t(wait.semaphore), 0,
          int32_t(wait.isByRows && !input.isResident ? wait.firstRow + rows : wait.total)});
    emitLoad(input, input.isResident ? 1 : rows, 0, 0);
  }
}

/// The chunk that the next block needs.
void StreamEmitter::emitLoads(const BlockRun &run) {
  if (run.loadRows == 0)
    return;
  for (const InputStream &input : inputs) {
    if (input.isResident)
      continue;
    for (const RowWait &wait : input.waits)
      if (wait.isByRows)
        core.emit(inst::Wait{uint32_t(wait.semaphore), loadRow.reg,
                             int32_t(wait.firstRow + run.loadRows)});
    emitLoad(input, run.loadRows, input.target.reg, input.source.reg);
  }
}

void StreamEmitter::emitStore(int index, const GlobalPlace &place, Cursor at, int64_t rows) {
  TensorDescriptor from = inScratchpad(index, rows, index);
  TensorDescriptor to = inGlobalMemory(plan.buffers[index], place, cols, channels, from);
  core.emit(inst::DmaCopy{core.tensor(to), at.reg, core.tensor(from), read[index].reg});
}

/// Adds what the parts before in the chain have summed.
void StreamEmitter::emitPartialSums(int64_t rows) {
  int index = plan.partialBuffer, accumulator = plan.steps.front().output;
  TensorDescriptor to = inScratchpad(index, rows, index);
  TensorDescriptor from = inGlobalMemory(plan.buffers[index], partialPlace, cols, channels, to);
  core.emit(
      inst::Wait{uint32_t(*sync.semaphoreOf(layer, partIndex - 1)), partialRow.reg, int32_t(rows)});
  core.emit(inst::DmaCopy{core.tensor(to), read[index].reg, core.tensor(from), partial.reg});
  uint32_t sums = core.tensor(inScratchpad(accumulator, rows, accumulator));
  core.emit(inst::Vadd{sums, read[accumulator].reg, sums, read[accumulator].reg, core.tensor(to),
                       read[index].reg});
}

LogicalResult StreamEmitter::emitBlock(const BlockRun &run, bool isLast) {
  // Who may have to wait for rows first hands on what it has: the wait holds up all that follows.
  bool loadsLast = loadRow.reg != 0;
  if (!loadsLast)
    emitLoads(run);
  bool handsOn = !layer.getPlacementAttr().endsChain(partIndex);
  for (auto [index, step] : llvm::enumerate(plan.steps)) {
    if (failed(emitStep(step, index, run.outRows)))
      return failure();
    if (index == 0 && part.getArrayBegin() != 0)
      emitPartialSums(run.outRows);
    if (handsOn)
      break;
  }
  if (handsOn)
    emitStore(plan.steps.front().output, partialPlace, partial, run.outRows);
  else
    emitStore(plan.outputBuffer, outputPlace, store, run.outRows);
  emitSignal(signalled, run.outRows, core);
  if (loadsLast)
    emitLoads(run);
  if (isLast)
    return success();
  if (run.loadRows > 0)
    for (const InputStream &input : inputs) {
      advance(input.source);
      advance(input.target);
    }
  if (run.loadRows > 0)
    advance(loadRow);
  advance(firstRow);
  advance(store);
  advance(partial);
  advance(partialRow);
  for (const Cursor &cursor : read)
    advance(cursor);
  return success();
}

LogicalResult StreamEmitter::emitSegment(Range segmentCols, Range segmentChannels,
                                         bool isLastSegment) {
  cols = segmentCols;
  channels = segmentChannels;
  // Rows are there once the last of the segments has stored its share.
  signalled = isLastSegment ? sync.semaphoreOf(layer, partIndex) : std::nullopt;
  inputs.clear();
  for (auto [index, buffer] : llvm::enumerate(plan.inputBuffers)) {
    const PlanBuffer &input = plan.buffers[buffer];
    auto [firstCol, endCol] = plan.window.inputCols(cols.begin, cols.end);
    InputStream stream{buffer,
                       inputPlaces[index],
                       {firstCol, endCol},
                       channels,
                       plan.isRowBroadcast(input),
                       {},
                       {},
                       {}};
    if (Conv2DOp matrix = layer.getMatrixOp())
      std::tie(stream.channels.begin, stream.channels.end) =
          matrix.getInputChannels(channels.begin, channels.end);
    // What is broadcast is there whole.
    if (input.shape.cols == 1)
      stream.cols = {0, 1};
    if (input.shape.channels == 1)
      stream.channels = {0, 1};
    stream.waits = sync.before(layer, partIndex, unsigned(index), stream.cols, stream.channels);
    inputs.push_back(stream);
  }
  std::vector<BlockRun> all = runs();
  int64_t blocks = 0;
  for (const BlockRun &run : all)
    blocks += run.count;
  setUpStreams(size_t(blocks));
  if (nextRegister > 32)
    return layer.emitOpError() << "'" << layer.getName() << "' has " << inputs.size()
                               << " inputs, more than the registers of a core can follow";
  emitPrologue();
  for (size_t i = 0; i < all.size(); ++i) {
    size_t loop = core.code.size();
    if (all[i].count > 1)
      core.emit(inst::Loop{uint32_t(all[i].count), 1});
    if (failed(emitBlock(all[i], i + 1 == all.size() && all[i].count == 1)))
      return failure();
    if (all[i].count > 1)
      core.code[loop] = inst::Loop{uint32_t(all[i].count), uint32_t(core.code.size() - loop - 1)};
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The layer
//===----------------------------------------------------------------------===//

/// The arrays of this part, or of some of its stacks, as one matrix.
void StreamEmitter::addGroup(PartAttr piece) {
  Conv2DOp matrix = layer.getMatrixOp();
  int64_t begin = piece.getOutputBegin(), end = piece.getOutputEnd();
  auto [channelBegin, channelEnd] = matrix.getInputChannels(begin, end);
  group = uint32_t(core.groups.size());
  int64_t firstImage = core.firstImage(piece.getRound());
  std::vector<CellTile> tiles = makeTiles(matrix, piece);
  for (CellTile &tile : tiles)
    tile.array += firstImage;
  core.groups.push_back(
      {matrix.getKernelRows() * matrix.getKernelCols() * (channelEnd - channelBegin), end - begin,
       matrix.getSlicingAttr(), std::move(tiles)});
  core.arrays = std::max(core.arrays, firstImage + piece.getFirstArray() + piece.getArrays());
  core.cells.resize(core.arrays);
  core.cells.program(matrix, piece, core.groups.back().tiles, weights);
}

/// The pitches of a dense value spelt out.
static GlobalPlace withPitches(GlobalPlace place, const PlanBuffer &buffer) {
  if (place.colPitch == 0) {
    place.colPitch = buffer.shape.channels * buffer.elementBytes();
    place.rowPitch = buffer.shape.cols * place.colPitch;
  }
  return place;
}

LogicalResult StreamEmitter::emit(PlaceOf placeOf) {
  for (auto [input, buffer] : llvm::zip(layer.getInputs(), plan.inputBuffers)) {
    FailureOr<GlobalPlace> place = placeOf(input);
    if (failed(place))
      return failure();
    inputPlaces.push_back(withPitches(*place, plan.buffers[buffer]));
  }
  outputPlace = withPitches(placeOfResult(layer), plan.buffers[plan.outputBuffer]);
  if (plan.partialBuffer >= 0)
    partialPlace = withPitches({schedule.getPartialAddress()}, plan.buffers[plan.partialBuffer]);
  core.scratchpadBytes = std::max(core.scratchpadBytes, schedule.getUsedBytes());
  SmallVector<PartAttr> pieces{part};
  if (Conv2DOp matrix = layer.getMatrixOp())
    pieces = splitByStacks(matrix, part, schedule.getBlockChannels());
  for (PartAttr piece : pieces) {
    if (layer.getMatrixOp())
      addGroup(piece);
    if (failed(emitSegments({piece.getOutputBegin(), piece.getOutputEnd()})))
      return failure();
  }
  return success();
}

/// All columns of some channels of the result, and those in the pieces that the schedule asks for
/// where no sum runs over them.
LogicalResult StreamEmitter::emitSegments(Range outputs) {
  auto [firstCol, endCol] = part.getCols(plan.window.output.cols);
  int64_t blockCols = schedule.getBlockCols();
  int64_t blockChannels = layer.getMatrixOp() ? outputs.size() : schedule.getBlockChannels();
  for (int64_t channel = outputs.begin; channel < outputs.end; channel += blockChannels)
    for (int64_t col = firstCol; col < endCol; col += blockCols) {
      Range segmentChannels{channel, std::min(outputs.end, channel + blockChannels)};
      Range segmentCols{col, std::min(endCol, col + blockCols)};
      bool isLast = segmentChannels.end == part.getOutputEnd() && segmentCols.end == endCol;
      if (failed(emitSegment(segmentCols, segmentChannels, isLast)))
        return failure();
    }
  return success();
}

LogicalResult mlir::pim::emitStream(LayerOp layer, size_t part, ArrayRef<char> weights,
                                    PlaceOf placeOf, const SyncPlan &sync, CoreBuilder &core) {
  FailureOr<LayerPlan> plan = LayerPlan::of(layer);
  if (failed(plan))
    return failure();
  return StreamEmitter(layer, *plan, part, weights, sync, core).emit(placeOf);
}
