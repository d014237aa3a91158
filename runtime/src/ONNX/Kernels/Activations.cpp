//===- Activations.cpp - operators of one element each --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"

#include <cmath>

using namespace pim;
using namespace pim::onnx;

namespace {

/// out[i] = function(in[i]), computed as W.
template <typename W, typename Function>
void mapWide(const Tensor &in, Tensor &out, Function &function) {
  Reader<W> from(in);
  Writer<W> to(out);
  W *target = to.data();
  const W *source = from.data();
  for (int64_t i = 0, count = in.count(); i < count; ++i)
    target[i] = W(function(source[i]));
}

/// result[i] = function(operand[i]) in the computing type of operand 0.
template <typename Function> void mapElements(Call &call, Function &&function) {
  const Tensor &in = call.in(0);
  call.require(!in.isText(), "has no meaning for texts");
  Tensor &out = call.out(0, in.element(), in.shape());
  visitWide(in.element(), [&]<typename W>(W) { mapWide<W>(in, out, function); });
}

/// The same for floats alone.
template <typename Function> void mapFloats(Call &call, Function &&function) {
  const Tensor &in = call.in(0);
  call.require(isFloat(in.element()), "operand 0 has elements of type ", elementName(in.element()),
               ", expected floats");
  Tensor &out = call.out(0, in.element(), in.shape());
  visitFloat(in.element(), [&]<typename W>(W) { mapWide<W>(in, out, function); });
}

template <typename T> T sigmoid(T x) { return T(1) / (T(1) + std::exp(-x)); }
template <typename T> T softplus(T x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

/// x^T for the operators that are a function of a float alone.
template <auto Function> void floatOperator(Call &call) {
  mapFloats(call, [](auto x) { return Function(x); });
}

constexpr auto acosOf = [](auto x) { return std::acos(x); };
constexpr auto acoshOf = [](auto x) { return std::acosh(x); };
constexpr auto asinOf = [](auto x) { return std::asin(x); };
constexpr auto asinhOf = [](auto x) { return std::asinh(x); };
constexpr auto atanOf = [](auto x) { return std::atan(x); };
constexpr auto atanhOf = [](auto x) { return std::atanh(x); };
constexpr auto ceilOf = [](auto x) { return std::ceil(x); };
constexpr auto cosOf = [](auto x) { return std::cos(x); };
constexpr auto coshOf = [](auto x) { return std::cosh(x); };
constexpr auto erfOf = [](auto x) { return std::erf(x); };
constexpr auto expOf = [](auto x) { return std::exp(x); };
constexpr auto floorOf = [](auto x) { return std::floor(x); };
constexpr auto logOf = [](auto x) { return std::log(x); };
constexpr auto mishOf = [](auto x) { return x * std::tanh(softplus(x)); };
constexpr auto reciprocalOf = [](auto x) { return decltype(x)(1) / x; };
constexpr auto roundOf = [](auto x) { return std::nearbyint(x); }; // halves to even
constexpr auto sigmoidOf = [](auto x) { return sigmoid(x); };
constexpr auto sinOf = [](auto x) { return std::sin(x); };
constexpr auto sinhOf = [](auto x) { return std::sinh(x); };
constexpr auto softplusOf = [](auto x) { return softplus(x); };
constexpr auto softsignOf = [](auto x) { return x / (1 + std::fabs(x)); };
constexpr auto sqrtOf = [](auto x) { return std::sqrt(x); };
constexpr auto tanOf = [](auto x) { return std::tan(x); };
constexpr auto tanhOf = [](auto x) { return std::tanh(x); };
constexpr auto hardSwishOf = [](auto x) {
  using T = decltype(x);
  return x * std::max(T(0), std::min(T(1), x / T(6) + T(0.5)));
};

void abs(Call &call) {
  mapElements(call, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_same_v<T, uint64_t>)
      return x;
    else if constexpr (std::is_same_v<T, int64_t>)
      return x < 0 ? T(-uint64_t(x)) : x;
    else
      return std::fabs(x);
  });
}

void neg(Call &call) {
  mapElements(call, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_integral_v<T>)
      return T(-uint64_t(x));
    else
      return -x;
  });
}

void sign(Call &call) {
  mapElements(call, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>)
      if (std::isnan(x))
        return x;
    return T((x > T(0)) - (x < T(0)));
  });
}

void relu(Call &call) {
  mapElements(call, [](auto x) { return x < decltype(x)(0) ? decltype(x)(0) : x; });
}

