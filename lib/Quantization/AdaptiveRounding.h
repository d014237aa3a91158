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
// same code. Tested by unittests/Quantization/AdaptiveRoundingTest.cpp.
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

  /// Rounds `weights` to scale * levels. Zeros stay zero where there is
  /// such a level. Returns d'Hd, the squared error of the
  /// output, H damped as above.
  double round(const ::pim::codes::LevelSet &levels, std::span<const float> weights, double scale,
               std::span<int32_t> integers) const;

  /// d'Hd of a given rounding.
  double outputError(std::span<const float> weights, double scale,
                     std::span<const int32_t> integers) const;

private:
  int64_t size;
  /// The inputs by falling second moment: large ones are rounded while others can still help. This
  /// and what follows is empty where inputs are taken as independent and alike.
  std::vector<int64_t> order;
  std::vector<double> damped; ///< H, in that order
  std::vector<float> upper;   ///< U with inverse(H) = U'U, in that order; divided by its diagonal
  std::vector<double> diagonal;
};

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_ADAPTIVEROUNDING_H
