//===- LinearRounder.cpp - rounding the outputs of a linear op -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinearRounder.h"

#include "Threads.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

using namespace mlir::pim;
namespace codes = ::pim::codes;

/// Outputs that one thread rounds together.
static constexpr int64_t share = 64;

LinearRounder::LinearRounder(MLIRContext *context, const LinearShape &shape,
                             const InputMoments &moments)
    : context(context), shape(shape) {
  const std::vector<InputMoments::Block> &parts = moments.blocks();
  std::vector<std::optional<AdaptiveRounder>> made(parts.size());
  forEachOnThreads(context, int64_t(parts.size()), [&](int64_t index) {
    made[size_t(index)].emplace(parts[size_t(index)].second, parts[size_t(index)].size);
  });
  for (auto [index, block] : llvm::enumerate(parts)) {
    blocks.push_back(std::move(*made[index]));
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

/// Calls visit(block, its first tap, first output, outputs) for the blocks that outputs see: those
/// of a depthwise convolution, which see their own channel, one after the other.
template <typename Visit>
void LinearRounder::forBlocks(int64_t first, int64_t count, Visit visit) const {
  const int64_t together = shape.depthwise ? 1 : count;
  for (int64_t output = 0; output < count; output += together) {
    const int64_t offset = shape.patchOffset(first + output);
    auto block = std::lower_bound(begins.begin(), begins.end(), offset);
    for (; block != begins.end() && *block < offset + shape.taps; ++block)
      visit(blocks[size_t(block - begins.begin())], *block - offset, output, together);
  }
}

/// Calls visit(share, first output, outputs) for equal shares of the outputs, on all threads. What
/// is in a share does not depend on their number.
template <typename Visit> void LinearRounder::forShares(int64_t count, Visit visit) const {
  forEachOnThreads(context, (count + share - 1) / share, [&](int64_t index) {
    visit(index, index * share, std::min(share, count - index * share));
  });
}

std::vector<RoundedOutput> LinearRounder::round(const codes::LevelSet &levels, int64_t first,
                                                std::span<const float> weights,
                                                std::span<const double> scales) const {
  const auto count = int64_t(scales.size());
  std::vector<RoundedOutput> rounded(scales.size());
  forShares(count, [&](int64_t, int64_t start, int64_t size) {
    auto own = weights.subspan(size_t(start * shape.taps), size_t(size * shape.taps));
    std::vector<int32_t> integers(own.size());
    std::vector<double> errors(size_t(size), 0.0);
    forBlocks(first + start, size,
              [&](const AdaptiveRounder &block, int64_t begin, int64_t output, int64_t outputs) {
                auto at = size_t(output * shape.taps + begin);
                block.round(levels, {own.subspan(at), outputs, shape.taps},
                            scales.subspan(size_t(start + output)), std::span(integers).subspan(at),
                            std::span(errors).subspan(size_t(output)));
              });
    for (int64_t output = 0; output < size; ++output) {
      auto begin = integers.begin() + output * shape.taps;
      rounded[size_t(start + output)] = {
          scales[size_t(start + output)], errors[size_t(output)], {begin, begin + shape.taps}};
    }
  });
  return rounded;
}

double LinearRounder::energy(int64_t first, std::span<const float> weights) const {
  const int64_t count = int64_t(weights.size()) / shape.taps;
  std::vector<double> sums(size_t((count + share - 1) / share), 0.0);
  forShares(count, [&](int64_t index, int64_t start, int64_t size) {
    forBlocks(first + start, size,
              [&](const AdaptiveRounder &block, int64_t begin, int64_t output, int64_t outputs) {
                auto at = size_t((start + output) * shape.taps + begin);
                sums[size_t(index)] += block.energy({weights.subspan(at), outputs, shape.taps});
              });
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
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