void logicalNot(Call &call) {
  call.require(call.in(0).element() == ElementType::I1, "operand 0 is not of booleans");
  mapElements(call, [](auto x) { return decltype(x)(x == 0); });
}

void bitwiseNot(Call &call) {
  call.require(!isFloat(call.in(0).element()), "operand 0 is not of integers");
  mapElements(call, [](auto x) {
    if constexpr (std::is_integral_v<decltype(x)>)
      return ~x;
    else
      return x;
  });
}

void celu(Call &call) {
  double alpha = call.real("alpha", 1);
  mapFloats(call, [=](auto x) {
    using T = decltype(x);
    return std::max(T(0), x) + std::min(T(0), T(alpha) * std::expm1(x / T(alpha)));
  });
}

void elu(Call &call) {
  double alpha = call.real("alpha", 1);
  mapFloats(call, [=](auto x) { return x < 0 ? decltype(x)(alpha) * std::expm1(x) : x; });
}

void gelu(Call &call) {
  std::string approximate = call.text("approximate", "none");
  call.require(approximate == "none" || approximate == "tanh", "attribute 'approximate' is '",
               approximate, "'");
  bool tanh = approximate == "tanh" || call.type() == "FastGelu";
  // sqrt(2 / pi) and 0.044715 are of Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
  mapFloats(call, [=](auto x) {
    using T = decltype(x);
    return tanh
               ? T(0.5) * x * (1 + std::tanh(T(0.7978845608028654) * (x + T(0.044715) * x * x * x)))
               : T(0.5) * x * (1 + std::erf(x * T(0.7071067811865476)));
  });
}

void hardSigmoid(Call &call) {
  double alpha = call.real("alpha", 0.2), beta = call.real("beta", 0.5);
  mapFloats(call, [=](auto x) {
    using T = decltype(x);
    return std::max(T(0), std::min(T(1), T(alpha) * x + T(beta)));
  });
}

void leakyRelu(Call &call) {
  double alpha = call.real("alpha", 0.01);
  mapFloats(call, [=](auto x) { return x < 0 ? decltype(x)(alpha) * x : x; });
}

void selu(Call &call) {
  // The defaults of Klambauer et al., "Self-Normalizing Neural Networks", 2017.
  double alpha = call.real("alpha", 1.67326319217681884765625);
  double gamma = call.real("gamma", 1.05070102214813232421875);
  mapFloats(call, [=](auto x) {
    using T = decltype(x);
    return T(gamma) * (x > 0 ? x : T(alpha) * std::expm1(x));
  });
}

void shrink(Call &call) {
  double bias = call.real("bias", 0), lambda = call.real("lambd", 0.5);
  mapElements(call, [=](auto x) {
    using T = decltype(x);
    double value = static_cast<double>(x);
    return value < -lambda ? T(value + bias) : value > lambda ? T(value - bias) : T(0);
  });
}

/// x sigmoid(alpha x), the slope being `alpha` unless the node says another.
void swishOfSlope(Call &call, double alpha) {
  alpha = call.real("alpha", alpha);
  mapFloats(call, [=](auto x) { return x * sigmoid(decltype(x)(alpha) * x); });
}

void swish(Call &call) { swishOfSlope(call, 1); }
void quickGelu(Call &call) { swishOfSlope(call, 1.702); }

/// Swish of the gate, operand 0, times operand 1 (Shazeer, "GLU Variants Improve Transformer",
/// 2020).
void swiGlu(Call &call) {
  const Tensor &gate = call.in(0), &value = call.in(1);
  call.require(isFloat(gate.element()), "operand 0 is not of floats");
  call.requireSameElement(0, 1);
  call.requireShape(value, gate.shape(), "operand 1");
  double alpha = call.real("alpha", 1);
  Tensor &out = call.out(0, gate.element(), gate.shape());
  visitFloat(gate.element(), [&]<typename W>(W) {
    Reader<W> a(gate), b(value);
    Writer<W> to(out);
    for (int64_t i = 0; i < gate.count(); ++i)
      to[i] = a[i] * sigmoid(W(alpha) * a[i]) * b[i];
  });
}

void thresholdedRelu(Call &call) {
  double alpha = call.real("alpha", 1);
  mapFloats(call, [=](auto x) { return x > decltype(x)(alpha) ? x : decltype(x)(0); });
}

void isNaN(Call &call) {
  const Tensor &in = call.in(0);
  call.require(isFloat(in.element()), "operand 0 is not of floats");
  Tensor &out = call.out(0, ElementType::I1, in.shape());
  Reader<double> from(in);
  for (int64_t i = 0; i < in.count(); ++i)
    out.data<uint8_t>()[i] = std::isnan(from[i]);
}

