//===- ErrorFeedback.h - rounding that makes good --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_ERRORFEEDBACK_H
#define PIM_LIB_QUANTIZATION_ERRORFEEDBACK_H

#include "pim/Codes/LevelSet.h"

#include <cstdint>
#include <span>
#include <vector>

namespace mlir::pim {

/// What the inputs of a matrix have in common: sums over vectors x of x_i*x_j, and their mean.
struct VectorMoments {
  explicit VectorMoments(int64_t rows, bool isFull);
  void add(std::span<const float> x);

  int64_t rows;
  bool isFull; ///< with products of different inputs; else the diagonal alone
  int64_t count = 0;
  std::vector<float> products; ///< rows x rows (upper half in use), or rows
  std::vector<double> sums;

  double product(int64_t i, int64_t j) const;
  double mean(int64_t i) const { return count > 0 ? sums[size_t(i)] / double(count) : 0; }
};

/// One output's weights on the levels: w is about scale * integers.
struct CodedRow {
  double scale = 1;
  std::vector<int32_t> integers;
};

/// Rounds rows of weights of one matrix. Prepared once for all rows that see the same inputs.
class ErrorFeedback {
public:
  /// Without moments, or with too few vectors, all inputs count alike.
  explicit ErrorFeedback(const VectorMoments &moments);

  /// `keepZeros`: weights that are zero stay zero. `scale` 0 looks for the best.
  CodedRow round(const ::pim::codes::LevelSet &levels, std::span<const float> weights,
                 bool keepZeros, double scale = 0) const;
  /// sum over inputs of (error . x)^2 where errors are w - scale*integers; of `weights` themselves
  /// if `coded` is null.
  double energy(std::span<const float> weights, const CodedRow *coded) const;

private:
  double findScale(const ::pim::codes::LevelSet &levels, std::span<const float> weights) const;
  void factorize();

  const VectorMoments &moments;
  std::vector<double> diagonal;
  /// Row k: how an error of weight k spreads over the weights after it (upper Cholesky factor of
  /// the inverse, divided by its diagonal). Empty where inputs are taken as uncorrelated.
  std::vector<float> spread;
};

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_ERRORFEEDBACK_H
