//===- Integers.h - integer arithmetic that wraps --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TOSA leaves overflow of its integer operators to nobody: a graph that overflows is in error.
// These wrap, so that such a graph gives a wrong number and never undefined behaviour.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_GRAPH_KERNELS_INTEGERS_H
#define PIM_RUNTIME_SRC_GRAPH_KERNELS_INTEGERS_H

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace pim::graph {

// 64 bits are wide enough for every intermediate of the narrower types.
template <typename T> T wrappingAdd(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  else
    return a + b;
}
template <typename T> T wrappingSub(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
  else
    return a - b;
}
template <typename T> T wrappingMul(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  else
    return a * b;
}

/// Rounds half to even and goes to the nearest value of T; NaN becomes 0.
template <typename T> T roundToInteger(double value) {
  if (std::isnan(value))
    return 0;
  double rounded = std::nearbyint(value);
  // Limits of 64-bit integers are no doubles; the comparison with the power of two above is exact.
  constexpr double beyond = static_cast<double>(std::numeric_limits<T>::max() / 2 + 1) * 2;
  if (rounded >= beyond)
    return std::numeric_limits<T>::max();
  if (rounded < -beyond)
    return std::numeric_limits<T>::min();
  return static_cast<T>(rounded);
}

} // namespace pim::graph

#endif // PIM_RUNTIME_SRC_GRAPH_KERNELS_INTEGERS_H
