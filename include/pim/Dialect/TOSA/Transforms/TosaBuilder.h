//===- TosaBuilder.h - TOSA ops with less ceremony -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TOSA 1.0 passes shapes, zero points and shifts as operands; this makes them. What is constant is
// computed on the spot: transposing or reshaping a weight gives a new constant, also when the
// weight is kept as integers behind quant.scast and quant.dcast.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_TOSA_TRANSFORMS_TOSABUILDER_H
#define PIM_DIALECT_TOSA_TRANSFORMS_TOSABUILDER_H

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Builders.h"
#include "pim/Elements/Elements.h"

namespace mlir::pim {

/// The elements of `value` if it is a tosa.const.
std::optional<Elements> getTosaConstant(Value value);

/// True for a tosa.const, also behind quant.scast and quant.dcast.
bool isConstantLike(Value value);

ArrayRef<int64_t> shapeOf(Value value);
Type elementTypeOf(Value value);

/// The permutation that undoes `permutation`.
SmallVector<int64_t> invertPermutation(ArrayRef<int64_t> permutation);
bool isIdentityPermutation(ArrayRef<int64_t> permutation);
SmallVector<int64_t> permuted(ArrayRef<int64_t> values, ArrayRef<int64_t> permutation);

/// NCHW to NHWC and back.
constexpr int64_t toChannelsLast[] = {0, 2, 3, 1};
constexpr int64_t toChannelsFirst[] = {0, 3, 1, 2};

/// Geometry of a two-dimensional window, as TOSA writes it.
struct Window2d {
  int64_t kernel[2] = {1, 1}, stride[2] = {1, 1}, dilation[2] = {1, 1};
  int64_t pad[4] = {0, 0, 0, 0}; ///< top, bottom, left, right
};

/// Creates ops at one insertion point and location.
class TosaBuilder {
public:
  TosaBuilder(OpBuilder &builder, Location location) : builder(builder), location(location) {}

  OpBuilder &getBuilder() { return builder; }
  Location getLoc() const { return location; }

  //===--- Constants ------------------------------------------------------===//

  Value constant(const Elements &elements);
  /// Every element of a tensor of `shape` is `value`; the element type is f32 or an integer.
  Value splat(double value, ArrayRef<int64_t> shape, Type elementType);
  Value shape(ArrayRef<int64_t> values);

  //===--- Data movement; constants are computed --------------------------===//

  /// Dimension i of the result is dimension permutation[i] of `value`.
  Value transpose(Value value, ArrayRef<int64_t> permutation);
  Value reshape(Value value, ArrayRef<int64_t> shape);
  Value slice(Value value, ArrayRef<int64_t> start, ArrayRef<int64_t> size);
  /// Pads every dimension by begin[i], end[i] elements of value `fill`.
  Value pad(Value value, ArrayRef<int64_t> begin, ArrayRef<int64_t> end, double fill);
  Value concat(ValueRange values, int64_t axis);
  Value reverse(Value value, int64_t axis);
  /// Repeats dimensions of one element so that the result has `shape`, of the same rank.
  Value broadcast(Value value, ArrayRef<int64_t> shape);

  //===--- Arithmetic; operands of equal rank ------------------------------===//

  Value add(Value a, Value b) { return binary<tosa::AddOp>(a, b); }
  Value sub(Value a, Value b) { return binary<tosa::SubOp>(a, b); }
  Value maximum(Value a, Value b) { return binary<tosa::MaximumOp>(a, b); }
  Value minimum(Value a, Value b) { return binary<tosa::MinimumOp>(a, b); }
  Value pow(Value a, Value b) { return binary<tosa::PowOp>(a, b); }
  Value mul(Value a, Value b);
  Value clamp(Value value, double low, double high);
  template <typename Op> Value unary(Value value) {
    return Op::create(builder, location, value.getType(), value);
  }
  template <typename Op> Value reduce(Value value, int64_t axis) {
    SmallVector<int64_t> shape(shapeOf(value));
    shape[axis] = 1;
    return Op::create(builder, location, typeLike(value, shape), value, uint32_t(axis));
  }

  //===--- Windows; inputs and results in NHWC -----------------------------===//

  /// `bias` may be null. REQUIRES: the window ends exactly where the padded input ends.
  Value conv2d(Value input, Value weight, Value bias, const Window2d &window);
  Value depthwiseConv2d(Value input, Value weight, Value bias, const Window2d &window);
  Value maxPool2d(Value input, const Window2d &window);
  Value avgPool2d(Value input, const Window2d &window);
  Value matmul(Value a, Value b);

private:
  RankedTensorType typeLike(Value value, ArrayRef<int64_t> shape);
  RankedTensorType broadcastType(Value a, Value b);
  template <typename Op> Value binary(Value a, Value b) {
    return Op::create(builder, location, broadcastType(a, b), a, b);
  }
  template <typename Op>
  Value convolve(Value input, Value weight, Value bias, int64_t channels, const Window2d &window);
  SmallVector<int64_t> windowShape(Value input, int64_t channels, const Window2d &window);
  Value zeroPoint(Value of) { return splat(0, {1}, elementTypeOf(of)); }
  /// Rebuilds the chain of casts behind a constant-like value, with `change` applied to the
  /// constant and `changeType` to quantized element types (null: cannot be expressed). Null if it
  /// cannot be rebuilt.
  Value rebuildConstant(Value value, function_ref<Elements(const Elements &)> change,
                        function_ref<Type(Type)> changeType);

  OpBuilder &builder;
  Location location;
};

} // namespace mlir::pim

#endif // PIM_DIALECT_TOSA_TRANSFORMS_TOSABUILDER_H
