//===- Elementwise.cpp - arithmetic, element by element -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::pim;

/// Both operands with the rank of the result.
static FailureOr<std::pair<Value, Value>> getOperands(NodeConverter &node) {
  FailureOr<Value> a = node.getOperand(0);
  FailureOr<Value> b = failed(a) ? a : node.getOperand(1);
  if (failed(b))
    return failure();
  for (Value value : {*a, *b})
    if (elementTypeOf(value) != elementTypeOf(*a) ||
        (!elementTypeOf(value).isF32() && !elementTypeOf(value).isInteger(32)))
      return node.fail("computes with elements of type ")
             << elementTypeOf(value) << ", expected f32 or i32, the same for both";
  int64_t rank = int64_t(node.getResultShape().size());
  return std::pair(node.withRank(*a, rank), node.withRank(*b, rank));
}

template <Value (TosaBuilder::*Build)(Value, Value)>
static FailureOr<Value> convertBinary(NodeConverter &node) {
  auto operands = getOperands(node);
  if (failed(operands))
    return failure();
  return (node.tosa.*Build)(operands->first, operands->second);
}

static FailureOr<Value> convertPow(NodeConverter &node) {
  auto operands = getOperands(node);
  if (failed(operands))
    return failure();
  if (!elementTypeOf(operands->first).isF32())
    return node.fail("raises integers, which is not supported");
  return node.tosa.pow(operands->first, operands->second);
}

/// 1 / value, computed now for constants.
static Value reciprocal(NodeConverter &node, Value value) {
  std::optional<Elements> constant = getTosaConstant(value);
  if (!constant)
    return node.tosa.unary<tosa::ReciprocalOp>(value);
  std::vector<double> reals = constant->getReals();
  for (double &real : reals)
    real = 1 / real;
  return TosaBuilder(node.tosa.getBuilder(), value.getLoc())
      .constant(Elements::fromReals(constant->getType(), reals));
}

static FailureOr<Value> convertDiv(NodeConverter &node) {
  auto operands = getOperands(node);
  if (failed(operands))
    return failure();
  auto [a, b] = *operands;
  if (!elementTypeOf(a).isF32())
    return node.fail("divides integers, which is not supported");
  return node.tosa.mul(a, reciprocal(node, b));
}

/// Min, Max, Sum of any number of inputs.
template <Value (TosaBuilder::*Build)(Value, Value)>
static FailureOr<Value> convertVariadic(NodeConverter &node) {
  int64_t rank = int64_t(node.getResultShape().size());
  Value result;
  for (unsigned index = 0; index < node.getNode().getInputs().size(); ++index) {
    FailureOr<Value> value = node.getFloatOperand(index);
    if (failed(value))
      return failure();
    Value next = node.withRank(*value, rank);
    result = result ? (node.tosa.*Build)(result, next) : next;
  }
  return result;
}

template <typename Op> static FailureOr<Value> convertUnary(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  if (failed(value))
    return failure();
  return node.tosa.unary<Op>(*value);
}

static FailureOr<Value> convertNeg(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  if (failed(value))
    return failure();
  SmallVector<int64_t> ones(shapeOf(*value).size(), 1);
  return node.tosa.mul(*value, node.tosa.splat(-1, ones, elementTypeOf(*value)));
}

static FailureOr<Value> convertSqrt(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  if (failed(value))
    return failure();
  SmallVector<int64_t> ones(shapeOf(*value).size(), 1);
  return node.tosa.pow(*value, node.tosa.splat(0.5, ones, elementTypeOf(*value)));
}

ArrayRef<OperatorHandler> mlir::pim::elementwiseHandlers() {
  static constexpr StringLiteral types = "f32 (after conversion) or i32";
  static constexpr StringLiteral test = "elementwise.mlir";
  static const OperatorHandler handlers[] = {
      {"Abs", 6, anyOpset, convertUnary<tosa::AbsOp>, "floats", test},
      {"Add", 7, anyOpset, convertBinary<&TosaBuilder::add>, types, test},
      {"Ceil", 6, anyOpset, convertUnary<tosa::CeilOp>, "", test},
      {"Div", 7, anyOpset, convertDiv, "floats", test},
      {"Erf", 9, anyOpset, convertUnary<tosa::ErfOp>, "", test},
      {"Exp", 6, anyOpset, convertUnary<tosa::ExpOp>, "", test},
      {"Floor", 6, anyOpset, convertUnary<tosa::FloorOp>, "", test},
      {"Log", 6, anyOpset, convertUnary<tosa::LogOp>, "", test},
      {"Max", 8, anyOpset, convertVariadic<&TosaBuilder::maximum>, "floats", test},
      {"Min", 8, anyOpset, convertVariadic<&TosaBuilder::minimum>, "floats", test},
      {"Mul", 7, anyOpset, convertBinary<&TosaBuilder::mul>, types, test},
      {"Neg", 6, anyOpset, convertNeg, "floats", test},
      {"Pow", 7, anyOpset, convertPow, "floats", test},
      {"Reciprocal", 6, anyOpset, convertUnary<tosa::ReciprocalOp>, "", test},
      {"Sqrt", 6, anyOpset, convertSqrt, "", test},
      {"Sub", 7, anyOpset, convertBinary<&TosaBuilder::sub>, types, test},
      {"Sum", 8, anyOpset, convertVariadic<&TosaBuilder::add>, "floats", test},
  };
  return handlers;
}
