//===- Quantization.h - scales and zero points ------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_KERNELS_QUANTIZATION_H
#define PIM_RUNTIME_SRC_ONNX_KERNELS_QUANTIZATION_H

#include "../Index.h"

#include <cmath>

namespace pim::onnx {

/// An element of quantized type `element`: x / scale, halves to even, saturated. REQUIRES: an
/// integer type of at most 32 bits.
inline int64_t quantize(float x, float scale, int64_t zeroPoint, ElementType element) {
  auto [least, greatest] = integerRange(element);
  float scaled = std::nearbyint(x / scale);
  if (std::isnan(scaled))
    return std::clamp<int64_t>(zeroPoint, least, greatest);
  double value = double(scaled) + double(zeroPoint);
  return value <= double(least) ? least : value >= double(greatest) ? greatest : int64_t(value);
}

/// The one scale and zero point in operands `index` and `index + 1`; fails unless they are numbers.
struct Scale {
  float scale;
  int64_t zeroPoint;
  Scale(const Call &call, size_t index);
};

/// Elements of operand `index` as numbers: (q - zero point) * scale.
std::vector<float> dequantized(const Call &call, const Tensor &tensor, Scale scale);

/// Result `index`: `values` quantized. Fails unless `element` is an integer type of 8 or 16 bits.
Tensor &setQuantized(Call &call, size_t index, const std::vector<float> &values, const Shape &shape,
                     ElementType element, Scale scale);

/// Quantized elements less their zero point, which is operand `zeroPoint` or zero: one number, or
/// one for each index along dimension `axis`. Fails unless elements are bytes.
std::vector<int32_t> centered(const Call &call, const Tensor &tensor, size_t zeroPoint,
                              int64_t axis);

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_KERNELS_QUANTIZATION_H
