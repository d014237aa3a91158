//===- Scale.h - TOSA's fixed-point scaling --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// apply_scale_32, apply_scale_16 and reciprocal_scale of the TOSA 1.0 specification, section 4.3,
// as written there; and the one of floats that INEXACT_ROUND leaves room for.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_GRAPH_KERNELS_SCALE_H
#define PIM_RUNTIME_SRC_GRAPH_KERNELS_SCALE_H

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace pim::graph {

/// REQUIRES: multiplier >= 0, 2 <= shift <= 62.
inline int32_t applyScale32(int32_t value, int32_t multiplier, int shift, bool doubleRound) {
  int64_t round = int64_t(1) << (shift - 1);
  if (doubleRound && shift > 31)
    round += value >= 0 ? int64_t(1) << 30 : -(int64_t(1) << 30);
  return static_cast<int32_t>((int64_t(value) * multiplier + round) >> shift);
}

/// The factor multiplier * 2^-shift as a float. REQUIRES: multiplier >= 0, 2 <= shift <= 62.
inline float floatFactor(int32_t multiplier, int shift) {
  return static_cast<float>(std::ldexp(static_cast<double>(multiplier), -shift));
}

/// INEXACT_ROUND as docs/numerics.md defines it: a product of floats, rounded to the nearest
/// integer of 32 bits, halves to the even one.
inline int32_t applyScaleFloat(int32_t value, float factor) {
  float product = static_cast<float>(value) * factor;
  return static_cast<int32_t>(std::clamp<double>(std::nearbyint(product),
                                                 std::numeric_limits<int32_t>::min(),
                                                 std::numeric_limits<int32_t>::max()));
}

/// REQUIRES: multiplier >= 0, 2 <= shift <= 62, value fits 48 bits.
inline int32_t applyScale16(int64_t value, int16_t multiplier, int shift) {
  int64_t round = int64_t(1) << (shift - 1);
  return static_cast<int32_t>((value * multiplier + round) >> shift);
}

struct Scale {
  int32_t multiplier;
  int shift;
};

/// A scale that divides by `value`. REQUIRES: value > 0.
inline Scale reciprocalScale(uint32_t value) {
  int k = 32 - std::countl_zero(value - 1); // 2^k / 2 < value <= 2^k
  int64_t numerator = ((int64_t(1) << 30) + 1) << k;
  return {static_cast<int32_t>(numerator / value), 30 + k};
}

/// The value of type T next to `value`.
template <typename T> T saturate(int64_t value) {
  return static_cast<T>(
      std::clamp<int64_t>(value, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

} // namespace pim::graph

#endif // PIM_RUNTIME_SRC_GRAPH_KERNELS_SCALE_H
