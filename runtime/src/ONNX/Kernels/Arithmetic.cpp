//===- Arithmetic.cpp - arithmetic of two and more operands ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Binary.h"

#include "../Registry.h"

#include <cmath>

using namespace pim;
using namespace pim::onnx;

Tensor pim::onnx::legacyOperand(const Call &call) {
  const Tensor &b = call.in(1);
  if (call.opset() >= 7 || !call.hasAttribute("axis"))
    return b;
  Shape shape = b.shape();
  int64_t rank = call.in(0).rank(),
          axis = call.axis(call.integer("axis", 0), std::max<int64_t>(rank, 1));
  call.require(axis + b.rank() <= rank, "axis ", axis, " leaves no room for operand 1");
  shape.resize(rank - axis, 1);
  return b.reshaped(shape);
}

namespace {

template <typename Function> void binary(Call &call, Function &&function) {
  call.requireSameElement(0, 1);
  const Tensor &a = call.in(0);
  Tensor b = legacyOperand(call);
  call.require(!a.isText(), "has no meaning for texts");
  Tensor &out = call.out(0, a.element(), broadcastShape(call, a.shape(), b.shape()));
  visitWide(a.element(), [&]<typename W>(W) {
    Writer<W> to(out);
    combine<W>(a, b, out.shape(), to.data(), function);
  });
}

/// Integers are added and multiplied without a sign: they wrap.
constexpr auto plus = [](auto x, auto y) {
  if constexpr (std::is_integral_v<decltype(x)>)
    return decltype(x)(uint64_t(x) + uint64_t(y));
  else
    return x + y;
};
constexpr auto minus = [](auto x, auto y) {
  if constexpr (std::is_integral_v<decltype(x)>)
    return decltype(x)(uint64_t(x) - uint64_t(y));
  else
    return x - y;
};
constexpr auto times = [](auto x, auto y) {
  if constexpr (std::is_integral_v<decltype(x)>)
    return decltype(x)(uint64_t(x) * uint64_t(y));
  else
    return x * y;
};
constexpr auto greatest = [](auto x, auto y) {
  if constexpr (std::is_floating_point_v<decltype(x)>)
    return std::isnan(x) || x > y ? x : y; // NaN stays
  else
    return x > y ? x : y;
};
constexpr auto least = [](auto x, auto y) {
  if constexpr (std::is_floating_point_v<decltype(x)>)
    return std::isnan(x) || x < y ? x : y;
  else
    return x < y ? x : y;
};

template <auto Function> void binaryOperator(Call &call) { binary(call, Function); }

void divide(Call &call) {
  binary(call, [&](auto x, auto y) {
    using T = decltype(x);
    if constexpr (std::is_integral_v<T>) {
      call.require(y != 0, "divides an integer by zero");
      if constexpr (std::is_signed_v<T>)
        if (y == -1)
          return T(-uint64_t(x));
      return T(x / y);
    } else {
      return x / y;
    }
  });
}

void mod(Call &call) {
  bool truncated = call.integer("fmod", 0);
  binary(call, [&](auto x, auto y) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) {
      T rest = std::fmod(x, y);
      return !truncated && rest != 0 && (rest < 0) != (y < 0) ? T(rest + y) : rest;
    } else {
      call.require(y != 0, "divides an integer by zero");
      if constexpr (std::is_signed_v<T>) {
        if (y == -1)
          return T(0);
        T rest = x % y;
        return !truncated && rest != 0 && (rest < 0) != (y < 0) ? T(rest + y) : rest;
      } else {
        return T(x % y);
      }
    }
  });
}

/// base^exponent of integers, wrapping; a negative exponent gives 0 unless |base| is 1.
int64_t integerPower(int64_t base, int64_t exponent) {
  if (exponent < 0)
    return base == 1 ? 1 : base == -1 ? (exponent % 2 ? -1 : 1) : 0;
  uint64_t result = 1, factor = uint64_t(base);
  for (; exponent; exponent >>= 1, factor *= factor)
    if (exponent & 1)
      result *= factor;
  return int64_t(result);
}

/// The exponent may have another type than the base.
void pow(Call &call) {
  const Tensor &a = call.in(0);
  Tensor b = legacyOperand(call);
  call.require(!a.isText() && !b.isText(), "has no meaning for texts");
  Tensor &out = call.out(0, a.element(), broadcastShape(call, a.shape(), b.shape()));
  if (!isFloat(a.element()) && !isFloat(b.element())) {
    Writer<int64_t> to(out);
    combine<int64_t>(a, b, out.shape(), to.data(), integerPower);
    return;
  }
  Writer<double> to(out);
  bool single = a.element() == ElementType::F32;
  combine<double>(a, b, out.shape(), to.data(), [=](double x, double y) {
    return y == 2 ? x * x : single ? double(std::pow(float(x), float(y))) : std::pow(x, y);
  });
}

