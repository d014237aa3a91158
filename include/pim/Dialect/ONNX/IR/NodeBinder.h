//===- NodeBinder.h - checked access to an onnx.node -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What shape inference and conversions read a node through: operands and attributes come checked,
// or an error naming the operator and the reason is emitted at the node. Nothing in a node is
// trusted.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_IR_NODEBINDER_H
#define PIM_DIALECT_ONNX_IR_NODEBINDER_H

#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Elements/Elements.h"

namespace mlir::pim::onnx {

using MaybeInt = FailureOr<int64_t>;
using MaybeInts = FailureOr<SmallVector<int64_t>>;
using MaybeIntsOrNone = FailureOr<std::optional<SmallVector<int64_t>>>;
using MaybeType = FailureOr<RankedTensorType>;

class NodeBinder {
public:
  explicit NodeBinder(NodeOp node) : node(node) {}

  NodeOp getNode() const { return node; }
  StringRef getOperator() const { return node.getOpType(); }
  int64_t getOpset() const { return node.getOpset(); }
  Location getLoc() const { return node.getLoc(); }

  /// Emits "OPERATOR: reason" at the node.
  InFlightDiagnostic fail(const Twine &reason) const;

  //===--- Inputs ---------------------------------------------------------===//

  /// True if input `index` is there and not onnx.none.
  bool hasInput(unsigned index) const;
  /// Between `minimum` and `maximum` inputs, of which the first `minimum` are present.
  LogicalResult expectInputs(unsigned minimum, unsigned maximum) const;
  /// No output beyond the first `maximum` is used.
  LogicalResult expectOutputs(unsigned maximum) const;
  /// REQUIRES: hasInput(index).
  Value getInput(unsigned index) const { return node.getInputs()[index]; }
  /// The type of a present input of static shape. Fails if the input is missing or its type is
  /// another one.
  MaybeType getInputType(unsigned index) const;
  /// The same, of at least `minimum` and at most `maximum` dimensions.
  MaybeType getInputType(unsigned index, int64_t minimum, int64_t maximum) const;

  /// The value of an input that is an onnx.constant.
  std::optional<Elements> getConstant(unsigned index) const;
  /// The integers of an input that must be a constant; `what` names it in the error.
  MaybeInts getConstantInts(unsigned index, StringRef what) const;

  //===--- Attributes -----------------------------------------------------===//

  bool hasAttribute(StringRef name) const { return node.getNodeAttrs().contains(name); }
  MaybeInt getInt(StringRef name, std::optional<int64_t> otherwise = std::nullopt) const;
  FailureOr<double> getReal(StringRef name, std::optional<double> otherwise = std::nullopt) const;
  FailureOr<StringRef> getString(StringRef name, StringRef otherwise) const;
  /// A list; `otherwise` where the node has none.
  MaybeInts getInts(StringRef name, ArrayRef<int64_t> otherwise) const;
  /// The constant input `index` or, in older opsets, the attribute `name` (axes of Squeeze,
  /// ReduceMean, ...). Nothing if the node has neither.
  MaybeIntsOrNone getIntsOrInput(StringRef name, unsigned index) const;

  /// `axis` counted from the front. Fails unless it is in [-rank, rank).
  MaybeInt normalizeAxis(int64_t axis, int64_t rank) const;
  /// A list of distinct axes, each counted from the front.
  MaybeInts normalizeAxes(ArrayRef<int64_t> axes, int64_t rank) const;

  /// A tensor type, if the number of its elements is positive and within reason.
  MaybeType makeType(ArrayRef<int64_t> shape, Type elementType) const;

private:
  MaybeInt missing(StringRef name) const;

  mutable NodeOp node; ///< a handle; ODS accessors are not const
};

/// "1x3x224x224", "scalar" for rank 0.
std::string shapeText(ArrayRef<int64_t> shape);

} // namespace mlir::pim::onnx

#endif // PIM_DIALECT_ONNX_IR_NODEBINDER_H
