//===- Qonnx.cpp - the operators of QONNX ---------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quantizers whose results are floats again (Pappalardo et al., "QONNX: Representing
// Arbitrary-Precision Quantized Neural Networks", 2022), and what later releases added. Scales and
// zero points broadcast to the operand.
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Binary.h"

#include <algorithm>
#include <cctype>
#include <cfloat>
#include <cmath>

using namespace pim;
using namespace pim::onnx;

using Rounding = double (*)(double);

static Rounding roundingOf(const Call &call, const char *otherwise) {
  std::string mode = call.text("rounding_mode", otherwise);
  std::transform(mode.begin(), mode.end(), mode.begin(),
                 [](unsigned char c) { return char(std::toupper(c)); });
  if (mode == "ROUND" || mode == "HALF_EVEN")
    return [](double x) { return std::nearbyint(x); };
  if (mode == "CEIL")
    return [](double x) { return std::ceil(x); };
  if (mode == "FLOOR")
    return [](double x) { return std::floor(x); };
  if (mode == "UP")
    return [](double x) { return std::copysign(std::ceil(std::fabs(x)), x); };
  if (mode == "DOWN" || mode == "ROUND_TO_ZERO")
    return [](double x) { return std::trunc(x); };
  if (mode == "HALF_UP")
    return [](double x) { return std::copysign(std::floor(std::fabs(x) + 0.5), x); };
  if (mode == "HALF_DOWN")
    return [](double x) { return std::copysign(std::ceil(std::fabs(x) - 0.5), x); };
  call.fail("attribute 'rounding_mode' is '", mode, "'");
}

/// Maps each element of operand 0, with operands 1 to `others` beside it as reals:
/// result = function(x, others).
template <typename Function>
static void mapElements(Call &call, size_t others, Function &&function) {
  const Tensor &in = call.in(0);
  call.require(in.element() == ElementType::F32, "operand 0 is not of f32");
  std::vector<Tensor> spread;
  for (size_t index = 1; index <= others; ++index) {
    const Tensor &operand = call.in(index);
    call.require(!operand.isText() &&
                     broadcastShape(call, in.shape(), operand.shape()) == in.shape(),
                 "operand ", index, " of shape ", shapeText(operand.shape()),
                 " does not broadcast to ", shapeText(in.shape()));
    copyStrided(castTo(call, operand, ElementType::F64), 0,
                broadcastStrides(operand.shape(), in.shape()),
                spread.emplace_back(ElementType::F64, in.shape()));
  }
  Tensor &out = call.out(0, ElementType::F32, in.shape());
  std::vector<double> values(others);
  for (int64_t i = 0; i < in.count(); ++i) {
    for (size_t index = 0; index < others; ++index)
      values[index] = spread[index].data<double>()[i];
    out.data<float>()[i] = float(function(double(in.data<float>()[i]), values.data()));
  }
}

/// The same with operand 1, a scale: result = function(x, scale), and with operand 2, a zero point:
/// result = function(x, scale, zero point).
template <typename Function> static void mapScaled(Call &call, Function &&function) {
  mapElements(call, 1, [&](double x, const double *others) { return function(x, others[0]); });
}
template <typename Function> static void mapAffine(Call &call, Function &&function) {
  mapElements(call, 2,
              [&](double x, const double *others) { return function(x, others[0], others[1]); });
}

/// Divided in float, as the exporters' own frameworks do: halves are to fall the same way.
static double divided(double x, double scale) { return double(float(x) / float(scale)); }

static double bitsOf(const Call &call, size_t index) {
  double bits = call.number(index, 8);
  call.require(bits >= 1 && bits <= 64, "operand ", index, " asks for ", bits, " bits");
  return bits;
}

namespace {
/// The integers of `bits`, by attributes 'signed' and 'narrow'.
struct Range {
  Range(const Call &call, double bits)
      : isSigned(call.integer("signed", 1) != 0), isBipolar(bits == 1 && isSigned) {
    double narrow = call.integer("narrow", 0) ? 1 : 0;
    least = isSigned ? -std::exp2(bits - 1) + narrow : 0;
    greatest = isSigned ? std::exp2(bits - 1) - 1 : std::exp2(bits) - 1 - narrow;
  }
  double clamp(double q) const { return std::min(std::max(q, least), greatest); }

  bool isSigned, isBipolar;
  double least, greatest;
};
} // namespace

static void quant(Call &call) {
  Range range(call, bitsOf(call, 3));
  Rounding rounding = roundingOf(call, "ROUND");
  mapAffine(call, [=](double x, double scale, double zero) {
    double q = divided(x, scale) + zero;
    q = range.isBipolar ? (q >= 0 ? 1 : -1) : rounding(range.clamp(q));
    return (q - zero) * scale;
  });
}

static void bipolarQuant(Call &call) {
  mapScaled(call, [](double x, double scale) { return x >= 0 ? scale : -scale; });
}

/// A float of few bits: operands 2 to 5 are the bits of exponent and mantissa, the bias of the
/// exponent and the largest value. Subnormal numbers are always there.
static void floatQuant(Call &call) {
  bool saturates = call.integer("saturation", 1), hasInf = call.integer("has_inf", 0),
       hasNan = call.integer("has_nan", 0);
  call.require(saturates || hasInf || hasNan, "neither saturates nor has infinity or NaN");
  Rounding rounding = roundingOf(call, "ROUND");
  mapElements(call, 5, [=](double x, const double *others) {
    double scale = others[0], mantissa = others[2], bias = others[3];
    double scaled = divided(x, scale);
    double exponent = std::floor(std::log2(std::fabs(scaled) + double(FLT_MIN)));
    double step = std::exp2(std::max(exponent, 1 - bias) - mantissa);
    double q = std::isinf(scaled) ? scaled : rounding(scaled / step) * step;
    double greatest = (2 - std::exp2(-mantissa)) * std::exp2(std::exp2(others[1]) - 1 - bias);
    greatest = std::min(greatest, others[4]);
    if (!(std::fabs(q) > greatest)) // NaN stays
      return q * scale;
    if (saturates)
      return std::copysign(greatest, q) * scale;
    return std::copysign(hasInf ? INFINITY : NAN, q) * scale;
  });
}

/// Drops the lowest bits of what is quantized already: in version 1, with 5 operands, as many as
/// operand 3 has more than operand 4; in version 2 what lies below the scale that is operand 4, and
/// keeps as many bits as operand 5 says.
static void trunc(Call &call) {
  Rounding rounding = roundingOf(call, "FLOOR");
  if (!call.has(5)) {
    double dropped = std::exp2(bitsOf(call, 3) - bitsOf(call, 4));
    mapAffine(call, [=](double x, double scale, double zero) {
      double q = std::nearbyint(divided(x, scale) + zero);
      return (rounding(q / dropped) - zero) * scale;
    });
    return;
  }
  Range range(call, bitsOf(call, 5));
  mapElements(call, 4, [=](double x, const double *others) {
    double scale = others[0], zero = others[1], outScale = others[3];
    double dropped = std::exp2(std::nearbyint(std::log2(outScale / scale)));
    double q = std::nearbyint(divided(x, scale) + zero) / dropped;
    return (rounding(range.clamp(q)) - zero / dropped) * outScale;
  });
}

void pim::onnx::addQonnx(Registry &registry) {
  registry.add(qonnxDomain, "BipolarQuant", bipolarQuant);
  registry.add(qonnxDomain, "FloatQuant", floatQuant);
  registry.add(qonnxDomain, "IntQuant", quant);
  registry.add(qonnxDomain, "Quant", quant); // the older name
  registry.add(qonnxDomain, "Trunc", trunc);
}
