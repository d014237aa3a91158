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

double squaredError(ArrayRef<float> weights, double scale, double largest) {
  double error = 0;
  for (double weight : weights) {
    double rounded = std::clamp(std::nearbyint(weight / scale), -largest, largest) * scale;
    error += (weight - rounded) * (weight - rounded);
  }
  return error;
}

/// The scale of least squared error, no wider than `widest`, which loses nothing at the ends.
double chooseScale(ArrayRef<float> weights, double widest, unsigned bits) {
  if (widest == 0)
    return widest;
  auto steps = double(largestWeight(bits));
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
  auto channelOf = [&](size_t weight) { return int64_t(weight) / inner % channels; };
  SmallVector<double> scales(channels, 0.0), sums(channels, 0.0);
  SmallVector<int64_t> counts(channels, 0);
  for (size_t begin = 0; begin < weights.values.size(); begin += size_t(inner)) {
    int64_t channel = channelOf(begin);
    for (float weight : ArrayRef(weights.values).slice(begin, size_t(inner))) {
      scales[channel] = std::max(scales[channel], double(std::abs(weight)));
      sums[channel] += std::abs(weight);
    }
    counts[channel] += inner;
  }
  for (int64_t channel = 0; channel < channels; ++channel)
    scales[channel] = bits == 1 ? sums[channel] / double(std::max<int64_t>(counts[channel], 1))
                                : scales[channel] / double(largestWeight(bits));
  if (bits > 1 && bits < 7) {
    std::vector<std::vector<float>> perChannel(channels);
    for (auto [index, weight] : llvm::enumerate(weights.values))
      perChannel[channelOf(index)].push_back(weight);
    for (int64_t channel = 0; channel < channels; ++channel)
      scales[channel] = chooseScale(perChannel[channel], scales[channel], bits);
  }
  double largest = channels ? *llvm::max_element(scales) : 0;
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
