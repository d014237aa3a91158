//===- RoundPlacement.h - more arrays than the chip has -------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Places a model that does not fit the chip. Most cores are *resident*: what is programmed into
// them stays. The others are *rolling*: they are programmed again for every few layers, in rounds,
// taking turns, so that one is written while another works. Every array that is not resident is
// written once in each inference, so there are no more rolling cores than are needed to compute in
// the time that the writing takes anyway. Tested by test/Dialect/PIM/place-rounds.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_ROUNDPLACEMENT_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_ROUNDPLACEMENT_H

#include "LayerCost.h"

namespace mlir::pim {

class RoundPlacement {
public:
  /// REQUIRES: cores of the target have at least one array.
  explicit RoundPlacement(const MappingTarget &target) : target(target) {}

  /// Adds a matrix layer behind those before. Fails with an error at an op that cannot be
  /// scheduled.
  LogicalResult add(LayerOp layer);

  /// Gives the layers their placements.
  void place();

  /// Of the rolling core that has most.
  int64_t rounds() const { return mostRounds; }
  int64_t coresUsed() const { return int64_t(cores.size()); }

private:
  struct Stage {
    LayerOp layer;
    double ns;
    std::vector<int64_t> arraysBefore; ///< of each stack and of the end, in those before
    SmallVector<PartAttr> parts;

    int64_t stacks() const { return int64_t(arraysBefore.size()) - 1; }
    int64_t arraysOf(int64_t begin, int64_t end) const {
      return arraysBefore[size_t(end)] - arraysBefore[size_t(begin)];
    }
  };
  struct Core {
    int64_t place; ///< on the mesh
    int64_t used = 0, round = 0;
  };

  void pour(int64_t rolling);
  int64_t pourResident(Stage &stage, int64_t rolling);
  void pourRolling(Stage &stage, int64_t stack, int64_t rolling);
  void take(Stage &stage, Core &core, std::array<int64_t, 4> stacksAndArrays);
  bool isWorthMore(int64_t rolling) const;

  const MappingTarget &target;
  std::vector<Stage> stages;
  std::vector<Core> cores; ///< the rolling ones first
  size_t current = 0;      ///< the rolling core under way
  int64_t mostRounds = 0, rollingParts = 0, rollingArrays = 0;
  double rollingNs = 0;
};

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_ROUNDPLACEMENT_H
