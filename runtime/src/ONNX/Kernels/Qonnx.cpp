//===- Qonnx.cpp - the operators of QONNX ---------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quantizers whose results are floats again (Pappalardo et al., "QONNX: Representing
// Arbitrary-Precision Quantized Neural Networks", 2022). Scales and zero points broadcast to the
// operand.
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Binary.h"

#include <cmath>

using namespace pim;
using namespace pim::onnx;

using Rounding = double (*)(double);

static Rounding roundingOf(const Call &call, const char *otherwise) {
  std::string mode = call.text("rounding_mode", otherwise);
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

/// Operand 0 with operands 1 (scale) and, if `zeroPoint`, 2 beside each element:
/// result = function(x, scale, zero point).
template <typename Function>
static void mapScaled(Call &call, bool zeroPoint, Function &&function) {
  const Tensor &in = call.in(0);
  call.require(in.element() == ElementType::F32, "operand 0 is not of f32");
  auto spread = [&](size_t index) {
    Tensor values(ElementType::F64, in.shape());
    const Tensor &operand = call.in(index);
    call.require(!operand.isText() &&
                     broadcastShape(call, in.shape(), operand.shape()) == in.shape(),
                 "operand ", index, " of shape ", shapeText(operand.shape()),
                 " does not broadcast to ", shapeText(in.shape()));
    copyStrided(castTo(call, operand, ElementType::F64), 0,
                broadcastStrides(operand.shape(), in.shape()), values);
    return values;
  };
  Tensor scales = spread(1), zeros = zeroPoint ? spread(2) : Tensor();
  Tensor &out = call.out(0, ElementType::F32, in.shape());
  for (int64_t i = 0; i < in.count(); ++i) {
    double scale = scales.data<double>()[i];
    out.data<float>()[i] = float(
        function(double(in.data<float>()[i]), scale, zeroPoint ? zeros.data<double>()[i] : 0));
  }
}

static double bitsOf(const Call &call, size_t index) {
  double bits = call.number(index, 8);
  call.require(bits >= 1 && bits <= 64, "operand ", index, " asks for ", bits, " bits");
  return bits;
}

static void quant(Call &call) {
  double bits = bitsOf(call, 3);
  bool isSigned = call.integer("signed", 1), narrow = call.integer("narrow", 0);
  Rounding rounding = roundingOf(call, "ROUND");
  double least = isSigned ? -std::exp2(bits - 1) + narrow : 0;
  double greatest = isSigned ? std::exp2(bits - 1) - 1 : std::exp2(bits) - 1 - narrow;
  bool bipolar = bits == 1 && isSigned;
  mapScaled(call, true, [=](double x, double scale, double zero) {
    // Divided in float, as the exporters' own frameworks do: halves are to fall the same way.
    double q = double(float(x) / float(scale)) + zero;
    q = bipolar ? (q >= 0 ? 1 : -1) : rounding(std::min(std::max(q, least), greatest));
    return (q - zero) * scale;
  });
}

static void bipolarQuant(Call &call) {
  mapScaled(call, false, [](double x, double scale, double) { return x >= 0 ? scale : -scale; });
}

/// Drops the lowest bits of what is quantized already.
static void trunc(Call &call) {
  double dropped = std::exp2(bitsOf(call, 3) - bitsOf(call, 4));
  Rounding rounding = roundingOf(call, "FLOOR");
  mapScaled(call, true, [=](double x, double scale, double zero) {
    double q = std::nearbyint(double(float(x) / float(scale)) + zero);
    return (rounding(q / dropped) - zero) * scale;
  });
}

void pim::onnx::addQonnx(Registry &registry) {
  registry.add(qonnxDomain, "BipolarQuant", bipolarQuant);
  registry.add(qonnxDomain, "Quant", quant);
  registry.add(qonnxDomain, "Trunc", trunc);
}
