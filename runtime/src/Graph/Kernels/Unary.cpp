//===- Unary.cpp - elementwise operators of one operand -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Integers.h"
#include "Scale.h"

#include <algorithm>
#include <bit>
#include <cmath>

using namespace pim;
using namespace pim::graph;

/// Fails unless there is one operand and the result has its type and shape; gives the number of
/// elements.
static int64_t bindUnary(const Binding &op, size_t operands = 1) {
  op.expectOperands(operands);
  op.expectElement(op.output(), op.input(0).element, "the result");
  op.expectOutputShape(op.input(0).shape);
  return elementCount(op.output().shape);
}

Step pim::graph::prepareUnaryFloat(const Binding &op) {
  int64_t count = bindUnary(op);
  op.expectElement(op.input(0), ElementType::F32, "operand 0");
  const std::string &code = op.code();
  // std::expf and its like are called by their overloads for float: the result is good to the last
  // place or two.
  if (code == "tosa.exp")
    return elementwise<float, float>(count, [](float x) { return std::exp(x); });
  if (code == "tosa.log")
    return elementwise<float, float>(count, [](float x) { return std::log(x); });
  if (code == "tosa.reciprocal")
    return elementwise<float, float>(count, [](float x) { return 1.0f / x; });
  if (code == "tosa.rsqrt")
    return elementwise<float, float>(count, [](float x) { return 1.0f / std::sqrt(x); });
  if (code == "tosa.tanh")
    return elementwise<float, float>(count, [](float x) { return std::tanh(x); });
  if (code == "tosa.sigmoid")
    return elementwise<float, float>(count, [](float x) { return 1.0f / (1.0f + std::exp(-x)); });
  if (code == "tosa.erf")
    return elementwise<float, float>(count, [](float x) { return std::erf(x); });
  if (code == "tosa.sin")
    return elementwise<float, float>(count, [](float x) { return std::sin(x); });
  if (code == "tosa.cos")
    return elementwise<float, float>(count, [](float x) { return std::cos(x); });
  if (code == "tosa.floor")
    return elementwise<float, float>(count, [](float x) { return std::floor(x); });
  if (code == "tosa.ceil")
    return elementwise<float, float>(count, [](float x) { return std::ceil(x); });
  op.failElement();
}

template <typename T> static Step unaryInteger(const Binding &op, int64_t count) {
  if (op.code() == "tosa.abs")
    return elementwise<T, T>(count, [](T x) { return x < 0 ? wrappingSub<T>(0, x) : x; });
  if (op.code() == "tosa.bitwise_not")
    return elementwise<T, T>(count, [](T x) { return static_cast<T>(~x); });
  if (op.code() == "tosa.clz" && sizeof(T) == 4)
    return elementwise<T, T>(
        count, [](T x) { return static_cast<T>(std::countl_zero(static_cast<uint32_t>(x))); });
  op.failElement();
}

Step pim::graph::prepareUnaryInteger(const Binding &op) {
  int64_t count = bindUnary(op);
  if (op.code() == "tosa.logical_not") {
    op.expectElement(op.input(0), ElementType::I1, "operand 0");
    return elementwise<uint8_t, uint8_t>(count, [](uint8_t x) -> uint8_t { return !x; });
  }
  switch (op.input(0).element) {
  case ElementType::I8:
    return unaryInteger<int8_t>(op, count);
  case ElementType::I16:
    return unaryInteger<int16_t>(op, count);
  case ElementType::I32:
    return unaryInteger<int32_t>(op, count);
  case ElementType::I64:
    return unaryInteger<int64_t>(op, count);
  case ElementType::F32:
    if (op.code() == "tosa.abs")
      return elementwise<float, float>(count, [](float x) { return std::fabs(x); });
    break;
  default:
    break;
  }
  op.failElement();
}

template <typename T> static Step clampInteger(const Binding &op, int64_t count) {
  int64_t low = op.integer("min_val"), high = op.integer("max_val");
  if (low > high)
    op.fail("min_val ", low, " is greater than max_val ", high);
  return elementwise<T, T>(count,
                           [=](T x) { return static_cast<T>(std::clamp<int64_t>(x, low, high)); });
}

Step pim::graph::prepareClamp(const Binding &op) {
  int64_t count = bindUnary(op);
  switch (op.input(0).element) {
  case ElementType::I8:
    return clampInteger<int8_t>(op, count);
  case ElementType::I16:
    return clampInteger<int16_t>(op, count);
  case ElementType::I32:
    return clampInteger<int32_t>(op, count);
  case ElementType::I64:
    return clampInteger<int64_t>(op, count);
  case ElementType::F32: {
    float low = static_cast<float>(op.number("min_val"));
    float high = static_cast<float>(op.number("max_val"));
    if (!(low <= high))
      op.fail("min_val ", low, " is greater than max_val ", high);
    if (op.text("nan_mode", "PROPAGATE") == "IGNORE")
      return elementwise<float, float>(count,
                                       [=](float x) { return std::fmin(std::fmax(x, low), high); });
    return elementwise<float, float>(count, [=](float x) {
      return x < low ? low : x > high ? high : x;
    });
  }
  default:
    op.failElement();
  }
}

template <typename T> static Step negateInteger(const Binding &op, int64_t count) {
  int64_t sum = wrappingAdd(op.constantIntegers(1)[0], op.constantIntegers(2)[0]);
  // -(x - input zero point) + output zero point
  return elementwise<T, T>(count, [=](T x) { return saturate<T>(wrappingSub<int64_t>(sum, x)); });
}

Step pim::graph::prepareNegate(const Binding &op) {
  int64_t count = bindUnary(op, 3);
  op.expectScalar(1);
  op.expectScalar(2);
  switch (op.input(0).element) {
  case ElementType::I8:
    return negateInteger<int8_t>(op, count);
  case ElementType::I16:
    return negateInteger<int16_t>(op, count);
  case ElementType::I32:
    return negateInteger<int32_t>(op, count);
  case ElementType::F32:
    return elementwise<float, float>(count, [](float x) { return -x; });
  default:
    op.failElement();
  }
}
