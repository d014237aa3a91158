//===- QuantParams.h - what the integers of a tensor stand for -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_QUANTIZATION_QUANTPARAMS_H
#define PIM_QUANTIZATION_QUANTPARAMS_H

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/StringRef.h"

namespace mlir::pim {

/// The integer q in [min, max], stored in i8, stands for (q - zeroPoint) * scale.
struct QuantParams {
  double scale = 1;
  int64_t zeroPoint = 0;
  int64_t min = -128;
  int64_t max = 127;

  bool operator==(const QuantParams &) const = default;

  /// The integer nearest to `real` (halves up, as tosa.rescale rounds) within the range.
  int64_t quantize(double real) const;
  double dequantize(int64_t q) const { return double(q - zeroPoint) * scale; }
  /// The largest absolute value that the range can stand for.
  double magnitude() const;

  /// !quant.uniform<i8<min:max>:f32, scale:zeroPoint>
  quant::UniformQuantizedType type(MLIRContext *context) const;
};

/// The parameters in `type`, which must be per-tensor with 8-bit storage; an unsigned storage is
/// shifted to the signed one. Emits an error at `location` if the type is another one or its scale
/// is unusable.
FailureOr<QuantParams> getQuantParams(quant::QuantizedType type, Location location);

/// The parameters for reals in [low, high] (widened to contain zero) with 2^bits integers. A range
/// that begins or ends at zero has its zero point at that end. Scales are rounded to floats, as f32
/// evaluators see them.
QuantParams chooseQuantParams(double low, double high, unsigned bits);

/// A real as a diagnostic shows it: "0.25", "1e+20", "nan".
std::string realText(double value);

/// Attribute names of the quantized program.
constexpr llvm::StringLiteral weightBitsAttrName = "pim.weight_bits";
constexpr llvm::StringLiteral activationBitsAttrName = "pim.activation_bits";
/// A unit attribute of the module: sums become eight bits as onnxruntime's integer kernels round
/// them (INEXACT_ROUND in docs/numerics.md).
constexpr llvm::StringLiteral floatRescaleAttrName = "pim.float_rescale";

} // namespace mlir::pim

#endif // PIM_QUANTIZATION_QUANTPARAMS_H
