//===- QuantizedNodes.h - building Q/DQ around a node ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_ONNX_TRANSFORMS_QUANTIZEDNODES_H
#define PIM_LIB_DIALECT_ONNX_TRANSFORMS_QUANTIZEDNODES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Elements/Elements.h"

namespace mlir::pim::onnx {

/// A node that computes on quantized values, and a builder of the nodes that replace it, in front
/// of it.
class QuantizedNode {
public:
  explicit QuantizedNode(NodeOp node) : node(node), builder(node) {}

  NodeOp get() { return node; }
  StringRef op() { return node.getOpType(); }
  DictionaryAttr attributes() { return node.getNodeAttrs(); }
  bool has(unsigned index) {
    return index < node.getInputs().size() && !isa<NoneType>(node.getInputs()[index].getType());
  }
  /// Input `index`, null if it is absent.
  Value input(unsigned index) { return has(index) ? node.getInputs()[index] : Value(); }
  bool isFloat(Value value) {
    auto type = dyn_cast<ShapedType>(value.getType());
    return type && isa<FloatType>(type.getElementType());
  }

  /// A node of the default domain; null inputs at the end are left out.
  Value make(StringRef name, ArrayRef<Value> inputs, DictionaryAttr attributes = {},
             ArrayRef<StringRef> without = {});
  /// The node DequantizeLinear; `zero` may be null.
  Value dequantize(Value integers, Value scale, Value zero, int64_t axis);

  Value scalar(double value);
  Value none() { return NoneOp::create(builder, node.getLoc(), builder.getNoneType()); }
  /// The first number of a constant.
  std::optional<double> real(Value constant);
  /// a * b * factor, element by element; one of them may be a single number. Null unless both are
  /// constant.
  Value product(Value a, Value b, double factor);

private:
  NodeOp node;
  OpBuilder builder;
};

/// Lets what moves 8-bit integers between QuantizeLinear and DequantizeLinear (MaxPool, Concat,
/// Slice, Pad, ...) move the reals that they stand for. Types must be known. Returns how many nodes
/// changed.
int64_t moveReals(func::FuncOp function);

} // namespace mlir::pim::onnx

#endif // PIM_LIB_DIALECT_ONNX_TRANSFORMS_QUANTIZEDNODES_H
