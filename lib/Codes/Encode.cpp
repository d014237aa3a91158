//===- Encode.cpp - weights on the levels of a code ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Codes/Encode.h"
#include "ScaleSearch.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::codes;

/// A float is within this part of what it stands for, products and scales included.
static constexpr double relativeTolerance = 1e-6;

static double largestMagnitude(std::span<const float> weights) {
  double largest = 0;
  for (float weight : weights)
    largest = std::max(largest, double(std::abs(weight)));
  return largest;
}

static int32_t integerOf(const LevelSet &levels, float weight, double scale, bool keepZeros) {
  return keepZeros && weight == 0 ? 0 : levels.nearest(weight / scale);
}

/// <w,q>/<q,q> for the nearest levels q at `scale`; 0 if all of them are zero.
static double refitted(const LevelSet &levels, std::span<const float> weights, double scale,
                       bool keepZeros) {
  double product = 0, square = 0;
  for (float weight : weights) {
    double level = integerOf(levels, weight, scale, keepZeros);
    product += weight * level;
    square += level * level;
  }
  return square > 0 ? product / square : 0;
}

Encoding pim::codes::encodeWithScale(const LevelSet &levels, std::span<const float> weights,
                                     double scale, bool keepZeros) {
  Encoding result;
  result.scale = scale;
  result.integers.reserve(weights.size());
  for (float weight : weights) {
    int32_t integer = integerOf(levels, weight, scale, keepZeros);
    double error = weight - scale * integer;
    result.integers.push_back(integer);
    result.squaredError += error * error;
  }
  return result;
}

std::optional<double> pim::codes::findScale(const LevelSet &levels, std::span<const float> weights,
                                            bool keepZeros) {
  double largest = largestMagnitude(weights);
  if (largest == 0)
    return keepZeros || levels.hasZero() ? std::optional<double>(1.0) : std::nullopt;
  // The largest weight is on some level; the others must follow.
  for (int32_t level : levels.magnitudes()) {
    if (level == 0)
      continue;
    double scale = largest / level;
    bool fits = std::all_of(weights.begin(), weights.end(), [&](float weight) {
      double on = scale * integerOf(levels, weight, scale, keepZeros);
      return std::abs(weight - on) <= relativeTolerance * std::abs(weight);
    });
    if (fits)
      return scale;
  }
  return std::nullopt;
}

static double alternate(const LevelSet &levels, std::span<const float> weights, double scale,
                        const EncodeOptions &options) {
  for (int i = 0; i < options.alternations; ++i) {
    double next = refitted(levels, weights, scale, options.keepZeros);
    // Every weight fell to zero: the scale was too large for all of them.
    scale = next > 0 ? next : scale / 2;
  }
  return scale;
}

/// The published start: the mean magnitude takes the middle of the levels.
static double startingScale(const LevelSet &levels, std::span<const float> weights) {
  double sum = 0;
  int64_t nonZeros = 0;
  for (float weight : weights) {
    sum += std::abs(weight);
    nonZeros += weight != 0;
  }
  return sum / double(nonZeros) / (double(levels.largest()) / 2);
}

Encoding pim::codes::encode(const LevelSet &levels, std::span<const float> weights,
                            const EncodeOptions &options) {
  if (std::optional<double> exact = findScale(levels, weights, options.keepZeros))
    return encodeWithScale(levels, weights, *exact, options.keepZeros);
  double largest = largestMagnitude(weights);
  double scale = largest > 0 ? largest / levels.largest() : 1;
  if (options.fit == ScaleFit::Alternate && largest > 0)
    scale = alternate(levels, weights, startingScale(levels, weights), options);
  if (options.fit == ScaleFit::Search && largest > 0)
    scale = alternate(levels, weights, bestScale(levels, weights, options.keepZeros), options);
  return encodeWithScale(levels, weights, scale, options.keepZeros);
}

double pim::codes::project(const LevelSet &levels, std::span<float> weights,
                           const EncodeOptions &options) {
  if (std::optional<double> exact = findScale(levels, weights, options.keepZeros))
    return *exact;
  Encoding encoding = encode(levels, weights, options);
  for (size_t i = 0; i < weights.size(); ++i)
    weights[i] = float(encoding.scale * encoding.integers[i]);
  return encoding.scale;
}

std::vector<double> pim::codes::projectRows(const LevelSet &levels, std::span<float> weights,
                                            int64_t rows, const EncodeOptions &options) {
  if (rows < 1 || weights.size() % size_t(rows) != 0)
    fail(weights.size(), " weights are not ", rows, " equal rows");
  std::vector<double> scales;
  size_t length = weights.size() / size_t(rows);
  for (size_t begin = 0; begin < weights.size(); begin += length)
    scales.push_back(project(levels, weights.subspan(begin, length), options));
  return scales;
}
