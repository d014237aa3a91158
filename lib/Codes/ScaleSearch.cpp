//===- ScaleSearch.cpp - the scale of least squared error ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScaleSearch.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::codes;

/// Up to this many steps from a level to the next, all of them are tried.
static constexpr size_t exactSteps = 1 << 15;

namespace {

/// The scale below which a weight takes its next level.
struct Step {
  double scale;
  double magnitude;
  int32_t from, to;
};

} // namespace

/// Lowers the scale from infinity and looks at every assignment of levels on the way.
static double exactScale(const LevelSet &levels, const std::vector<double> &magnitudes) {
  std::span<const int32_t> levelsOf = levels.magnitudes();
  std::vector<Step> steps;
  double product = 0, square = 0;
  for (double magnitude : magnitudes) {
    product += magnitude * levelsOf[0];
    square += double(levelsOf[0]) * levelsOf[0];
    for (size_t i = 0; i + 1 < levelsOf.size() && magnitude > 0; ++i)
      steps.push_back({2 * magnitude / (double(levelsOf[i]) + levelsOf[i + 1]), magnitude,
                       levelsOf[i], levelsOf[i + 1]});
  }
  std::sort(steps.begin(), steps.end(), [](const Step &a, const Step &b) {
    return a.scale != b.scale ? a.scale > b.scale : a.from < b.from;
  });
  double best = square > 0 ? product / square : 0;
  double most = square > 0 ? product * product / square : 0;
  for (const Step &step : steps) {
    product += step.magnitude * (step.to - step.from);
    square += double(step.to) * step.to - double(step.from) * step.from;
    if (product * product > most * square) {
      most = product * product / square;
      best = product / square;
    }
  }
  return best;
}

/// The same on a grid of scales, with sums over bins in place of weights.
static double gridScale(const LevelSet &levels, const std::vector<double> &magnitudes) {
  constexpr size_t binCount = 8192;
  double largest = *std::max_element(magnitudes.begin(), magnitudes.end());
  std::vector<double> counts(binCount + 1, 0), sums(binCount + 1, 0);
  for (double magnitude : magnitudes) {
    size_t bin = std::min(binCount - 1, size_t(magnitude / largest * binCount));
    counts[bin + 1] += 1;
    sums[bin + 1] += magnitude;
  }
  for (size_t bin = 0; bin < binCount; ++bin) {
    counts[bin + 1] += counts[bin];
    sums[bin + 1] += sums[bin];
  }
  std::span<const int32_t> levelsOf = levels.magnitudes();
  double best = largest / levels.largest(), most = 0;
  // From a scale of which the largest weight is half, down to the largest level's tenth octave.
  double octaves = std::log2(levels.largest()) + 6;
  for (int step = 0; step < 64 * octaves; ++step) {
    double scale = 2 * largest * std::exp2(-step / 64.0), product = 0, square = 0;
    size_t begin = 0;
    for (size_t i = 0; i < levelsOf.size(); ++i) {
      double end = binCount;
      if (i + 1 < levelsOf.size())
        end = (double(levelsOf[i]) + levelsOf[i + 1]) / 2 * scale / largest * binCount;
      size_t stop = size_t(std::min(end, double(binCount)));
      product += levelsOf[i] * (sums[stop] - sums[begin]);
      square += double(levelsOf[i]) * levelsOf[i] * (counts[stop] - counts[begin]);
      begin = stop;
    }
    if (square > 0 && product * product > most * square) {
      most = product * product / square;
      best = product / square;
    }
  }
  return best;
}

double pim::codes::bestScale(const LevelSet &levels, std::span<const float> weights,
                             bool keepZeros) {
  std::vector<double> magnitudes;
  magnitudes.reserve(weights.size());
  for (float weight : weights)
    if (weight != 0 || !keepZeros)
      magnitudes.push_back(std::abs(weight));
  if (magnitudes.size() * levels.magnitudes().size() <= exactSteps)
    return exactScale(levels, magnitudes);
  return gridScale(levels, magnitudes);
}
