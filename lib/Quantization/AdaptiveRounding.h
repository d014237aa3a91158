//===- AdaptiveRounding.h - rounding that corrects itself ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights are rounded one after the other, and the error of each is made up for by those that are
// still to come, as far as the inputs' second moments say they can (GPTQ, Frantar et al., ICLR
// 2023, after Optimal Brain Surgeon). Any level set will do, so bit-sparse codes are rounded by the
// same code. With H = RR' the error d'Hd of weights that are off by d is |R'd|^2, and term i of R'd
// has no part in what comes after i: so weight i takes the level that makes term i least, which is
// the same rounding without an inverse of H. Many vectors are rounded at once, panel by panel, so
// that nearly all work is products of matrices. Tested by
// unittests/Quantization/AdaptiveRoundingTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_ADAPTIVEROUNDING_H
#define PIM_LIB_QUANTIZATION_ADAPTIVEROUNDING_H

#include "pim/Codes/LevelSet.h"

#include <cstdint>
#include <span>
#include <vector>

namespace mlir::pim {

/// Rounds vectors of weights that meet inputs of the same second moments.
class AdaptiveRounder {
public:
  /// The part of the mean diagonal of the second moments that is added to the diagonal, so that few
  /// samples do not count for more than they know (GPTQ's value).
  static constexpr double damping = 0.01;

  /// `second`: size x size, symmetric; empty if nothing is known of the inputs, which leaves plain
  /// rounding.
  AdaptiveRounder(std::span<const float> second, int64_t size);

  int64_t getSize() const { return size; }

  /// So many vectors of getSize() numbers, each `step` behind the one before.
  struct Rows {
    std::span<const float> values;
    int64_t count, step;
    const float *row(int64_t index) const { return values.data() + index * step; }
  };

  /// Rounds each of `weights` to its scale * levels. Zeros stay zero where there is such a level.
  /// Adds d'Hd, the squared error of the output, H damped as above, to the `errors`. `integers` are
  /// laid out as the weights are.
  void round(const ::pim::codes::LevelSet &levels, const Rows &weights,
             std::span<const double> scales, std::span<int32_t> integers,
             std::span<double> errors) const;

  /// The sum of w'Hw over the rows: what their outputs' squares add up to.
  double energy(const Rows &weights) const;

private:
  void roundAlone(const ::pim::codes::LevelSet &levels, const Rows &weights,
                  std::span<const double> scales, std::span<int32_t> integers,
                  std::span<double> errors) const;

  int64_t size;
  /// The inputs by falling second moment: large ones are rounded while others can still help. This
  /// and the factor are empty where inputs are taken as independent and alike.
  std::vector<int64_t> order;
  std::vector<float> factor; ///< the upper triangular R with H = RR', in that order
};

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_ADAPTIVEROUNDING_H
