//===- PipelinePlacement.cpp - layers side by side on the mesh - -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PipelinePlacement.h"

#include <limits>

using namespace mlir;
using namespace mlir::pim;

/// Halvings of the limit: enough to tell a cycle from a second.
static constexpr int bisections = 48;

LogicalResult PipelinePlacement::add(LayerOp layer) {
  FailureOr<LayerCost> cost = LayerCost::of(layer, target);
  if (failed(cost))
    return failure();
  Stage stage{layer, *cost};
  if (Conv2DOp matrix = layer.getMatrixOp()) {
    TilingAttr tiling = matrix.getTilingAttr();
    stage.stacks = tiling.getStackCount();
    stage.arraysBefore.push_back(0);
    for (int64_t stack = 0; stack < stage.stacks; ++stack)
      stage.arraysBefore.push_back(stage.arraysBefore.back() + tiling.getStackArrays(stack));
  }
  stages.push_back(stage);
  return success();
}

//===----------------------------------------------------------------------===//
// Filling cores
//===----------------------------------------------------------------------===//

bool PipelinePlacement::nextCore() {
  if (int64_t(cores.size()) == target.cores())
    return false;
  cores.emplace_back();
  return true;
}

void PipelinePlacement::take(size_t index, int64_t copy, std::array<int64_t, 4> range) {
  const Stage &stage = stages[index];
  Core &core = cores.back();
  auto [stackBegin, stackEnd, arrayBegin, arrayEnd] = range;
  int64_t arrays = arrayEnd ? arrayEnd - arrayBegin : stage.arraysOf(stackBegin, stackEnd);
  shares.push_back({index, copy, stackBegin, stackEnd, arrayBegin, arrayEnd,
                    int64_t(cores.size()) - 1, core.used, arrays});
  core.used += arrays;
  core.ns += stage.shareNs();
  double ofOutputs = stage.stacks ? double(stackEnd - stackBegin) / double(stage.stacks) : 1;
  core.bytes += (double(stage.cost.bytesIn) + double(stage.cost.bytesOut) * ofOutputs) *
                double(stage.colsPerCopy(stage.copies)) / double(stage.cost.cols);
  core.lastStage = int64_t(index);
}

/// Puts a copy of a stage on the core under way, and those after it.
bool PipelinePlacement::pourCopy(size_t index, int64_t copy, double limitNs, bool divides) {
  const Stage &stage = stages[index];
  auto room = [&] { return target.arraysPerCore - cores.back().used; };
  // A core has one part of a layer at most: the copies of a layer work at the same time.
  auto accepts = [&] {
    const Core &core = cores.back();
    return core.lastStage < 0 ||
           (core.lastStage != int64_t(index) && core.ns + stage.shareNs() <= limitNs);
  };
  bool fitsOneCore = stage.arrays() <= target.arraysPerCore;
  if (!accepts() || (fitsOneCore && !divides && room() < stage.arrays()) ||
      (!fitsOneCore && !divides && cores.back().lastStage >= 0))
    if (!nextCore())
      return false;
  if (room() >= stage.arrays()) {
    take(index, copy, {0, stage.stacks, 0, 0});
    return true;
  }
  for (int64_t stack = 0, array = 0; stack < stage.stacks;) {
    int64_t inStack = stage.arraysOf(stack, stack + 1), end = stack;
    while (array == 0 && end < stage.stacks && stage.arraysOf(stack, end + 1) <= room())
      ++end;
    // A stack is cut only where no core would hold it or none may be left over.
    int64_t some = std::min(room(), inStack - array);
    if (!accepts()) {
      // Full, or has a part of this layer already.
    } else if (end > stack) {
      take(index, copy, {stack, end, 0, 0});
      stack = end;
    } else if (some > 0 && (divides || inStack > target.arraysPerCore)) {
      take(index, copy, {stack, stack + 1, array, array + some});
      array += some;
      if (array == inStack) {
        array = 0;
        ++stack;
      }
    }
    if (stack < stage.stacks && !nextCore())
      return false;
  }
  return true;
}

bool PipelinePlacement::pour(double limitNs, bool divides) {
  shares.clear();
  cores.assign(1, {});
  for (size_t stage = 0; stage < stages.size(); ++stage)
    for (int64_t copy = 0; copy < stages[stage].copies; ++copy)
      if (!pourCopy(stage, copy, limitNs, divides))
        return false;
  return true;
}

