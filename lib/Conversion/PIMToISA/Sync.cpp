//===- Sync.cpp - who waits for whom -------------------------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sync.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/IR/Constants.h"

using namespace mlir;
using namespace mlir::pim;

static bool isInPlace(LayerOp layer) { return layer.getScheduleAttr().getInPlace(); }

static bool isStream(LayerOp layer) {
  return layer.getKind() != LayerKind::Movement && layer.getKind() != LayerKind::Host &&
         layer.getKind() != LayerKind::Analog;
}

static Value outside(LayerOp layer, Value operand) {
  return layer.getInputs()[cast<BlockArgument>(operand).getArgNumber()];
}

int64_t SyncPlan::totalOf(LayerOp layer) {
  return isStream(layer) ? MapShape::of(layer.getResultType().getShape()).rows : 1;
}

SyncPlan::SyncPlan(Block &block) {
  for (auto layer : block.getOps<LayerOp>()) {
    if (!isInPlace(layer))
      continue;
    Operation *op = layer.getAnchor();
    if (auto slice = dyn_cast<tosa::SliceOp>(op))
      parents[layer.getResult(0)] = outside(layer, slice.getInput1());
    else
      for (Value operand : op->getOperands())
        parents[outside(layer, operand)] = layer.getResult(0);
  }
  findReuse(block);
  for (auto layer : block.getOps<LayerOp>()) {
    if (isInPlace(layer))
      continue;
    SmallVector<Source> sources;
    for (Value input : layer.getInputs())
      collect(input, {}, sources);
    for (LayerOp other : reuse.lookup(layer))
      sources.push_back({other});
    for (PartAttr part : layer.getPlacementAttr().getParts())
      for (const Source &source : sources)
        need(source.layer, part.getCore());
    // Parts of a chain hand their sums on.
    ArrayRef<PartAttr> parts = layer.getPlacementAttr().getParts();
    for (size_t i = 1; i < parts.size(); ++i)
      if (parts[i].getArrayBegin() > 0)
        semaphoreIndex.try_emplace({layer, i - 1}, count++);
  }
}

/// Numbers the semaphores of the parts of `layer` that are on other cores than the reader.
void SyncPlan::need(LayerOp layer, int64_t readerCore) {
  for (auto [index, part] : llvm::enumerate(layer.getPlacementAttr().getParts()))
    if (part.getCore() != readerCore && semaphoreIndex.try_emplace({layer, index}, count).second)
      ++count;
}

std::optional<int64_t> SyncPlan::semaphoreOf(LayerOp layer, size_t part) const {
  auto found = semaphoreIndex.find({layer, part});
  return found == semaphoreIndex.end() ? std::nullopt : std::optional(found->second);
}

//===----------------------------------------------------------------------===//
// Values inside values
//===----------------------------------------------------------------------===//

void SyncPlan::collect(Value value, Source so, SmallVectorImpl<Source> &sources) const {
  while (auto reshape = value.getDefiningOp<tosa::ReshapeOp>()) {
    auto from = cast<RankedTensorType>(reshape.getInput1().getType()),
         to = cast<RankedTensorType>(reshape.getType());
    // Other rows: wait for all of them.
    if (MapShape::of(from.getShape()) != MapShape::of(to.getShape()))
      so.isByRows = false;
    value = reshape.getInput1();
  }
  auto layer = value.getDefiningOp<LayerOp>();
  if (!layer)
    return;
  so.layer = layer;
  if (!isInPlace(layer)) {
    sources.push_back(so);
    return;
  }
  Operation *op = layer.getAnchor();
  if (auto slice = dyn_cast<tosa::SliceOp>(op)) {
    SmallVector<int64_t> start = *readIntegers(slice.getStart());
    so.row += start[1];
    so.col += start[2];
    so.channel += start[3];
    collect(outside(layer, slice.getInput1()), so, sources);
    return;
  }
  for (Value operand : op->getOperands()) {
    collect(outside(layer, operand), so, sources);
    so.channel -= cast<RankedTensorType>(operand.getType()).getDimSize(3);
  }
}

