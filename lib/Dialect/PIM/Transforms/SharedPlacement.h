//===- SharedPlacement.h - layers that share arrays ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Puts layers on cores, first-fit in program order, and the tiles of all layers of a core into as
// few arrays as ArrayPacking finds. Tilings are rewritten: the stacks of a part become one, whose
// tiles say where they lie in arrays that `shared` of the part names. Tested by
// test/Dialect/PIM/place-shared.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_SHAREDPLACEMENT_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_SHAREDPLACEMENT_H

#include "ArrayPacking.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "pim/Dialect/PIM/Transforms/MappingTarget.h"

namespace mlir::pim {

class SharedPlacement {
public:
  explicit SharedPlacement(const MappingTarget &target)
      : target(target), cores(size_t(target.cores())) {}

  /// Finds room for a matrix layer; fails, without an error, if there is none.
  LogicalResult add(LayerOp layer);
  /// Gives all layers their tilings and placements.
  void place();
  int64_t coresUsed() const;
  int64_t arraysUsed() const;

private:
  /// Some stacks of a layer.
  struct Unit {
    LayerOp layer;
    int64_t stackBegin, stackEnd;
    std::vector<TileAttr> tiles;
    int64_t cells = 0;
  };
  struct Core {
    std::vector<Unit> units;
    int64_t arrays = 0, cells = 0;
    std::vector<PackItem> items;
    std::vector<PackPlace> places;
  };

  /// Tiles of each stack of a layer, cut narrow where that saves cells.
  using StackTiles = std::vector<SmallVector<TileAttr>>;

  static StackTiles tilesOf(LayerOp layer);
  static int64_t cellsOf(ArrayRef<TileAttr> tiles);
  static Unit makeUnit(LayerOp layer, const StackTiles &tiles, int64_t stackBegin,
                       int64_t stackEnd);
  bool tryCore(Core &core, Unit unit);
  int64_t tryStacks(Core &core, LayerOp layer, const StackTiles &tiles, int64_t begin);
  int64_t coreCells() const {
    return target.arraysPerCore * target.matrixRows * target.matrixColumns;
  }
  std::pair<StackAttr, PartAttr> finish(const Unit &unit, int64_t core, ArrayRef<PackPlace> places,
                                        std::vector<int64_t> &ordinals) const;

  const MappingTarget &target;
  std::vector<Core> cores;
  std::vector<LayerOp> layers;
};

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_SHAREDPLACEMENT_H
