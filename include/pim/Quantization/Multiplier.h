//===- Multiplier.h - real factors as TOSA multipliers ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tosa.rescale with scale32 multiplies by multiplier * 2^-shift, TOSA 1.0's apply_scale_32. The
// representation is that of "Quantization and Training of Neural Networks for Efficient
// Integer-Arithmetic-Only Inference" (Jacob et al., 2018), section 2.2: the multiplier holds the 31
// leading bits of the factor. Tested at its extremes by unittests/Quantization/MultiplierTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_QUANTIZATION_MULTIPLIER_H
#define PIM_QUANTIZATION_MULTIPLIER_H

#include <cstdint>
#include <optional>

namespace mlir::pim {

/// TOSA allows these shifts; the multiplier is never negative.
constexpr int minRescaleShift = 2;
constexpr int maxRescaleShift = 62;

/// The factor multiplier * 2^-shift.
struct Multiplier {
  int32_t multiplier = 0;
  int8_t shift = 0;

  double factor() const;
  bool operator==(const Multiplier &) const = default;
};

/// The multiplier nearest to `factor`: relative error up to 2^-31, or absolute error up to 2^-63
/// for factors under 2^-32. Nothing if the factor is zero, negative, not finite, denormal as a
/// float, or 2^29 and more.
std::optional<Multiplier> quantizeMultiplier(double factor);

/// True if `scale` can be the scale of a quantized type: finite, positive and a normal float.
bool isUsableScale(double scale);

} // namespace mlir::pim

#endif // PIM_QUANTIZATION_MULTIPLIER_H