void prelu(Call &call) {
  call.requireSameElement(0, 1);
  const Tensor &a = call.in(0);
  Tensor slope = call.in(1);
  // Before opset 7 one slope for each channel was a list.
  if (call.opset() < 7 && slope.rank() == 1 && a.rank() > 2 && slope.count() != 1)
    slope = slope.reshaped([&] {
      Shape shape(a.rank() - 1, 1);
      shape[0] = slope.count();
      return shape;
    }());
  Tensor &out = call.out(0, a.element(), a.shape());
  call.require(broadcastShape(call, a.shape(), slope.shape()) == a.shape(), "the slope of shape ",
               shapeText(slope.shape()), " does not broadcast to ", shapeText(a.shape()));
  visitWide(a.element(), [&]<typename W>(W) {
    Writer<W> to(out);
    combine<W>(a, slope, out.shape(), to.data(), [](W x, W s) { return x < W(0) ? W(x * s) : x; });
  });
}

/// Sum, Mean, Max and Min of one or more operands.
template <typename Function> void fold(Call &call, Function &&function, bool mean = false) {
  call.require(call.inputCount() > 0, "has no operand");
  Shape shape = call.in(0).shape();
  for (size_t i = 1; i < call.inputCount(); ++i) {
    call.requireSameElement(0, i);
    shape = broadcastShape(call, shape, call.in(i).shape());
  }
  ElementType element = call.in(0).element();
  call.require(element != ElementType::STRING, "has no meaning for texts");
  Tensor &out = call.out(0, element, shape);
  visitWide(element, [&]<typename W>(W) {
    Tensor sum(nativeType<W>(), shape);
    W *total = sum.data<W>();
    combine<W>(call.in(0), call.in(0), shape, total, [](W x, W) { return x; });
    for (size_t i = 1; i < call.inputCount(); ++i)
      combine<W>(sum, call.in(i), shape, total, function);
    Writer<W> to(out);
    for (int64_t i = 0; i < out.count(); ++i)
      to[i] = mean ? W(total[i] / W(call.inputCount())) : total[i];
  });
}

void sum(Call &call) { fold(call, plus); }
void mean(Call &call) { fold(call, plus, true); }
void max(Call &call) { fold(call, greatest); }
void min(Call &call) { fold(call, least); }

template <typename Function> void bitwise(Call &call, Function &&function) {
  call.require(!isFloat(call.in(0).element()), "operand 0 is not of integers");
  binary(call, [&](auto x, auto y) {
    if constexpr (std::is_integral_v<decltype(x)>)
      return decltype(x)(function(x, y));
    else
      return x;
  });
}

void bitwiseAnd(Call &call) {
  bitwise(call, [](auto x, auto y) { return x & y; });
}
void bitwiseOr(Call &call) {
  bitwise(call, [](auto x, auto y) { return x | y; });
}
void bitwiseXor(Call &call) {
  bitwise(call, [](auto x, auto y) { return x ^ y; });
}

void bitShift(Call &call) {
  std::string direction = call.text("direction", "");
  call.require(direction == "LEFT" || direction == "RIGHT", "attribute 'direction' is '", direction,
               "', expected LEFT or RIGHT");
  bool left = direction == "LEFT";
  bitwise(call, [=](auto x, auto y) {
    uint64_t amount = uint64_t(y);
    return amount > 63 ? uint64_t(0) : left ? uint64_t(x) << amount : uint64_t(x) >> amount;
  });
}

} // namespace

void pim::onnx::addArithmetic(Registry &registry) {
  registry.add("Add", binaryOperator<plus>);
  registry.add("BitShift", bitShift, 11);
  registry.add("BitwiseAnd", bitwiseAnd, 18);
  registry.add("BitwiseOr", bitwiseOr, 18);
  registry.add("BitwiseXor", bitwiseXor, 18);
  registry.add("Div", divide);
  registry.add("Max", max);
  registry.add("Mean", mean);
  registry.add("Min", min);
  registry.add("Mod", mod, 10);
  registry.add("Mul", binaryOperator<times>);
  registry.add("PRelu", prelu);
  registry.add("Pow", pow);
  registry.add("Sub", binaryOperator<minus>);
  registry.add("Sum", sum);
}