Value SyncPlan::rootOf(Value value) const {
  for (value = memoryRoot(value); Value parent = parents.lookup(value);)
    value = memoryRoot(parent);
  return value.getDefiningOp() ? value.getDefiningOp()->getResult(0) : value;
}

Range SyncPlan::bytesOf(Value root) const {
  if (auto layer = root.getDefiningOp<LayerOp>()) {
    int64_t begin = layer.getScheduleAttr().getResultAddress();
    return {begin, begin + layer.getResultBytes()};
  }
  IntegerAttr address;
  if (auto argument = dyn_cast<BlockArgument>(root))
    address = cast<func::FuncOp>(argument.getOwner()->getParentOp())
                  .getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), "pim.address");
  // Constants keep their memory.
  return address ? Range{address.getInt(), address.getInt() + globalBytes(root.getType())}
                 : Range{0, 0};
}

/// Finds, for every layer, those before it that use other values where its result lies.
void SyncPlan::findReuse(Block &block) {
  struct Use {
    LayerOp layer;
    Value root;
    Range bytes;
  };
  std::vector<Use> uses;
  for (auto layer : block.getOps<LayerOp>()) {
    if (isInPlace(layer))
      continue;
    Value root = rootOf(layer.getResult(0));
    Range bytes = bytesOf(root);
    SmallVector<LayerOp> &others = reuse[layer];
    for (const Use &use : uses)
      if (use.root != root && use.bytes.overlaps(bytes) &&
          (others.empty() || others.back() != use.layer))
        others.push_back(use.layer);
    uses.push_back({layer, root, bytes});
    for (Value input : layer.getInputs())
      uses.push_back({layer, rootOf(input), bytesOf(rootOf(input))});
  }
}

//===----------------------------------------------------------------------===//
// Waits
//===----------------------------------------------------------------------===//

void SyncPlan::addWaits(LayerOp layer, size_t part, Source source, Range cols, Range channels,
                        SmallVectorImpl<RowWait> &waits) const {
  PlacementAttr placement = source.layer.getPlacementAttr();
  int64_t core = layer.getPlacementAttr().getParts()[part].getCore();
  MapShape shape = MapShape::of(source.layer.getResultType().getShape());
  bool isByRows = source.isByRows && isStream(source.layer);
  for (auto [index, from] : llvm::enumerate(placement.getParts())) {
    auto semaphore = semaphoreOf(source.layer, index);
    // Its own core comes to this in program order; the last of a chain has waited for the others.
    if (from.getCore() == core || !semaphore || !placement.endsChain(index))
      continue;
    auto [colBegin, colEnd] = from.getCols(shape.cols);
    if (isByRows &&
        (!Range{colBegin, colEnd}.overlaps({cols.begin + source.col, cols.end + source.col}) ||
         !Range{from.getOutputBegin(), from.getOutputEnd()}.overlaps(
             {channels.begin + source.channel, channels.end + source.channel})))
      continue;
    waits.push_back({*semaphore, isByRows, source.row, totalOf(source.layer)});
  }
}

SmallVector<RowWait> SyncPlan::before(LayerOp layer, size_t part, unsigned input, Range cols,
                                      Range channels) const {
  SmallVector<Source> sources;
  collect(layer.getInputs()[input], {}, sources);
  SmallVector<RowWait> waits;
  for (const Source &source : sources)
    addWaits(layer, part, source, cols, channels, waits);
  return waits;
}

SmallVector<RowWait> SyncPlan::beforeAll(LayerOp layer, size_t part) const {
  SmallVector<Source> sources;
  for (Value input : layer.getInputs())
    collect(input, {}, sources);
  SmallVector<RowWait> waits;
  for (Source &source : sources) {
    source.isByRows = false;
    addWaits(layer, part, source, {0, 0}, {0, 0}, waits);
  }
  return waits;
}

SmallVector<RowWait> SyncPlan::beforeWriting(LayerOp layer, size_t part) const {
  SmallVector<RowWait> waits;
  for (LayerOp other : reuse.lookup(layer))
    addWaits(layer, part, {other, false}, {0, 0}, {0, 0}, waits);
  return waits;
}
