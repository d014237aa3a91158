//===- RoundPlacement.cpp - more arrays than the chip has ------ -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RoundPlacement.h"

using namespace mlir;
using namespace mlir::pim;

/// Parts that a rolling core has at most while there are others: each has table entries of its own,
/// which instructions name in 12 bits.
static constexpr int64_t mostPartsOfCore = 256;

LogicalResult RoundPlacement::add(LayerOp layer) {
  FailureOr<LayerCost> cost = LayerCost::of(layer, target);
  if (failed(cost))
    return failure();
  TilingAttr tiling = layer.getMatrixOp().getTilingAttr();
  Stage stage{layer, cost->ns(), {0}, {}};
  for (int64_t stack = 0; stack < tiling.getStackCount(); ++stack)
    stage.arraysBefore.push_back(stage.arraysBefore.back() + tiling.getStackArrays(stack));
  stages.push_back(std::move(stage));
  return success();
}

/// Gives `core` the stacks [stackBegin, stackEnd), or arrays [arrayBegin, arrayEnd) of one.
void RoundPlacement::take(Stage &stage, Core &core, std::array<int64_t, 4> range) {
  auto [stackBegin, stackEnd, arrayBegin, arrayEnd] = range;
  TilingAttr tiling = stage.layer.getMatrixOp().getTilingAttr();
  int64_t arrays = arrayEnd ? arrayEnd - arrayBegin : stage.arraysOf(stackBegin, stackEnd);
  stage.parts.push_back(PartAttr::get(stage.layer.getContext(), core.place,
                                      tiling.getStackOutputs(stackBegin).first,
                                      tiling.getStackOutputs(stackEnd).first, core.used, arrays, 0,
                                      0, arrayBegin, arrayEnd, core.round));
  core.used += arrays;
}

/// First the whole layer on one core, else stack by stack wherever there is room. Returns the first
/// stack that found none.
int64_t RoundPlacement::pourResident(Stage &stage, int64_t rolling) {
  int64_t stacks = stage.stacks();
  MutableArrayRef<Core> resident = MutableArrayRef(cores).drop_front(size_t(rolling));
  for (Core &core : resident)
    if (core.used + stage.arraysOf(0, stacks) <= target.arraysPerCore) {
      take(stage, core, {0, stacks, 0, 0});
      return stacks;
    }
  int64_t next = 0;
  for (Core &core : resident) {
    int64_t end = next;
    while (end < stacks && core.used + stage.arraysOf(next, end + 1) <= target.arraysPerCore)
      ++end;
    if (end > next)
      take(stage, core, {next, end, 0, 0});
    next = end;
  }
  return next;
}

/// Core after core, each in its next round when it is full.
void RoundPlacement::pourRolling(Stage &stage, int64_t stack, int64_t rolling) {
  auto room = [&] { return target.arraysPerCore - cores[current].used; };
  auto goOn = [&] {
    current = (current + 1) % size_t(rolling);
    if (cores[current].used > 0) {
      ++cores[current].round;
      cores[current].used = 0;
    }
  };
  int64_t stacks = stage.stacks();
  if (cores[current].used > 0 && room() < stage.arraysOf(stack, stacks))
    goOn();
  for (int64_t array = 0; stack < stacks;) {
    int64_t inStack = stage.arraysOf(stack, stack + 1), end = stack;
    while (array == 0 && end < stacks && stage.arraysOf(stack, end + 1) <= room())
      ++end;
    if (end > stack) {
      take(stage, cores[current], {stack, end, 0, 0});
      stack = end;
    } else if (room() > 0) {
      // A stack of more arrays than a core has is divided; its parts add up their sums in turn.
      int64_t some = std::min(room(), inStack - array);
      take(stage, cores[current], {stack, stack + 1, array, array + some});
      array += some;
      if (array == inStack) {
        array = 0;
        ++stack;
      }
    }
    ++rollingParts;
    rollingNs += stage.ns;
    if (stack < stacks)
      goOn();
  }
}

void RoundPlacement::pour(int64_t rolling) {
  // The images come from the corner of the mesh: the cores next to it roll.
  auto hops = [&](int64_t place) { return place % target.meshCols + place / target.meshCols; };
  cores.clear();
  for (int64_t place = 0; place < target.cores(); ++place)
    cores.push_back({place});
  llvm::stable_sort(cores,
                    [&](const Core &a, const Core &b) { return hops(a.place) < hops(b.place); });
  current = 0;
  rollingParts = rollingArrays = 0;
  rollingNs = 0;
  for (Stage &stage : stages) {
    stage.parts.clear();
    int64_t next = pourResident(stage, rolling);
    if (next < stage.stacks()) {
      rollingArrays += stage.arraysOf(next, stage.stacks());
      pourRolling(stage, next, rolling);
    }
  }
}

/// Whether the rolling cores would compute for longer than writing takes.
bool RoundPlacement::isWorthMore(int64_t rolling) const {
  double arrayBytes = double(target.matrixRows * target.matrixColumns * target.cellBits) / 8;
  double writeNs = double(rollingArrays) * arrayBytes / target.storeBytesPerNs;
  return rollingNs > writeNs * double(rolling) || rollingParts > mostPartsOfCore * rolling;
}

void RoundPlacement::place() {
  int64_t all = target.cores(), rolling = std::min<int64_t>(2, all);
  for (pour(rolling); rolling < all && isWorthMore(rolling); pour(rolling))
    rolling = std::min(2 * rolling, all);
  for (Stage &stage : stages)
    stage.layer.setPlacementAttr(PlacementAttr::get(stage.layer.getContext(), stage.parts));
  for (const Core &core : cores)
    mostRounds = std::max(mostRounds, core.round + 1);
  llvm::erase_if(cores, [](const Core &core) { return core.used == 0; });
}