std::optional<double> PipelinePlacement::fill() {
  double all = 1;
  for (const Stage &stage : stages)
    all += stage.shareNs() * double(stage.copies);
  for (bool divides : {false, true}) {
    if (!pour(0, divides)) {
      if (!pour(all, divides))
        continue;
      double low = 0, high = all;
      for (int i = 0; i < bisections; ++i) {
        double middle = (low + high) / 2;
        (pour(middle, divides) ? high : low) = middle;
      }
      pour(high, divides);
    }
    double busiest = 0;
    for (const Core &core : cores)
      busiest = std::max(busiest, core.ns);
    return busiest;
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

void PipelinePlacement::replicate(bool all) {
  int64_t used = 0;
  for (const Stage &stage : stages)
    used += stage.arrays();
  std::optional<double> busiest = fill();
  DenseSet<size_t> settled;
  while (busiest) {
    std::optional<size_t> slowest;
    for (size_t i = 0; i < stages.size(); ++i)
      if (!settled.contains(i) && (!slowest || stages[i].shareNs() > stages[*slowest].shareNs()))
        slowest = i;
    if (!slowest)
      return;
    Stage &stage = stages[*slowest];
    int64_t before = stage.copies, more = before + 1;
    while (more < stage.cost.cols && stage.colsPerCopy(more) == stage.colsPerCopy(before))
      ++more;
    int64_t extra = (more - before) * stage.arrays();
    std::optional<double> then;
    if (more <= stage.cost.cols && used + extra <= budget) {
      stage.copies = more;
      then = fill();
    }
    if (then && *then <= *busiest) {
      busiest = then;
      used += extra;
      continue;
    }
    stage.copies = before;
    settled.insert(*slowest);
    // The others would wait for this one.
    if (!all)
      return;
  }
}

//===----------------------------------------------------------------------===//
// The mesh
//===----------------------------------------------------------------------===//

/// All traffic is with global memory, so the sum of bytes times hops is smallest when the cores in
/// the order of their bytes take the places in the order of their hops.
void PipelinePlacement::assignMesh() {
  auto hops = [&](int64_t place) { return place % target.meshCols + place / target.meshCols + 1; };
  std::vector<int64_t> places(size_t(target.cores())), byTraffic(cores.size());
  for (size_t i = 0; i < places.size(); ++i)
    places[i] = int64_t(i);
  for (size_t i = 0; i < byTraffic.size(); ++i)
    byTraffic[i] = int64_t(i);
  llvm::stable_sort(places, [&](int64_t a, int64_t b) { return hops(a) < hops(b); });
  llvm::stable_sort(byTraffic,
                    [&](int64_t a, int64_t b) { return cores[a].bytes > cores[b].bytes; });
  meshPlace.resize(cores.size());
  chosenByteHops = orderByteHops = 0;
  for (size_t i = 0; i < byTraffic.size(); ++i) {
    meshPlace[byTraffic[i]] = places[i];
    chosenByteHops += cores[byTraffic[i]].bytes * double(hops(places[i]));
    orderByteHops += cores[i].bytes * double(hops(int64_t(i)));
  }
}

PartAttr PipelinePlacement::partOf(const Share &share) const {
  const Stage &stage = stages[share.stage];
  LayerOp layer = stage.layer;
  int64_t outputBegin = 0, outputEnd = MapShape::of(layer.getResultType().getShape()).channels;
  if (Conv2DOp matrix = layer.getMatrixOp()) {
    outputBegin = matrix.getTilingAttr().getStackOutputs(share.stackBegin).first;
    outputEnd = matrix.getTilingAttr().getStackOutputs(share.stackEnd).first;
  }
  int64_t cols = stage.cost.cols;
  bool isCopied = stage.copies > 1;
  return PartAttr::get(
      layer.getContext(), meshPlace[share.core], outputBegin, outputEnd, share.firstArray,
      share.arrays, isCopied ? share.copy * cols / stage.copies : 0,
      isCopied ? (share.copy + 1) * cols / stage.copies : 0, share.arrayBegin, share.arrayEnd);
}

LogicalResult PipelinePlacement::place() {
  if (!fill())
    return failure();
  assignMesh();
  for (size_t begin = 0, end; begin < shares.size(); begin = end) {
    SmallVector<PartAttr> parts;
    for (end = begin; end < shares.size() && shares[end].stage == shares[begin].stage; ++end)
      parts.push_back(partOf(shares[end]));
    LayerOp layer = stages[shares[begin].stage].layer;
    layer.setPlacementAttr(PlacementAttr::get(layer.getContext(), parts));
  }
  return success();
}
