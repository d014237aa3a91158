//===- SharedPlacement.cpp - layers that share arrays ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedPlacement.h"
#include "NarrowTiles.h"
#include "TilePlan.h"
#include "pim/Dialect/PIM/IR/Constants.h"

#include <map>

using namespace mlir;
using namespace mlir::pim;

/// Phases have eight bits.
static constexpr int64_t mostPhases = 256;
/// Tiles that a layer may be cut into: the time of packing grows with their square.
static constexpr size_t mostNarrowTiles = 1 << 14;
/// By this part of their number stacks become fewer until a core takes them.
static constexpr int64_t stepOfStacks = 16;

SharedPlacement::StackTiles SharedPlacement::tilesOf(LayerOp layer) {
  Conv2DOp matrix = layer.getMatrixOp();
  TilingAttr tiling = matrix.getTilingAttr();
  int64_t slices = matrix.getSlicingAttr().getSliceCount();
  std::optional<ConstantBytes> weights = readBytes(matrix.getWeights());
  StackTiles tiles(size_t(tiling.getStackCount())), narrow = tiles;
  size_t count = 0;
  for (auto [stack, own] : llvm::enumerate(tiles)) {
    own = tiling.getStackTiles(int64_t(stack), slices);
    for (TileAttr tile : own)
      if (weights && count <= mostNarrowTiles)
        llvm::append_range(narrow[stack], narrowTile(matrix, tile, *weights));
    count += narrow[stack].size();
  }
  return weights && count <= mostNarrowTiles ? narrow : tiles;
}

int64_t SharedPlacement::cellsOf(ArrayRef<TileAttr> tiles) {
  int64_t cells = 0;
  for (TileAttr tile : tiles)
    cells += tile.getRowCount() * tile.getOutputCount() * tile.getSliceCount();
  return cells;
}

SharedPlacement::Unit SharedPlacement::makeUnit(LayerOp layer, const StackTiles &tiles,
                                                int64_t stackBegin, int64_t stackEnd) {
  Unit unit{layer, stackBegin, stackEnd, {}};
  for (int64_t stack = stackBegin; stack < stackEnd; ++stack) {
    llvm::append_range(unit.tiles, tiles[size_t(stack)]);
    unit.cells += cellsOf(tiles[size_t(stack)]);
  }
  return unit;
}

/// Adds a unit to a core if its arrays hold that too. All tiles of the core find new places.
bool SharedPlacement::tryCore(Core &core, Unit unit) {
  if (core.cells + unit.cells > coreCells())
    return false;
  std::vector<PackItem> items = core.items;
  for (TileAttr tile : unit.tiles)
    items.push_back({int64_t(core.units.size()), tile.getRowCount(), tile.getOutputCount(),
                     tile.getSliceCount(), tile.getFragmentRows() == 0,
                     tile.getFragmentRows() == 0 && !tile.getDelayed()});
  ArrayPacking packing(target.matrixRows, target.matrixColumns, target.arraysPerCore, mostPhases);
  std::optional<std::vector<PackPlace>> places = packing.pack(items);
  if (!places)
    return false;
  core.items = std::move(items);
  core.places = std::move(*places);
  core.arrays = packing.arrays();
  core.cells += unit.cells;
  core.units.push_back(std::move(unit));
  return true;
}

/// Adds the stacks of a layer from `begin` on: as many as their cells leave room for, then fewer
/// until they can be packed. Returns how many they are.
int64_t SharedPlacement::tryStacks(Core &core, LayerOp layer, const StackTiles &tiles,
                                   int64_t begin) {
  int64_t room = coreCells() - core.cells, end = begin;
  for (; end < int64_t(tiles.size()); ++end) {
    room -= cellsOf(tiles[size_t(end)]);
    if (room < 0)
      break;
  }
  for (; end > begin; end -= std::max<int64_t>(1, (end - begin) / stepOfStacks))
    if (tryCore(core, makeUnit(layer, tiles, begin, end)))
      break;
  return end - begin;
}

/// On the first core that takes the whole layer, else stack by stack wherever there is room.
LogicalResult SharedPlacement::add(LayerOp layer) {
  layers.push_back(layer);
  TilingAttr tiling = layer.getMatrixOp().getTilingAttr();
  int64_t stacks = tiling.getStackCount(), next = 0;
  StackTiles tiles = tilesOf(layer);
  Unit whole = makeUnit(layer, tiles, 0, stacks);
  for (Core &core : cores)
    if (tryCore(core, whole))
      return success();
  for (Core &core : cores) {
    next += tryStacks(core, layer, tiles, next);
    if (next == stacks)
      return success();
  }
  return failure();
}

/// What the inputs of a tile look like to the array: tiles that agree are driven together. Rows
/// count in the matrix of a group.
static std::tuple<int64_t, int64_t, Attribute, int64_t, Attribute, int64_t>
driversOf(TileAttr tile, Attribute rows, int64_t row, int64_t outputsOfGroup) {
  int64_t group = tile.getOutputs()[0] / outputsOfGroup;
  return {row, group, rows, tile.getDelay(), tile.getDelayed(), tile.getFragmentRows()};
}

