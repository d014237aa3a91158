//===- Histogram.cpp - the distribution of a tensor's values --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/Histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir::pim;

// Starts narrower than any sensible activation, so that the first values set the resolution.
Histogram::Histogram() : bins(binCount, 0), exponent(-40) {}

double Histogram::binCentre(size_t bin) const {
  return (double(bin) + 0.5 - double(binCount / 2)) * std::ldexp(2.0 / double(binCount), exponent);
}

void Histogram::widen(float magnitude) {
  int needed;
  std::frexp(magnitude, &needed); // magnitude < 2^needed
  int doublings = needed - exponent;
  if (others == 0 || doublings > 12) {
    // Nothing to keep, or everything so far falls into the two bins around zero.
    uint64_t negative = 0, positive = 0;
    for (size_t bin = 0; bin < binCount; ++bin)
      (bin < binCount / 2 ? negative : positive) += bins[bin];
    std::fill(bins.begin(), bins.end(), 0);
    bins[binCount / 2 - 1] = negative;
    bins[binCount / 2] = positive;
    exponent = needed;
    return;
  }
  for (; exponent < needed; ++exponent) {
    std::vector<uint64_t> merged(binCount, 0);
    for (size_t bin = 0; bin < binCount; ++bin)
      merged[binCount / 4 + bin / 2] += bins[bin];
    bins.swap(merged);
  }
}

int64_t Histogram::add(std::span<const float> values) {
  double limit = std::ldexp(1.0, exponent);
  double binsPerUnit = double(binCount / 2) / limit;
  for (size_t i = 0; i < values.size(); ++i) {
    float value = values[i];
    if (!std::isfinite(value))
      return int64_t(i);
    if (value == 0) {
      ++zeros;
      continue;
    }
    float magnitude = std::abs(value);
    if (magnitude >= limit) {
      widen(magnitude);
      limit = std::ldexp(1.0, exponent);
      binsPerUnit = double(binCount / 2) / limit;
    }
    // |value| < limit, so the position is inside (0, binCount); values under 2^-40 fall beside the
    // middle.
    ++bins[size_t(double(value) * binsPerUnit + double(binCount / 2))];
    ++others;
    low = std::min(low, double(value));
    high = std::max(high, double(value));
  }
  return -1;
}

std::pair<double, double> Histogram::percentileRange(double percentile) const {
  // Half of what may be cut is cut at each end; zeros lie inside always.
  double cut = double(count()) * (100.0 - percentile) / 200.0;
  double halfBin = std::ldexp(1.0 / double(binCount), exponent);
  double first = low, last = high;
  double seen = 0;
  for (size_t bin = 0; bin < binCount && seen + double(bins[bin]) <= cut; ++bin) {
    seen += double(bins[bin]);
    first = std::max(first, binCentre(bin) + halfBin);
  }
  seen = 0;
  for (size_t bin = binCount; bin-- > 0 && seen + double(bins[bin]) <= cut;) {
    seen += double(bins[bin]);
    last = std::min(last, binCentre(bin) - halfBin);
  }
  return {std::min(first, 0.0), std::max(last, 0.0)};
}

namespace {

/// Sums over the bins up to an index: of the counts, the values, and their squares.
struct Moments {
  std::vector<double> count, first, second;

  /// Sum of (x - limit)^2 over the bins [begin, end).
  double clipError(size_t begin, size_t end, double limit) const {
    double n = count[end] - count[begin];
    return (second[end] - second[begin]) - 2 * limit * (first[end] - first[begin]) +
           limit * limit * n;
  }
};

} // namespace

