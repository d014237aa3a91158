//===- Constants.h - constants of the float and integer graph --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_CONSTANTS_H
#define PIM_LIB_QUANTIZATION_CONSTANTS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Value.h"

#include <memory>
#include <optional>
#include <vector>

namespace mlir::pim {

/// A constant tensor as real numbers; in floats, since some have a hundred million elements. They
/// stay in the attribute where it holds just them, which must then outlive this.
struct RealConstant {
  RealConstant(ArrayRef<int64_t> shape, ArrayRef<float> borrowed)
      : shape(shape), values(borrowed) {}
  RealConstant(ArrayRef<int64_t> shape, std::vector<float> made)
      : shape(shape), owned(std::move(made)), values(owned) {}
  RealConstant(RealConstant &&) = default; // a vector that moves keeps its place in memory
  RealConstant &operator=(RealConstant &&) = default;

  SmallVector<int64_t> shape;
  std::vector<float> owned;
  ArrayRef<float> values;
};

/// A constant tensor as integers: (values[i] - zeroPoint) * scale of its channel along `axis`.
struct IntegerConstant {
  SmallVector<int64_t> shape;
  std::vector<int32_t> values;
  SmallVector<double> scales;      ///< one, or one per channel
  SmallVector<int64_t> zeroPoints; ///< as many
  int64_t axis = 0;
};

/// True if `value` comes from tosa.const ops through casts, reshapes, transposes and reciprocals
/// alone.
bool isConstant(Value value);

/// The reals of a constant. REQUIRES: isConstant(value) and float or quantized elements. Nothing if
/// its data are absent or of a type that no float model uses.
std::optional<RealConstant> evaluateReals(Value value);

/// The integers behind the quant.dcast of a constant: `values` are what was stored, or the
/// quantized floats where they go through quant.qcast; those of one bit (`signsOnly`) become -1 and
/// +1. Nothing if there is no cast, or if a reshape cuts through the channels.
std::optional<IntegerConstant> evaluateIntegers(Value value, bool signsOnly);

/// A tosa.const of the integer type of `T`; large ones as resources called after `name`, which keep
/// `owner` of the values, if there is one, and else a copy of them.
Value createConstant(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                     ArrayRef<int8_t> values, StringRef name,
                     std::shared_ptr<const void> owner = nullptr);
Value createConstant(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                     ArrayRef<int32_t> values, StringRef name);
/// A tosa.const of one element of `element`, an integer type.
Value createScalar(OpBuilder &builder, Location loc, Type element, int64_t value);
/// A tosa.const_shape.
Value createShape(OpBuilder &builder, Location loc, ArrayRef<int64_t> values);

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_CONSTANTS_H
