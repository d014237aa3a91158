//===- Histogram.h - the distribution of a tensor's values -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What calibration remembers of a tensor. Streaming: the memory is fixed, whatever the number of
// samples, and the result does not depend on how the values are cut into calls of add(). Tested by
// unittests/Quantization/HistogramTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_QUANTIZATION_HISTOGRAM_H
#define PIM_QUANTIZATION_HISTOGRAM_H

#include "pim/Quantization/Calibration.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mlir::pim {

/// Counts of values in equal bins over [-limit, limit], where limit is a power of two that doubles,
/// merging bins in pairs, whenever a value lies outside. Zeros are counted apart: they are exact in
/// every quantization.
class Histogram {
public:
  Histogram();

  /// Adds finite values. Returns the index of the first value that is not finite, and stops there;
  /// else -1.
  int64_t add(std::span<const float> values);

  uint64_t count() const { return zeros + others; }
  double minimum() const { return low; }
  double maximum() const { return high; }

  /// The range [low, high] to quantize to 2^bits integers, zero included.
  std::pair<double, double> range(RangeMethod method, double percentile, unsigned bits) const;

private:
  static constexpr size_t binCount = 4096;

  double binCentre(size_t bin) const;
  void widen(float magnitude);
  std::pair<double, double> percentileRange(double percentile) const;
  std::pair<double, double> mseRange(unsigned bits) const;
  std::pair<double, double> entropyRange(unsigned bits) const;

  std::vector<uint64_t> bins;
  int exponent; ///< limit = 2^exponent
  uint64_t zeros = 0, others = 0;
  double low = 0, high = 0;
};

} // namespace mlir::pim

#endif // PIM_QUANTIZATION_HISTOGRAM_H
