//===- Quantize.h - between numbers and integers ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place that says how a float becomes a quantized integer and back: as ONNX QuantizeLinear
// and DequantizeLinear do, in single precision, with halves rounded to even. Used for quant.qcast,
// quant.dcast and the ports of a program.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_GRAPH_QUANTIZE_H
#define PIM_RUNTIME_GRAPH_QUANTIZE_H

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace pim::graph {

/// clamp(round(value / scale) + zeroPoint, low, high); NaN counts as 0.
/// REQUIRES: scale > 0, |zeroPoint| < 2^31, low <= high.
inline int64_t quantize(float value, double scale, int64_t zeroPoint, int64_t low, int64_t high) {
  float quotient = value / static_cast<float>(scale);
  if (std::isnan(quotient))
    quotient = 0;
  // 2^40 is beyond every range, and far from where a conversion to int64_t overflows.
  constexpr float limit = 1099511627776.0f;
  float rounded = std::nearbyint(std::clamp(quotient, -limit, limit));
  return std::clamp(static_cast<int64_t>(rounded) + zeroPoint, low, high);
}

/// (value - zeroPoint) * scale.
inline float dequantize(int64_t value, double scale, int64_t zeroPoint) {
  return static_cast<float>(value - zeroPoint) * static_cast<float>(scale);
}

} // namespace pim::graph

#endif // PIM_RUNTIME_GRAPH_QUANTIZE_H
