//===- WeightScales.cpp - scales of constant weights ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightScales.h"

#include "mlir/IR/BuiltinTypes.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;

int64_t mlir::pim::largestWeight(unsigned bits) {
  return bits == 1 ? 1 : (int64_t(1) << (bits - 1)) - 1;
}

namespace {

double squaredError(ArrayRef<double> weights, double scale, double largest) {
  double error = 0;
  for (double weight : weights) {
    double rounded = std::clamp(std::nearbyint(weight / scale), -largest, largest) * scale;
    error += (weight - rounded) * (weight - rounded);
  }
  return error;
}

double chooseScale(ArrayRef<double> weights, unsigned bits) {
  double largest = 0, sum = 0;
  for (double weight : weights) {
    largest = std::max(largest, std::abs(weight));
    sum += std::abs(weight);
  }
  if (bits == 1)
    return weights.empty() ? 0 : sum / double(weights.size());
  double steps = double(largestWeight(bits));
  double widest = largest / steps;
  if (bits > 6 || widest == 0)
    return widest;
  double best = widest, least = squaredError(weights, widest, steps);
  constexpr int candidates = 80;
  for (int i = candidates / 4; i < candidates; ++i) {
    double scale = widest * i / candidates;
    if (double error = squaredError(weights, scale, steps); error < least) {
      least = error;
      best = scale;
    }
  }
  return best;
}

} // namespace

SmallVector<double> mlir::pim::chooseWeightScales(const RealConstant &weights, int64_t axis,
                                                  unsigned bits) {
  int64_t inner = 1;
  for (int64_t size : ArrayRef<int64_t>(weights.shape).drop_front(axis + 1))
    inner *= size;
  int64_t channels = weights.shape[axis];
  std::vector<std::vector<double>> perChannel(channels);
  for (auto [index, weight] : llvm::enumerate(weights.values))
    perChannel[int64_t(index) / inner % channels].push_back(weight);
  SmallVector<double> scales;
  double largest = 0;
  for (const auto &channel : perChannel) {
    scales.push_back(chooseScale(channel, bits));
    largest = std::max(largest, scales.back());
  }
  // A channel without weights to speak of would have a scale that no multiplier can express.
  double least = largest > 0 ? std::ldexp(largest, -20) : 1.0;
  for (double &scale : scales)
    scale = double(float(std::max(scale, least)));
  return scales;
}

quant::QuantizedType mlir::pim::weightType(MLIRContext *context, ArrayRef<double> scales,
                                           int64_t axis, unsigned bits) {
  int64_t largest = largestWeight(bits);
  SmallVector<int64_t> zeroPoints(scales.size(), 0);
  return quant::UniformQuantizedPerAxisType::get(
      quant::QuantizationFlags::Signed, IntegerType::get(context, 8), Float32Type::get(context),
      scales, zeroPoints, int32_t(axis), -largest, largest);
}
