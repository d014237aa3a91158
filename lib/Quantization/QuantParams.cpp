//===- QuantParams.cpp - what the integers of a tensor stand for ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/QuantParams.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Quantization/Multiplier.h"

#include <algorithm>
#include <cmath>
#include <sstream>

using namespace mlir;
using namespace mlir::pim;

std::string mlir::pim::realText(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

int64_t QuantParams::quantize(double real) const {
  double q = std::floor(real / scale + 0.5) + double(zeroPoint);
  if (std::isnan(q))
    return zeroPoint;
  return int64_t(std::clamp(q, double(min), double(max)));
}

double QuantParams::magnitude() const {
  return scale * double(std::max(std::abs(min - zeroPoint), std::abs(max - zeroPoint)));
}

quant::UniformQuantizedType QuantParams::type(MLIRContext *context) const {
  return quant::UniformQuantizedType::get(quant::QuantizationFlags::Signed,
                                          IntegerType::get(context, 8), Float32Type::get(context),
                                          scale, zeroPoint, min, max);
}

FailureOr<QuantParams> mlir::pim::getQuantParams(quant::QuantizedType type, Location location) {
  auto uniform = dyn_cast<quant::UniformQuantizedType>(type);
  if (!uniform)
    return emitError(location)
           << "activations have type " << type
           << ", expected one scale per tensor; quantize activations per tensor";
  if (uniform.getStorageTypeIntegralWidth() != 8)
    return emitError(location)
           << "activations have type " << type
           << ", expected 8-bit storage; export the model with 8-bit activations";
  if (!isUsableScale(uniform.getScale()))
    return emitError(location) << "scale " << realText(uniform.getScale())
                               << " is not usable, expected a normal float greater than zero";
  int64_t shift = uniform.isSigned() ? 0 : 128;
  QuantParams params{uniform.getScale(), uniform.getZeroPoint() - shift,
                     uniform.getStorageTypeMin() - shift, uniform.getStorageTypeMax() - shift};
  if (params.zeroPoint < -128 || params.zeroPoint > 127)
    return emitError(location) << "zero point " << uniform.getZeroPoint()
                               << " lies outside the storage of " << type;
  return params;
}

QuantParams mlir::pim::chooseQuantParams(double low, double high, unsigned bits) {
  low = std::min(low, 0.0);
  high = std::max(high, 0.0);
  QuantParams params;
  params.min = -(int64_t(1) << (bits - 1));
  params.max = -params.min - 1;
  // A tensor of zeros is exact at any scale.
  double steps = double(params.max - params.min);
  double scale = high > low ? (high - low) / steps : 1.0;
  params.scale = double(float(scale));
  if (!isUsableScale(params.scale))
    params.scale = 1.0;
  double zero = double(params.min) - low / params.scale;
  params.zeroPoint = std::clamp(int64_t(std::llround(zero)), params.min, params.max);
  return params;
}
