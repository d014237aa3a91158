//===- PipelinePlacement.h - layers side by side on the mesh -- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives every layer cores of its own as far as there are any, copies of the layers that would hold
// up the others, and the busiest cores the places next to the memory port. Tested by
// test/Dialect/PIM/place-pipeline.mlir and place-replicate.mlir.
//
// Cores are filled in program order. A core goes on to the next layer when it is full or would work
// longer than a limit; the smallest limit that the mesh allows is found by bisection. A layer that
// no core holds is divided by outputs, and where even one output needs more arrays than a core
// has, or too few are left together, by the arrays of a stack.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_PIPELINEPLACEMENT_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_PIPELINEPLACEMENT_H

#include "InPlace.h"
#include "LayerCost.h"

namespace mlir::pim {

class PipelinePlacement {
public:
  PipelinePlacement(const MappingTarget &target, int64_t arrayBudget)
      : target(target), budget(arrayBudget) {}

  /// Adds a layer behind those before. Fails with an error at an op that cannot be scheduled.
  LogicalResult add(LayerOp layer);

  /// Copies the slowest layer as long as that shortens the time of the busiest core. With `all`,
  /// goes on with faster ones when the slowest cannot be copied any more.
  void replicate(bool all);

  /// Gives the layers their placements. Fails if the chip has too few arrays or cores together.
  LogicalResult place();

  /// Bytes times hops to the memory port, as placed and with cores in the order of the program.
  double byteHops() const { return chosenByteHops; }
  double byteHopsInOrder() const { return orderByteHops; }
  int64_t coresUsed() const { return int64_t(cores.size()); }

private:
  struct Stage {
    LayerOp layer;
    LayerCost cost;
    int64_t stacks = 0;                  ///< of a matrix; 0 for other layers
    std::vector<int64_t> arraysBefore{}; ///< of each stack and of the end, in those before
    int64_t copies = 1;

    int64_t arraysOf(int64_t stackBegin, int64_t stackEnd) const {
      return stacks ? arraysBefore[size_t(stackEnd)] - arraysBefore[size_t(stackBegin)] : 0;
    }
    int64_t arrays() const { return arraysOf(0, stacks); }
    /// The most columns that a copy has.
    int64_t colsPerCopy(int64_t copies) const { return (cost.cols + copies - 1) / copies; }
    double shareNs() const { return cost.ns() * double(colsPerCopy(copies)) / double(cost.cols); }
  };
  /// What one core has of one stage.
  struct Share {
    size_t stage;
    int64_t copy, stackBegin, stackEnd, arrayBegin, arrayEnd; ///< arrays of a divided stack
    int64_t core, firstArray, arrays;
  };
  struct Core {
    int64_t used = 0;
    double ns = 0, bytes = 0;
    int64_t lastStage = -1;
  };

  bool pour(double limitNs, bool divides);
  bool pourCopy(size_t stage, int64_t copy, double limitNs, bool divides);
  void take(size_t stage, int64_t copy, std::array<int64_t, 4> stacksAndArrays);
  bool nextCore();
  /// Time of the busiest core for the smallest limit; no value if the chip is too small.
  std::optional<double> fill();
  void assignMesh();
  PartAttr partOf(const Share &share) const;

  const MappingTarget &target;
  int64_t budget;
  std::vector<Stage> stages;
  std::vector<Share> shares;
  std::vector<Core> cores;
  std::vector<int64_t> meshPlace; ///< of each core
  double chosenByteHops = 0, orderByteHops = 0;
};

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_PIPELINEPLACEMENT_H
