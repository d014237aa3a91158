//===- Multiplier.cpp - real factors as TOSA multipliers ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/Multiplier.h"

#include <cmath>
#include <limits>

using namespace mlir::pim;

double Multiplier::factor() const { return std::ldexp(double(multiplier), -shift); }

bool mlir::pim::isUsableScale(double scale) {
  return std::isfinite(scale) && scale >= std::numeric_limits<float>::min() &&
         scale <= std::numeric_limits<float>::max();
}

std::optional<Multiplier> mlir::pim::quantizeMultiplier(double factor) {
  if (!isUsableScale(factor))
    return std::nullopt;
  int exponent;
  double mantissa = std::frexp(factor, &exponent); // in [1/2, 1)
  int64_t multiplier = std::llround(std::ldexp(mantissa, 31));
  int shift = 31 - exponent;
  if (multiplier == int64_t(1) << 31) { // rounded up to the next power of two
    multiplier >>= 1;
    --shift;
  }
  if (shift < minRescaleShift)
    return std::nullopt;
  if (shift > maxRescaleShift) {
    // Too small for 31 leading bits: fewer bits at the largest shift, possibly none.
    multiplier = std::llround(std::ldexp(factor, maxRescaleShift));
    shift = maxRescaleShift;
  }
  return Multiplier{int32_t(multiplier), int8_t(shift)};
}