std::pair<double, double> Histogram::mseRange(unsigned bits) const {
  Moments moments;
  for (auto *sums : {&moments.count, &moments.first, &moments.second})
    sums->assign(binCount + 1, 0.0);
  for (size_t bin = 0; bin < binCount; ++bin) {
    double n = double(bins[bin]), x = binCentre(bin);
    moments.count[bin + 1] = moments.count[bin] + n;
    moments.first[bin + 1] = moments.first[bin] + n * x;
    moments.second[bin + 1] = moments.second[bin] + n * x * x;
  }
  auto binOf = [&](double x) {
    double position = x * std::ldexp(double(binCount / 2), -exponent) + double(binCount / 2);
    return size_t(std::clamp(position, 0.0, double(binCount)));
  };
  auto error = [&](double from, double to) {
    double step = (to - from) / (std::ldexp(1.0, int(bits)) - 1);
    size_t begin = binOf(from), end = binOf(to);
    double inside = moments.count[end] - moments.count[begin];
    return moments.clipError(0, begin, from) + moments.clipError(end, binCount, to) +
           inside * step * step / 12;
  };
  // Every pair of fractions of the two ends.
  constexpr int fractions = 100;
  std::pair<double, double> best{low, high};
  double least = error(low, high);
  for (int i = low < 0 ? 1 : fractions; i <= fractions; ++i)
    for (int j = high > 0 ? 1 : fractions; j <= fractions; ++j) {
      double from = low * i / fractions, to = high * j / fractions;
      if (double candidate = error(from, to); candidate < least) {
        least = candidate;
        best = {from, to};
      }
    }
  return best;
}

/// Kullback-Leibler divergence of bins [begin, end) from themselves rounded to `levels` equal
/// steps, with what lies outside added to the end bins (Migacz, "8-bit inference with TensorRT",
/// 2017).
static double roundedDivergence(const std::vector<double> &bins, size_t begin, size_t end,
                                size_t levels) {
  std::vector<double> reference(bins.begin() + long(begin), bins.begin() + long(end));
  for (size_t bin = 0; bin < begin; ++bin)
    reference.front() += bins[bin];
  for (size_t bin = end; bin < bins.size(); ++bin)
    reference.back() += bins[bin];
  double total = 0, kept = 0;
  for (size_t bin = begin; bin < end; ++bin)
    kept += bins[bin];
  for (double count : reference)
    total += count;
  double divergence = 0;
  size_t width = end - begin;
  for (size_t level = 0; level < levels; ++level) {
    // What a step holds spreads evenly over those of its bins that hold anything.
    size_t first = level * width / levels, last = (level + 1) * width / levels;
    double sum = 0;
    size_t filled = 0;
    for (size_t bin = first; bin < last; ++bin) {
      sum += bins[begin + bin];
      filled += reference[bin] > 0;
    }
    for (size_t bin = first; bin < last; ++bin) {
      double p = reference[bin] / total;
      // A bin that holds clipped values alone would make the divergence infinite.
      double q = std::max(sum / double(filled) / kept, 1e-9);
      if (p > 0)
        divergence += p * std::log(p / q);
    }
  }
  return divergence;
}

std::pair<double, double> Histogram::entropyRange(unsigned bits) const {
  double width = std::ldexp(2.0 / double(binCount), exponent);
  // The whole of what was seen, in fine steps of its own: the histogram's range may be twice as
  // wide.
  constexpr size_t fine = 2048;
  std::vector<double> seen(fine, 0.0);
  for (size_t bin = 0; bin < binCount; ++bin) {
    double position = (binCentre(bin) - low) / (high - low) * fine;
    seen[size_t(std::clamp(position, 0.0, double(fine - 1)))] += double(bins[bin]);
  }
  size_t levels = size_t(1) << bits;
  size_t zero = size_t(std::clamp(-low / (high - low) * fine, 0.0, double(fine - 1)));
  std::pair<double, double> best{low, high};
  double least = roundedDivergence(seen, 0, fine, levels);
  // Both ends at once, in proportion; the part of a range without negative values stays whole.
  constexpr int steps = 96;
  for (int step = steps / 4; step < steps; ++step) {
    size_t begin = zero - zero * size_t(step) / steps;
    size_t end = std::min(fine, zero + ((fine - zero) * size_t(step) + steps - 1) / steps);
    if (end - begin < levels)
      continue;
    if (double candidate = roundedDivergence(seen, begin, end, levels); candidate < least) {
      least = candidate;
      best = {std::min(0.0, low * step / steps), std::max(0.0, high * step / steps)};
    }
  }
  // No narrower than the bins can tell.
  return best.second - best.first > width ? best : std::pair(low, high);
}

std::pair<double, double> Histogram::range(RangeMethod method, double percentile,
                                           unsigned bits) const {
  if (others == 0)
    return {0, 0};
  switch (method) {
  case RangeMethod::MinMax:
    return {low, high};
  case RangeMethod::Percentile:
    return percentileRange(percentile);
  case RangeMethod::Mse:
    return mseRange(bits);
  case RangeMethod::Entropy:
    return entropyRange(bits);
  }
  return {low, high};
}
