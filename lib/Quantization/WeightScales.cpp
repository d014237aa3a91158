//===- WeightScales.cpp - scales of constant weights ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightScales.h"

#include "ChannelRuns.h"
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
  const int64_t channels = weights.shape[axis];
  SmallVector<double> scales(channels, 0.0);
  if (bits == 1) {
    forEachChannelRun(weights.values, weights.shape, axis,
                      [&](size_t channel, size_t, ArrayRef<float> run) {
                        for (float weight : run)
                          scales[channel] += std::abs(weight);
                      });
    const size_t count = weights.values.size() / size_t(std::max<int64_t>(channels, 1));
    for (double &scale : scales)
      scale /= double(std::max<size_t>(count, 1));
  } else {
    SmallVector<float> largest(channels, 0.0f);
    forEachChannelRun(weights.values, weights.shape, axis,
                      [&](size_t channel, size_t, ArrayRef<float> run) {
                        for (float weight : run)
                          largest[channel] = std::max(largest[channel], std::abs(weight));
                      });
    for (auto [scale, weight] : llvm::zip_equal(scales, largest))
      scale = double(weight) / double(largestWeight(bits));
  }
  if (bits > 1 && bits < 7) {
    std::vector<std::vector<float>> ofChannel(channels);
    forEachChannelRun(weights.values, weights.shape, axis,
                      [&](size_t channel, size_t, ArrayRef<float> run) {
                        llvm::append_range(ofChannel[channel], run);
                      });
    for (int64_t channel = 0; channel < channels; ++channel)
      scales[channel] = chooseScale(ofChannel[channel], scales[channel], bits);
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
