//===- Matrix.cpp - Gemm and MatMul ---------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::pim;

/// rows x K times a constant [N, K], as a 1x1 convolution on [1, rows, 1, K]: the one form of a
/// fully connected layer that the rest of the compiler knows. `bias` may be null. The result is
/// [rows, N].
static Value fullyConnected(NodeConverter &node, Value rows, Value weight, Value bias) {
  TosaBuilder &tosa = node.tosa;
  int64_t count = shapeOf(rows)[0], inner = shapeOf(rows)[1], outputs = shapeOf(weight)[0];
  Value result = tosa.conv2d(tosa.reshape(rows, {1, count, 1, inner}),
                             tosa.reshape(weight, {outputs, 1, 1, inner}), bias, Window2d());
  return tosa.reshape(result, {count, outputs});
}

static Value scaled(NodeConverter &node, Value value, double factor) {
  if (factor == 1)
    return value;
  if (std::optional<Elements> constant = getTosaConstant(value)) {
    std::vector<double> reals = constant->getReals();
    for (double &real : reals)
      real *= factor;
    return TosaBuilder(node.tosa.getBuilder(), value.getLoc())
        .constant(Elements::fromReals(constant->getType(), reals));
  }
  SmallVector<int64_t> ones(shapeOf(value).size(), 1);
  return node.tosa.mul(value, node.tosa.splat(factor, ones, elementTypeOf(value)));
}

/// Gemm's C as the bias of a convolution, if it is a constant vector over the columns.
static Value asBias(NodeConverter &node, Value c, int64_t columns) {
  ArrayRef<int64_t> shape = shapeOf(c);
  bool isRow = !shape.empty() && shape.back() == columns && *countElements(shape) == columns;
  if (isRow && isConstantLike(c))
    return node.tosa.reshape(c, {columns});
  return {};
}

static FailureOr<Value> convertGemm(NodeConverter &node) {
  TosaBuilder &tosa = node.tosa;
  FailureOr<Value> a = node.getFloatOperand(0);
  FailureOr<Value> b = failed(a) ? a : node.getFloatOperand(1);
  FailureOr<Value> c = Value();
  if (succeeded(b) && node.hasInput(2))
    c = node.getFloatOperand(2);
  if (failed(b) || failed(c))
    return failure();
  auto alpha = node.getReal("alpha", 1);
  auto beta = failed(alpha) ? alpha : node.getReal("beta", 1);
  auto transA = failed(beta) ? onnx::MaybeInt() : node.getInt("transA", 0);
  auto transB = failed(transA) ? onnx::MaybeInt() : node.getInt("transB", 0);
  if (failed(transB))
    return failure();

  Value rows = *transA ? tosa.transpose(*a, {1, 0}) : *a;
  Value addend = *c ? scaled(node, *c, *beta) : Value();
  Value result;
  if (isConstantLike(*b)) {
    Value weight = *transB ? *b : tosa.transpose(*b, {1, 0});
    // Integer weights stay as they are; then alpha is applied to the product.
    bool isFloat = getTosaConstant(weight).has_value();
    Value bias;
    if (addend && (isFloat || *alpha == 1))
      bias = asBias(node, addend, shapeOf(weight)[0]);
    result = fullyConnected(node, rows, isFloat ? scaled(node, weight, *alpha) : weight, bias);
    if (!isFloat)
      result = scaled(node, result, *alpha);
    if (bias)
      return result;
  } else {
    Value columns = *transB ? tosa.transpose(*b, {1, 0}) : *b;
    SmallVector<int64_t> left = {1}, right = {1};
    llvm::append_range(left, shapeOf(rows));
    llvm::append_range(right, shapeOf(columns));
    result = tosa.matmul(tosa.reshape(rows, left), tosa.reshape(columns, right));
    result = scaled(node, tosa.reshape(result, node.getResultShape()), *alpha);
  }
  return addend ? tosa.add(result, node.withRank(addend, 2)) : result;
}

/// The product of stacks of matrices: batch dimensions broadcast, then flattened to one.
static Value batchedProduct(NodeConverter &node, Value a, Value b) {
  TosaBuilder &tosa = node.tosa;
  int64_t rank = std::max<int64_t>({3, int64_t(shapeOf(a).size()), int64_t(shapeOf(b).size())});
  a = node.withRank(a, rank);
  b = node.withRank(b, rank);
  SmallVector<int64_t> left(shapeOf(a)), right(shapeOf(b));
  int64_t batch = 1;
  for (int64_t dim = 0; dim < rank - 2; ++dim) {
    left[dim] = right[dim] = std::max(left[dim], right[dim]);
    batch *= left[dim];
  }
  a = tosa.reshape(tosa.broadcast(a, left), {batch, left[rank - 2], left[rank - 1]});
  b = tosa.reshape(tosa.broadcast(b, right), {batch, right[rank - 2], right[rank - 1]});
  return tosa.matmul(a, b);
}

static FailureOr<Value> convertMatMul(NodeConverter &node) {
  TosaBuilder &tosa = node.tosa;
  FailureOr<Value> a = node.getFloatOperand(0);
  FailureOr<Value> b = failed(a) ? a : node.getFloatOperand(1);
  if (failed(b))
    return failure();
  Value left = *a, right = *b;
  if (shapeOf(left).size() == 1)
    left = tosa.reshape(left, {1, shapeOf(left)[0]});
  if (shapeOf(right).size() == 1)
    right = tosa.reshape(right, {shapeOf(right)[0], 1});
  Value result;
  if (isConstantLike(right) && shapeOf(right).size() == 2) {
    int64_t inner = shapeOf(right)[0];
    Value rows = tosa.reshape(left, {*countElements(shapeOf(left)) / inner, inner});
    result = fullyConnected(node, rows, tosa.transpose(right, {1, 0}), {});
  } else {
    result = batchedProduct(node, left, right);
  }
  return tosa.reshape(result, node.getResultShape());
}

ArrayRef<OperatorHandler> mlir::pim::matrixHandlers() {
  static const OperatorHandler handlers[] = {
      {"Gemm", 7, anyOpset, convertGemm, "", "matrix.mlir"},
      {"MatMul", 1, anyOpset, convertMatMul, "", "matrix.mlir"},
  };
  return handlers;
}
