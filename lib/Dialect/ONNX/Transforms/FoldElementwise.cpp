//===- FoldElementwise.cpp - values of element by element operators ------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

/// Integers wrap around, as they do in ONNX. Nothing for a division by zero or an unknown operator.
static std::optional<int64_t> computeInts(StringRef op, int64_t a, int64_t b) {
  bool cannotDivide = b == 0 || (a == INT64_MIN && b == -1);
  if (op == "Add")
    return int64_t(uint64_t(a) + uint64_t(b));
  if (op == "Sub")
    return int64_t(uint64_t(a) - uint64_t(b));
  if (op == "Mul")
    return int64_t(uint64_t(a) * uint64_t(b));
  if (op == "Div" && !cannotDivide)
    return a / b;
  if (op == "Mod" && !cannotDivide)
    return (a % b != 0 && (a % b < 0) != (b < 0)) ? a % b + b : a % b;
  if (op == "Min")
    return std::min(a, b);
  if (op == "Max")
    return std::max(a, b);
  if (op == "And")
    return a && b;
  if (op == "Or")
    return a || b;
  return std::nullopt;
}

static std::optional<double> computeReals(StringRef op, double a, double b) {
  if (op == "Add")
    return a + b;
  if (op == "Sub")
    return a - b;
  if (op == "Mul")
    return a * b;
  if (op == "Div")
    return a / b;
  if (op == "Pow")
    return std::pow(a, b);
  if (op == "Min")
    return std::min(a, b);
  if (op == "Max")
    return std::max(a, b);
  return std::nullopt;
}

template <typename T> static std::optional<int64_t> compare(StringRef op, T a, T b) {
  if (op == "Equal")
    return a == b;
  if (op == "Less")
    return a < b;
  if (op == "LessOrEqual")
    return a <= b;
  if (op == "Greater")
    return a > b;
  if (op == "GreaterOrEqual")
    return a >= b;
  return std::nullopt;
}

std::optional<Elements> mlir::pim::onnx::foldBinary(const NodeBinder &binder,
                                                    RankedTensorType type) {
  std::optional<Elements> a = binder.getConstant(0), b = binder.getConstant(1);
  if (!a || !b || binder.getNode().getInputs().size() != 2 ||
      type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  StringRef op = binder.getOperator();
  if (op == "Mod" && binder.hasAttribute("fmod"))
    return std::nullopt;
  // Unsigned integers of 64 bits do not fit the arithmetic below.
  if (a->getElementType().isUnsignedInteger(64))
    return std::nullopt;
  bool isReal = isa<FloatType>(a->getElementType());
  bool isComparison = compare<int64_t>(op, 0, 0).has_value();
  SmallVector<int64_t> left = broadcastIndices(a->getShape(), type.getShape());
  SmallVector<int64_t> right = broadcastIndices(b->getShape(), type.getShape());
  SmallVector<int64_t> ints;
  std::vector<double> reals;
  for (auto [i, j] : llvm::zip_equal(left, right)) {
    if (isReal && !isComparison) {
      std::optional<double> value = computeReals(op, a->getReal(i), b->getReal(j));
      if (!value)
        return std::nullopt;
      reals.push_back(*value);
      continue;
    }
    std::optional<int64_t> value;
    if (isComparison)
      value = isReal ? compare(op, a->getReal(i), b->getReal(j))
                     : compare(op, a->getInt(i), b->getInt(j));
    else
      value = computeInts(op, a->getInt(i), b->getInt(j));
    if (!value)
      return std::nullopt;
    ints.push_back(*value);
  }
  return isReal && !isComparison ? Elements::fromReals(type, reals)
                                 : Elements::fromInts(type, ints);
}

static std::optional<double> computeUnary(StringRef op, double x) {
  if (op == "Abs")
    return std::abs(x);
  if (op == "Ceil")
    return std::ceil(x);
  if (op == "Exp")
    return std::exp(x);
  if (op == "Floor")
    return std::floor(x);
  if (op == "Log")
    return std::log(x);
  if (op == "Neg")
    return -x;
  if (op == "Not")
    return x == 0;
  if (op == "Reciprocal")
    return 1 / x;
  if (op == "Relu")
    return std::max(x, 0.0);
  if (op == "Round")
    return std::nearbyint(x);
  if (op == "Sqrt")
    return std::sqrt(x);
  return std::nullopt;
}

std::optional<Elements> mlir::pim::onnx::foldUnary(const NodeBinder &binder,
                                                   RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  if (!input || type.getNumElements() > maxFoldedCount ||
      type.getElementType().isUnsignedInteger(64))
    return std::nullopt;
  SmallVector<int64_t> ints;
  std::vector<double> reals;
  bool isReal = isa<FloatType>(type.getElementType());
  for (int64_t index = 0; index < input->getCount(); ++index) {
    // Integers beyond 2^53 are no shapes; they stay.
    double x = input->getReal(index);
    std::optional<double> value = computeUnary(binder.getOperator(), x);
    if (!value || (!isReal && std::abs(x) > 9e15))
      return std::nullopt;
    isReal ? reals.push_back(*value) : ints.push_back(int64_t(*value));
  }
  return isReal ? Elements::fromReals(type, reals) : Elements::fromInts(type, ints);
}

std::optional<Elements> mlir::pim::onnx::foldCast(const NodeBinder &binder, RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  // What is rounded and cut to less than a byte, and floats that saturate, is left to the kernel.
  unsigned width = type.getElementTypeBitWidth();
  bool isSmall = isa<FloatType>(type.getElementType()) ? width < 16 : width > 1 && width < 8;
  if (!input || isSmall || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  return input->converted(type.getElementType());
}

std::optional<Elements> mlir::pim::onnx::foldWhere(const NodeBinder &binder,
                                                   RankedTensorType type) {
  std::optional<Elements> condition = binder.getConstant(0), a = binder.getConstant(1),
                          b = binder.getConstant(2);
  if (!condition || !a || !b || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  unsigned width = *elementByteWidth(type.getElementType());
  std::vector<char> bytes;
  bytes.reserve(type.getNumElements() * width);
  auto element = [&](const Elements &from, int64_t index) {
    return from.getBytes().slice(from.isSplat() ? 0 : index * width, width);
  };
  for (auto [c, i, j] : llvm::zip_equal(broadcastIndices(condition->getShape(), type.getShape()),
                                        broadcastIndices(a->getShape(), type.getShape()),
                                        broadcastIndices(b->getShape(), type.getShape())))
    llvm::append_range(bytes, condition->getInt(c) ? element(*a, i) : element(*b, j));
  return Elements(type, std::move(bytes));
}