std::pair<StackAttr, PartAttr> SharedPlacement::finish(const Unit &unit, int64_t core,
                                                       ArrayRef<PackPlace> places,
                                                       std::vector<int64_t> &ordinals) const {
  LayerOp layer = unit.layer; // op classes have no const accessors
  MLIRContext *context = layer.getContext();
  TilingAttr tiling = layer.getMatrixOp().getTilingAttr();
  int64_t firstOwn = llvm::count_if(ordinals, [](int64_t ordinal) { return ordinal >= 0; });
  int64_t own = 0;
  SmallVector<int64_t> shared;
  SmallVector<TileAttr> tiles;
  std::map<int64_t, int64_t> inStack; // by array of the packing
  std::map<int64_t, SmallVector<decltype(driversOf(TileAttr(), {}, 0, 1))>> phases;
  for (const PackPlace &place : places) {
    TileAttr tile = unit.tiles[place.item];
    int64_t &ordinal = ordinals[size_t(place.array)];
    if (ordinal < 0)
      ordinal = firstOwn + own++;
    auto [found, isNew] = inStack.try_emplace(place.array, int64_t(shared.size()));
    if (isNew)
      shared.push_back(ordinal);
    auto &drivers = phases[place.array];
    DenseI64ArrayAttr rows = tile.getRows();
    if (place.rowEnd - place.rowBegin < tile.getRowCount())
      rows = rangesOf(context,
                      ArrayRef(tile.listRows())
                          .slice(size_t(place.rowBegin), size_t(place.rowEnd - place.rowBegin)));
    auto wanted = driversOf(tile, rows, place.row, tiling.getMatrixCols());
    int64_t phase = llvm::find(drivers, wanted) - drivers.begin();
    if (phase == int64_t(drivers.size()))
      drivers.push_back(wanted);
    SmallVector<int64_t> outputs = tile.listOutputs();
    tiles.push_back(TileAttr::get(
        context, found->second, place.row, rows, place.col,
        rangesOf(context, ArrayRef(outputs).slice(place.begin, place.end - place.begin)),
        tile.getSliceBegin(), tile.getSliceCount(), tile.getShift(), phase, tile.getDelay(),
        tile.getDelayed(), tile.getFragmentRows(), tile.getSigns()));
  }
  int64_t begin = tiling.getStackOutputs(unit.stackBegin).first,
          end = tiling.getStackOutputs(unit.stackEnd).first;
  return {StackAttr::get(context, end, int64_t(shared.size()), tiles),
          PartAttr::get(context, core, begin, end, firstOwn, own, 0, 0, 0, 0,
                        DenseI64ArrayAttr::get(context, shared), 0)};
}

void SharedPlacement::place() {
  DenseMap<Operation *, SmallVector<std::pair<StackAttr, PartAttr>>> parts;
  for (auto [number, core] : llvm::enumerate(cores)) {
    std::vector<SmallVector<PackPlace>> placesOf(core.units.size());
    std::vector<int64_t> firstItem(core.units.size(), 0), ordinals(size_t(core.arrays), -1);
    for (size_t unit = 1; unit < core.units.size(); ++unit)
      firstItem[unit] = firstItem[unit - 1] + int64_t(core.units[unit - 1].tiles.size());
    for (PackPlace place : core.places) {
      auto unit = size_t(core.items[place.item].owner);
      place.item -= size_t(firstItem[unit]);
      placesOf[unit].push_back(place);
    }
    for (auto [unit, places] : llvm::zip(core.units, placesOf))
      parts[unit.layer].push_back(finish(unit, int64_t(number), places, ordinals));
  }
  for (LayerOp layer : layers) {
    auto &own = parts[layer];
    llvm::sort(own, [](const auto &a, const auto &b) {
      return a.first.getOutputEnd() < b.first.getOutputEnd();
    });
    SmallVector<StackAttr> stacks;
    SmallVector<PartAttr> list;
    for (auto [stack, part] : own) {
      stacks.push_back(stack);
      list.push_back(part);
    }
    Conv2DOp matrix = layer.getMatrixOp();
    TilingAttr tiling = matrix.getTilingAttr();
    matrix.setTilingAttr(TilingAttr::get(layer.getContext(), tiling.getGroups(),
                                         tiling.getMatrixRows(), tiling.getMatrixCols(),
                                         tiling.getTileRows(), tiling.getTileCols(),
                                         tiling.getGroupsPerArray(), tiling.getPlanes(), stacks));
    layer.setPlacementAttr(PlacementAttr::get(layer.getContext(), list));
  }
}

int64_t SharedPlacement::arraysUsed() const {
  int64_t arrays = 0;
  for (const Core &core : cores)
    arrays += core.arrays;
  return arrays;
}

int64_t SharedPlacement::coresUsed() const {
  return llvm::count_if(cores, [](const Core &core) { return !core.units.empty(); });
}
