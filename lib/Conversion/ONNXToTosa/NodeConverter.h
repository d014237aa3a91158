//===- NodeConverter.h - what a handler works with ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_CONVERSION_ONNXTOTOSA_NODECONVERTER_H
#define PIM_LIB_CONVERSION_ONNXTOTOSA_NODECONVERTER_H

#include "pim/Dialect/ONNX/IR/NodeBinder.h"
#include "pim/Dialect/ONNX/IR/Windows.h"
#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::pim {

/// TOSA values by the ONNX values they stand for.
using ValueMap = llvm::DenseMap<Value, Value>;

/// One node on its way to TOSA: the node read through NodeBinder, its operands as TOSA values, and
/// a builder of TOSA ops before the node with the node's location.
class NodeConverter : public onnx::NodeBinder {
public:
  NodeConverter(onnx::NodeOp node, ValueMap &values, OpBuilder &builder)
      : NodeBinder(node), tosa(builder, node.getLoc()), values(values) {}

  /// What stands for `value` in TOSA; null if it has no form there.
  Value lookup(Value value);
  /// Operand `index` in TOSA. Fails if it is missing or has no form in TOSA.
  FailureOr<Value> getOperand(unsigned index);
  /// The same, which must be float and not quantized.
  FailureOr<Value> getFloatOperand(unsigned index);
  /// The shape of the first result.
  ArrayRef<int64_t> getResultShape();

  /// `value` with leading dimensions of one, to have `rank` dimensions.
  Value withRank(Value value, int64_t rank);

  TosaBuilder tosa;

private:
  ValueMap &values;
};

/// The type that stands for `type` in TOSA: every float is f32. Null for element types without a
/// form.
RankedTensorType convertType(RankedTensorType type);

/// The type of values that stand for the integers themselves, of 8 or 16 bits: their scale is 1.
/// Unsigned ones are moved down by half their range.
quant::UniformQuantizedType integerQuantType(IntegerType integer);

/// Integers of a quantized type, of `integer` in the file, as the f32 of the same numbers.
Value integersAsReals(Value quantized, IntegerType integer, OpBuilder &builder);

/// `constant` as a tosa.const, or null if its type has no form in TOSA.
Value convertConstant(onnx::ConstantOp constant, OpBuilder &builder);

//===----------------------------------------------------------------------===//
// Windows on NCHW values
//===----------------------------------------------------------------------===//

/// A value of three or four dimensions in NHWC, ready for a window op: one spatial dimension counts
/// as a row of height one, and rows and columns that the window never reaches are cut off, because
/// TOSA wants windows to fit exactly.
struct WindowInput {
  Value value;
  Window2d window;
};
FailureOr<WindowInput> getWindowInput(NodeConverter &node, ArrayRef<onnx::WindowDim> dims);

/// Undoes the layout of getWindowInput: `value` in NHWC as the node's result.
Value finishWindow(NodeConverter &node, Value value);

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_ONNXTOTOSA_NODECONVERTER_H
