//===- LinearRounder.cpp - rounding the outputs of a linear op -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinearRounder.h"

#include <algorithm>
#include <cmath>

using namespace mlir::pim;
namespace codes = ::pim::codes;

LinearRounder::LinearRounder(const LinearShape &shape, const InputMoments &moments) : shape(shape) {
  for (const InputMoments::Block &block : moments.blocks()) {
    blocks.emplace_back(block.second, block.size);
    begins.push_back(block.begin);
    for (int64_t i = 0; i < block.size; ++i)
      inputPower.push_back(block.second.empty() ? 1 : block.second[size_t(i * block.size + i)]);
  }
  // What was never seen must not be free.
  double mean = 0;
  for (double power : inputPower)
    mean += power / double(inputPower.size());
  for (double &power : inputPower)
    power += mean > 0 ? AdaptiveRounder::damping * mean : 1;
}

/// Calls visit(block, first tap, taps) for the blocks that an output sees.
template <typename Visit> void LinearRounder::forBlocks(int64_t output, Visit visit) const {
  int64_t offset = shape.patchOffset(output);
  for (size_t i = 0; i < blocks.size(); ++i)
    if (begins[i] >= offset && begins[i] < offset + shape.taps)
      visit(blocks[i], size_t(begins[i] - offset), size_t(blocks[i].getSize()));
}

RoundedOutput LinearRounder::round(const codes::LevelSet &levels, int64_t output,
                                   std::span<const float> weights, double scale) const {
  RoundedOutput rounded{scale, 0, std::vector<int32_t>(weights.size())};
  forBlocks(output, [&](const AdaptiveRounder &block, size_t begin, size_t size) {
    rounded.error += block.round(levels, weights.subspan(begin, size), scale,
                                 std::span(rounded.integers).subspan(begin, size));
  });
  return rounded;
}

double LinearRounder::energy(int64_t output, std::span<const float> weights) const {
  std::vector<int32_t> none(weights.size(), 0);
  double sum = 0;
  forBlocks(output, [&](const AdaptiveRounder &block, size_t begin, size_t size) {
    sum += block.outputError(weights.subspan(begin, size), 0, std::span(none).first(size));
  });
  return sum;
}

double LinearRounder::findScale(const codes::LevelSet &levels, int64_t output,
                                std::span<const float> weights) const {
  constexpr int steps = 24;
  constexpr double step = 0.03;
  float largest = 0;
  for (float weight : weights)
    largest = std::max(largest, std::abs(weight));
  if (largest == 0)
    return 1;
  const double *power = inputPower.data() + shape.patchOffset(output);
  double best = 1, bestError = HUGE_VAL;
  for (int i = 0; i < steps; ++i) {
    double scale = double(largest) / levels.largest() * (1 - step * i), error = 0;
    for (size_t tap = 0; tap < weights.size(); ++tap) {
      double off = weights[tap] - scale * levels.nearest(weights[tap] / scale);
      error += off * off * power[tap];
    }
    if (error < bestError) {
      best = scale;
      bestError = error;
    }
  }
  return best;
}
