//===- Inference.h - what is known about operators -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One entry per operator and opset range: how its result types follow from its inputs, and how its
// value follows from constants. libonnx 1.12 knows shape inference up to opset 17 only, and asserts
// on some malformed graphs, so it is not used.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_ONNX_TRANSFORMS_INFERENCE_H
#define PIM_LIB_DIALECT_ONNX_TRANSFORMS_INFERENCE_H

#include "pim/Dialect/ONNX/IR/NodeBinder.h"

namespace mlir::pim::onnx {

/// Appends the type of each output that is known. Called only when every present input has a static
/// type. On failure an error was emitted.
using InferFunction = LogicalResult (*)(const NodeBinder &, SmallVectorImpl<Type> &);

/// The value of the first output, of the type inferred, or nothing if it does not follow from
/// constants.
using FoldFunction = std::optional<Elements> (*)(const NodeBinder &, RankedTensorType);

struct OperatorInference {
  StringLiteral name;
  InferFunction infer;
  FoldFunction fold = nullptr;
  /// The opsets that this entry is for.
  int64_t firstOpset = 1, lastOpset = INT64_MAX;
};

/// The entry for an operator of the default domain, or null.
const OperatorInference *lookupInference(StringRef name, int64_t opset);

// One list per family, each in its file.
ArrayRef<OperatorInference> elementwiseInference();
ArrayRef<OperatorInference> matrixInference();
ArrayRef<OperatorInference> shapeInference();
ArrayRef<OperatorInference> windowInference();

/// numpy's broadcasting of `a` and `b`.
FailureOr<SmallVector<int64_t>> broadcastShapes(const NodeBinder &binder, ArrayRef<int64_t> a,
                                                ArrayRef<int64_t> b);

/// Nothing with more elements is computed at compile time; splats of any size are.
inline constexpr int64_t maxFoldedCount = int64_t(1) << 28;

/// For each element of a tensor of shape `to`, the index of the element of `from` that broadcasts
/// to it.
SmallVector<int64_t> broadcastIndices(ArrayRef<int64_t> from, ArrayRef<int64_t> to);

// Values of operators on constants, used by the families' lists. Nothing where an operator cannot
// be computed here; the node then stays.
// FoldElementwise.cpp
std::optional<Elements> foldBinary(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldUnary(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldCast(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldWhere(const NodeBinder &, RankedTensorType);
// FoldShape.cpp
std::optional<Elements> foldFirstInput(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldShape(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldSize(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldGather(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldConcat(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldTranspose(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldConstantOfShape(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldSlice(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldRange(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldExpand(const NodeBinder &, RankedTensorType);
// FoldQuantization.cpp
std::optional<Elements> foldQuantizeLinear(const NodeBinder &, RankedTensorType);
std::optional<Elements> foldDequantizeLinear(const NodeBinder &, RankedTensorType);

} // namespace mlir::pim::onnx

#endif // PIM_LIB_DIALECT_ONNX_TRANSFORMS_INFERENCE_H
