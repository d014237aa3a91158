//===- Binary.cpp - elementwise operators of two and three operands -------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Integers.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::graph;

/// Fails unless both operands have one type and the result has type `result`.
static void bindTypes(const Binding &op, ElementType result) {
  op.expectOperands(2);
  op.expectElement(op.input(1), op.input(0).element, "operand 1");
  op.expectElement(op.output(), result, "the result");
}

/// a < b ? b : a and its mirror, with TOSA's two ways to treat NaN.
template <typename T> static T pick(T a, T b, bool greater, bool ignoreNan) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a))
      return ignoreNan ? b : a;
    if (std::isnan(b))
      return ignoreNan ? a : b;
  }
  return greater ? std::max(a, b) : std::min(a, b);
}

/// Operators that every number has. Null if `op` is none of them.
template <typename T> static Step arithmetic(const Binding &op, const Broadcast &broadcast) {
  if (op.code() == "tosa.add")
    return elementwise2<T, T>(broadcast, [](T a, T b) { return wrappingAdd(a, b); });
  if (op.code() == "tosa.sub")
    return elementwise2<T, T>(broadcast, [](T a, T b) { return wrappingSub(a, b); });
  bool ignoreNan = op.text("nan_mode", "PROPAGATE") == "IGNORE";
  if (op.code() == "tosa.maximum")
    return elementwise2<T, T>(broadcast, [=](T a, T b) { return pick(a, b, true, ignoreNan); });
  if (op.code() == "tosa.minimum")
    return elementwise2<T, T>(broadcast, [=](T a, T b) { return pick(a, b, false, ignoreNan); });
  return nullptr;
}

template <typename T> static Step shifts(const Binding &op, const Broadcast &broadcast) {
  using Unsigned = std::make_unsigned_t<T>;
  constexpr int bits = sizeof(T) * 8;
  auto checked = [op](T shift) {
    if (shift < 0 || shift >= bits)
      op.fail("shifts by ", int64_t(shift), ", expected 0 to ", bits - 1);
    return static_cast<int>(shift);
  };
  if (op.code() == "tosa.arithmetic_right_shift") {
    bool round = op.flag("round");
    return elementwise2<T, T>(broadcast, [=](T a, T b) {
      int shift = checked(b);
      T carry = round && shift > 0 ? (a >> (shift - 1)) & 1 : 0;
      return wrappingAdd<T>(a >> shift, carry);
    });
  }
  if (op.code() == "tosa.logical_left_shift")
    return elementwise2<T, T>(broadcast, [=](T a, T b) {
      return static_cast<T>(static_cast<uint64_t>(static_cast<Unsigned>(a)) << checked(b));
    });
  if (op.code() == "tosa.logical_right_shift")
    return elementwise2<T, T>(broadcast, [=](T a, T b) {
      return static_cast<T>(static_cast<Unsigned>(a) >> checked(b));
    });
  return nullptr;
}

template <typename T> static Step integers(const Binding &op, const Broadcast &broadcast) {
  if (op.code() == "tosa.bitwise_and")
    return elementwise2<T, T>(broadcast, [](T a, T b) { return static_cast<T>(a & b); });
  if (op.code() == "tosa.bitwise_or")
    return elementwise2<T, T>(broadcast, [](T a, T b) { return static_cast<T>(a | b); });
  if (op.code() == "tosa.bitwise_xor")
    return elementwise2<T, T>(broadcast, [](T a, T b) { return static_cast<T>(a ^ b); });
  if (op.code() == "tosa.intdiv")
    return elementwise2<T, T>(broadcast, [op](T a, T b) {
      if (b == 0 || (b == -1 && a == std::numeric_limits<T>::min()))
        op.fail("divides ", int64_t(a), " by ", int64_t(b));
      return static_cast<T>(a / b);
    });
  if (Step step = shifts<T>(op, broadcast))
    return step;
  return arithmetic<T>(op, broadcast);
}

static Step logical(const Binding &op, const Broadcast &broadcast) {
  using T = uint8_t;
  if (op.code() == "tosa.logical_and")
    return elementwise2<T, T>(broadcast, [](T a, T b) -> T { return a && b; });
  if (op.code() == "tosa.logical_or")
    return elementwise2<T, T>(broadcast, [](T a, T b) -> T { return a || b; });
  if (op.code() == "tosa.logical_xor")
    return elementwise2<T, T>(broadcast, [](T a, T b) -> T { return !a != !b; });
  return nullptr;
}

