//===- WideValue.h - integers on their way to eight bits -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between the ops that a layer fuses, values have more precision than an activation: a 32-bit
// accumulator with a scale per channel, a bias and clamp bounds that are not applied yet. WideValue
// says what such integers stand for; IntegerEmitter makes the TOSA ops that bring them to a given
// scale.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_WIDEVALUE_H
#define PIM_LIB_QUANTIZATION_WIDEVALUE_H

#include "Constants.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Builders.h"
#include "pim/Quantization/QuantParams.h"

#include <limits>
#include <memory>

namespace mlir::pim {

/// A convolution in integers that is not emitted yet, so that constants which follow it can join
/// its bias.
struct LinearOp {
  Operation *op; ///< the float op
  Value input;   ///< i8, in the shape that the convolution takes
  QuantParams inputParams;
  std::vector<int8_t> weights;
  SmallVector<int64_t> weightShape;
  int64_t weightZeroPoint = 0;
  int64_t outputs = 0;
  SmallVector<int64_t> resultShape; ///< of the convolution
  /// The largest sum of |weight - zero point| of each output.
  std::vector<int64_t> weightSums;
  /// The output of a weight by its position.
  int64_t outputOf(size_t weight) const;
};

/// The real value clamp(scale[c] * (integer - zeroPoint) + offset[c], low, high) with one scale and
/// one offset, or one per channel (last dimension). The integer is `value`, i8 or i32, or what
/// `linear` will make.
struct WideValue {
  std::shared_ptr<LinearOp> linear;
  Value value;
  int64_t zeroPoint = 0;
  SmallVector<double> scales;
  SmallVector<double> offsets{0.0};
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  /// No real value is larger in magnitude.
  double bound = 0;
  /// A sum of products, or a mean, as the integer is: what `floatRescale` is for.
  bool isSum = false;
  /// Of the float value; `value` may have another with the same last dimension.
  SmallVector<int64_t> shape;
  Location loc;

  explicit WideValue(Location loc) : loc(loc) {}

  bool isClamped() const;
  bool hasOffset() const;
  /// Applies factor * x + offset. False, without effect, if only a flattened value can take it: a
  /// factor that is not positive, or a clamp before a factor per channel.
  bool applyAffine(ArrayRef<double> factor, ArrayRef<double> offset);
  /// Makes `factor` positive by turning the signs of weights that are not emitted yet; without
  /// effect if there are none, or if a weight has no opposite.
  void absorbSigns(std::vector<double> &factor);
  /// Applies a clamp after everything else.
  void applyClamp(double newLow, double newHigh);
};

/// Makes the integer ops. Errors are emitted at the layer's location and remembered.
class IntegerEmitter {
public:
  /// `floatRescale`: sums and means become i8 by factors that are floats, with INEXACT_ROUND.
  IntegerEmitter(OpBuilder &builder, int64_t weightBits, bool floatRescale = false)
      : builder(builder), weightBits(weightBits), floatRescale(floatRescale) {}

  bool hasFailed() const { return failed; }

  /// i8 integers of `params` as a wide value.
  WideValue widen(Value value, const QuantParams &params, Location loc);
  /// The wide value as i8 integers of `params`.
  Value narrow(WideValue wide, const QuantParams &params);
  /// The wide value as i32 integers of one scale with zero point 0, clamped and offset.
  Value atScale(WideValue wide, double scale);
  /// As a wide value of i32 with one scale, without offset or clamp.
  WideValue flatten(WideValue wide);
  /// Emits the convolution of a wide value, if there is one.
  void emitLinear(WideValue &wide);
  /// A scale at which sums up to `bound` fit 30 bits and `scales` lose nothing that eight bits
  /// could show.
  static double sumScale(ArrayRef<double> scales, double bound);

  Value reshape(Value value, ArrayRef<int64_t> shape, Location loc);
  Value clamp(Value value, int64_t low, int64_t high, Location loc);
  Value rescale(Value value, int64_t inputZeroPoint, ArrayRef<double> factors, Type element,
                int64_t outputZeroPoint, Location loc,
                tosa::RoundingMode rounding = tosa::RoundingMode::SINGLE_ROUND);

  OpBuilder &builder;

private:
  void limitBias(WideValue &wide);

  int64_t weightBits;
  bool floatRescale, failed = false;
};

/// The integers of the linear op `op` on `input`, i8 of `params`. `wide` gets its scales and bias.
/// Emits an error and returns failure if weights have a form that i8 cannot hold; success with
/// `linear` null if `op` has no quantized weights.
LogicalResult loadLinear(Operation *op, Value input, const QuantParams &params, bool signsOnly,
                         IntegerEmitter &emitter, WideValue &wide);

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_WIDEVALUE_H
