//===- Ratios.h - pruning ratios from sensitivities ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which share of each layer to prune, given what pruning a layer alone costs in accuracy and how
// many arrays it then fills. A pure function; measuring the sensitivities is the trainer's part.
// Tested by unittests/ADMM/RatiosTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ADMM_RATIOS_H
#define PIM_ADMM_RATIOS_H

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pim::admm {

/// What the user wants: "arrays=8x" or "accuracy-loss=0.5".
struct Goal {
  enum class Kind {
    Arrays,      ///< at least `value` times fewer arrays than the dense network, at the least loss
    AccuracyLoss ///< the fewest arrays with at most `value` points of loss
  };
  Kind kind = Kind::Arrays;
  double value = 1;
};
Goal parseGoal(std::string_view text);
std::string formatGoal(const Goal &goal);

/// The arrays of a target.
struct ArrayGeometry {
  int64_t rows = 128, columns = 128; ///< usable matrix rows and columns of one array
  int64_t arraysPerTile = 1;         ///< bit planes that go to arrays of their own, times sign sets
  int64_t columnsPerWeight = 1;      ///< bit planes side by side in one array
};

/// What is dropped from the layer's matrix.
enum class PrunedAxis {
  Inputs, ///< array rows: the `column` pattern of pim/Sparsity
  Outputs ///< array columns: the `filter` pattern
};

/// A layer and what pruning it costs.
struct LayerSensitivity {
  std::string name;
  int64_t inputs = 1, outputs = 1; ///< extents of the matrix of one group
  int64_t groups = 1;
  PrunedAxis axis = PrunedAxis::Inputs;
  /// (dropped share, points of accuracy lost with this layer alone pruned so), any order; dropping
  /// nothing costs nothing. Between the points losses are interpolated, beyond the last nothing is
  /// offered. Where a larger share measured less, the larger loss counts.
  std::vector<std::pair<double, double>> losses;
};

/// What was chosen for a layer.
struct RatioChoice {
  double dropped = 0; ///< share, such that exactly `kept` of the axis remain
  int64_t kept = 1;
  int64_t arrays = 0;
  double loss = 0; ///< interpolated
};

/// Arrays of a layer with `kept` of its pruned axis.
int64_t countArrays(const LayerSensitivity &layer, int64_t kept, const ArrayGeometry &geometry);

/// One choice per layer. Only multiples of the array's rows (columns) are kept, since everything
/// else would lose accuracy for nothing. Losses are taken to add up. Greedy on the convex hull of
/// every layer's (arrays, loss) points, steepest saving first: for an arrays goal the loss is the
/// least possible for the number of arrays reached. Throws pim::Error if no choice reaches the
/// goal, saying how far one can go; or on shares outside [0, 1) and losses that are not finite.
std::vector<RatioChoice> chooseRatios(std::span<const LayerSensitivity> layers,
                                      const ArrayGeometry &geometry, const Goal &goal);

} // namespace pim::admm

#endif // PIM_ADMM_RATIOS_H
