//===- NodeWriter.h - nodes that take the place of another ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_ONNX_TRANSFORMS_NODEWRITER_H
#define PIM_LIB_DIALECT_ONNX_TRANSFORMS_NODEWRITER_H

#include "pim/Dialect/ONNX/IR/NodeBinder.h"

#include "mlir/IR/Builders.h"

namespace mlir::pim::onnx {

/// Whether `node` is this operator of ai.onnx.
bool isOperator(NodeOp node, StringRef name);

/// Writes nodes before `node`, of its operator set, with its location and results whose types are
/// not known yet.
class NodeWriter {
public:
  explicit NodeWriter(NodeOp node) : node(node), builder(node) {}

protected:
  /// 64-bit integers.
  Value makeConstant(ArrayRef<int64_t> values, bool isScalar = false);
  Value makeNode(StringRef op, ValueRange inputs, ArrayRef<NamedAttribute> attributes);
  NamedAttribute intAttribute(StringRef name, int64_t value) {
    return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
  }
  NamedAttribute intsAttribute(StringRef name, ArrayRef<int64_t> values) {
    return builder.getNamedAttr(name, builder.getDenseI64ArrayAttr(values));
  }
  /// The elements [begin, end) along an axis.
  Value slice(Value value, int64_t axis, int64_t begin, int64_t end);
  /// Unsqueeze or Squeeze of one axis.
  Value changeAxis(StringRef op, Value value, int64_t axis);
  /// What `body` yields for `arguments`. Its nodes are named after the iteration.
  SmallVector<Value> iterate(Block &body, int64_t iteration, ValueRange arguments);
  /// Erases the node, which `results` stand for.
  bool finish(ArrayRef<Value> results);

  NodeOp node;
  OpBuilder builder;
};

} // namespace mlir::pim::onnx

#endif // PIM_LIB_DIALECT_ONNX_TRANSFORMS_NODEWRITER_H