Step pim::graph::prepareBinary(const Binding &op) {
  op.expectOperands(2);
  bindTypes(op, op.input(0).element);
  // Copies of the binding are kept by steps whose values can be wrong; they borrow the graph, as
  // the evaluator does.
  Broadcast broadcast = bindBroadcast(op, 2);
  Step step;
  switch (op.input(0).element) {
  case ElementType::I1:
    step = logical(op, broadcast);
    break;
  case ElementType::I8:
    step = integers<int8_t>(op, broadcast);
    break;
  case ElementType::I16:
    step = integers<int16_t>(op, broadcast);
    break;
  case ElementType::I32:
    step = integers<int32_t>(op, broadcast);
    break;
  case ElementType::I64:
    step = integers<int64_t>(op, broadcast);
    break;
  case ElementType::F32:
    step =
        op.code() == "tosa.pow"
            ? elementwise2<float, float>(broadcast, [](float a, float b) { return std::pow(a, b); })
            : arithmetic<float>(op, broadcast);
    break;
  default:
    break;
  }
  if (!step)
    op.failElement();
  return step;
}

template <typename T> static Step compare(const Binding &op, const Broadcast &broadcast) {
  if (op.code() == "tosa.equal")
    return elementwise2<T, uint8_t>(broadcast, [](T a, T b) -> uint8_t { return a == b; });
  if (op.code() == "tosa.greater")
    return elementwise2<T, uint8_t>(broadcast, [](T a, T b) -> uint8_t { return a > b; });
  return elementwise2<T, uint8_t>(broadcast, [](T a, T b) -> uint8_t { return a >= b; });
}

Step pim::graph::prepareComparison(const Binding &op) {
  bindTypes(op, ElementType::I1);
  Broadcast broadcast = bindBroadcast(op, 2);
  switch (op.input(0).element) {
  case ElementType::I8:
    return compare<int8_t>(op, broadcast);
  case ElementType::I16:
    return compare<int16_t>(op, broadcast);
  case ElementType::I32:
    return compare<int32_t>(op, broadcast);
  case ElementType::I64:
    return compare<int64_t>(op, broadcast);
  case ElementType::F32:
    return compare<float>(op, broadcast);
  default:
    op.failElement();
  }
}

Step pim::graph::prepareMul(const Binding &op) {
  op.expectOperands(3);
  op.expectElement(op.input(1), op.input(0).element, "operand 1");
  op.expectElement(op.input(2), ElementType::I8, "shift");
  op.expectScalar(2);
  Broadcast broadcast = bindBroadcast(op, 2);
  ElementType in = op.input(0).element, out = op.output().element;
  if (in == ElementType::F32 && out == ElementType::F32)
    return elementwise2<float, float>(broadcast, [](float a, float b) { return a * b; });
  if (op.constantIntegers(2)[0] != 0 && in != ElementType::I32)
    op.fail("shifts by ", op.constantIntegers(2)[0], ", which i32 operands alone may");
  if (in == ElementType::I8 && out == ElementType::I32)
    return elementwise2<int8_t, int32_t>(broadcast, [](int32_t a, int32_t b) { return a * b; });
  if (in == ElementType::I16 && out == ElementType::I32)
    return elementwise2<int16_t, int32_t>(broadcast, [](int32_t a, int32_t b) { return a * b; });
  if (in == ElementType::I64 && out == ElementType::I64)
    return elementwise2<int64_t, int64_t>(broadcast, wrappingMul<int64_t>);
  if (in == ElementType::I32 && out == ElementType::I32) {
    int64_t shift = op.constantIntegers(2)[0];
    if (shift < 0 || shift > 63)
      op.fail("shifts by ", shift, ", expected 0 to 63");
    int64_t round = shift > 0 ? int64_t(1) << (shift - 1) : 0;
    return elementwise2<int32_t, int32_t>(broadcast, [=](int32_t a, int32_t b) {
      return static_cast<int32_t>(wrappingAdd(int64_t(a) * b, round) >> shift);
    });
  }
  op.failElement();
}

template <typename T> static Step selectElements(const Broadcast &broadcast) {
  return [=](const Buffers &buffers) {
    int64_t count = broadcast.sizes.back();
    int64_t strides[3];
    for (int k = 0; k < 3; ++k)
      strides[k] = broadcast.strides[k].back();
    broadcast.forEachRow([&](int64_t position, const auto &offsets) {
      const uint8_t *condition = buffers.in<uint8_t>(0) + offsets[0];
      const T *a = buffers.in<T>(1) + offsets[1], *b = buffers.in<T>(2) + offsets[2];
      for (int64_t i = 0; i < count; ++i)
        buffers.out<T>()[position + i] =
            condition[i * strides[0]] ? a[i * strides[1]] : b[i * strides[2]];
    });
  };
}

Step pim::graph::prepareSelect(const Binding &op) {
  op.expectOperands(3);
  op.expectElement(op.input(0), ElementType::I1, "the condition");
  op.expectElement(op.input(2), op.input(1).element, "operand 2");
  op.expectElement(op.output(), op.input(1).element, "the result");
  Broadcast broadcast = bindBroadcast(op, 3);
  switch (elementBytes(op.output().element)) {
  case 1:
    return selectElements<uint8_t>(broadcast);
  case 2:
    return selectElements<uint16_t>(broadcast);
  case 4:
    return selectElements<uint32_t>(broadcast);
  default:
    return selectElements<uint64_t>(broadcast);
  }
}
