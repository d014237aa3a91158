//===- LinearRounder.h - rounding the outputs of a linear op ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// AdaptiveRounder for each block of inputs that a linear op's moments have. Tested by
// unittests/Quantization/LinearRounderTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_LINEARROUNDER_H
#define PIM_LIB_QUANTIZATION_LINEARROUNDER_H

#include "AdaptiveRounding.h"
#include "InputMoments.h"

namespace mlir::pim {

/// The weights of one output as scale * integers, and the squared error of the output, summed over
/// the patches of the moments.
struct RoundedOutput {
  double scale = 1, error = 0;
  std::vector<int32_t> integers;
};

class LinearRounder {
public:
  /// Moments that have seen nothing count all inputs alike.
  /// Works on the threads of the context.
  LinearRounder(MLIRContext *context, const LinearShape &shape, const InputMoments &moments);

  /// So many outputs at once take little memory, and are enough for all threads.
  static constexpr int64_t fewOutputs = 512;

  /// `weights`: the taps of the outputs from `first` on, one output after the other; a scale each.
  std::vector<RoundedOutput> round(const ::pim::codes::LevelSet &levels, int64_t first,
                                   std::span<const float> weights,
                                   std::span<const double> scales) const;
  /// Squares of the outputs themselves, all added up, to compare errors with.
  double energy(int64_t first, std::span<const float> weights) const;
  /// The scale of least error with each weight on its nearest level, among some below the one that
  /// clips nothing. 1 where all weights are zero.
  double findScale(const ::pim::codes::LevelSet &levels, int64_t output,
                   std::span<const float> weights) const;

private:
  template <typename Visit> void forBlocks(int64_t first, int64_t count, Visit visit) const;
  template <typename Visit> void forShares(int64_t count, Visit visit) const;

  MLIRContext *context;
  LinearShape shape;
  std::vector<AdaptiveRounder> blocks;
  std::vector<int64_t> begins;    ///< of each block in the patch
  std::vector<double> inputPower; ///< mean square of each position of the patch
};

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_LINEARROUNDER_H