void isInf(Call &call) {
  const Tensor &in = call.in(0);
  call.require(isFloat(in.element()), "operand 0 is not of floats");
  bool negative = call.integer("detect_negative", 1), positive = call.integer("detect_positive", 1);
  Tensor &out = call.out(0, ElementType::I1, in.shape());
  Reader<double> from(in);
  for (int64_t i = 0; i < in.count(); ++i)
    out.data<uint8_t>()[i] = std::isinf(from[i]) && (from[i] > 0 ? positive : negative);
}

/// Bounds are attributes up to opset 6, operands from opset 11.
void clip(Call &call) {
  const Tensor &in = call.in(0);
  call.require(!in.isText(), "has no meaning for texts");
  Tensor &out = call.out(0, in.element(), in.shape());
  visitWide(in.element(), [&]<typename W>(W) {
    W low = std::numeric_limits<W>::lowest(), high = std::numeric_limits<W>::max();
    if constexpr (std::is_floating_point_v<W>) {
      low = -std::numeric_limits<W>::infinity();
      high = -low;
    }
    auto bound = [&](size_t index, const char *name, W &value) {
      if (call.has(index)) {
        const Tensor &tensor = call.in(index);
        call.require(tensor.count() == 1 && tensor.element() == in.element(), "operand ", index,
                     " is not one element of the type of operand 0");
        value = Reader<W>(tensor)[0];
      } else if (call.hasAttribute(name)) {
        value = W(call.real(name, 0));
      }
    };
    bound(1, "min", low);
    bound(2, "max", high);
    Reader<W> from(in);
    Writer<W> to(out);
    for (int64_t i = 0; i < in.count(); ++i) {
      W x = from[i] < low ? low : from[i];
      to[i] = x > high ? high : x;
    }
  });
}

} // namespace

void pim::onnx::addActivations(Registry &registry) {
  registry.add("Abs", abs);
  registry.add("Acos", floatOperator<acosOf>);
  registry.add("Acosh", floatOperator<acoshOf>);
  registry.add("Asin", floatOperator<asinOf>);
  registry.add("Asinh", floatOperator<asinhOf>);
  registry.add("Atan", floatOperator<atanOf>);
  registry.add("Atanh", floatOperator<atanhOf>);
  registry.add("BitwiseNot", bitwiseNot, 18);
  registry.add("Ceil", floatOperator<ceilOf>);
  registry.add("Celu", celu);
  registry.add("Clip", clip);
  registry.add("Cos", floatOperator<cosOf>);
  registry.add("Cosh", floatOperator<coshOf>);
  registry.add("Elu", elu);
  registry.add("Erf", floatOperator<erfOf>);
  registry.add("Exp", floatOperator<expOf>);
  registry.add("Floor", floatOperator<floorOf>);
  registry.add("Gelu", gelu, 20);
  registry.add(microsoftDomain, "Gelu", gelu);
  registry.add(microsoftDomain, "QuickGelu", quickGelu);
  registry.add("HardSigmoid", hardSigmoid);
  registry.add("HardSwish", floatOperator<hardSwishOf>, 14);
  registry.add("IsInf", isInf, 10);
  registry.add("IsNaN", isNaN, 9);
  registry.add("LeakyRelu", leakyRelu);
  registry.add("Log", floatOperator<logOf>);
  registry.add("Mish", floatOperator<mishOf>, 18);
  registry.add("Neg", neg);
  registry.add("Not", logicalNot);
  registry.add("Reciprocal", floatOperator<reciprocalOf>);
  registry.add("Relu", relu);
  registry.add("Round", floatOperator<roundOf>, 11);
  registry.add("Selu", selu);
  registry.add("Shrink", shrink, 9);
  registry.add("Sigmoid", floatOperator<sigmoidOf>);
  registry.add("Sign", sign, 9);
  registry.add("Sin", floatOperator<sinOf>);
  registry.add("Sinh", floatOperator<sinhOf>);
  registry.add("Softplus", floatOperator<softplusOf>);
  registry.add("Softsign", floatOperator<softsignOf>);
  registry.add("Sqrt", floatOperator<sqrtOf>);
  registry.add("SwiGLU", swiGlu, 28);
  registry.add("Swish", swish, 24);
  registry.add("Tan", floatOperator<tanOf>);
  registry.add("Tanh", floatOperator<tanhOf>);
  registry.add("ThresholdedRelu", thresholdedRelu);
}
