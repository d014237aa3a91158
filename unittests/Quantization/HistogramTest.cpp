//===- HistogramTest.cpp - the distribution of a tensor's values ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/Histogram.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

using namespace mlir::pim;

namespace {

std::vector<float> normalValues(size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> distribution;
  std::vector<float> values(count);
  for (float &value : values)
    value = distribution(random);
  return values;
}

TEST(Histogram, MinMaxIsTheRangeSeenWithZero) {
  Histogram histogram;
  histogram.add(std::vector<float>{0.5f, 3.0f, 2.0f});
  auto [low, high] = histogram.range(RangeMethod::MinMax, 100, 8);
  EXPECT_EQ(low, 0);
  EXPECT_EQ(high, 3);
}

TEST(Histogram, DoesNotDependOnHowValuesArrive) {
  std::vector<float> values = normalValues(5000, 3);
  values.push_back(1e6f);
  values.push_back(-1e-30f);
  Histogram whole, pieces;
  whole.add(values);
  // Backwards, and one at a time: the widest value comes first.
  for (size_t i = values.size(); i-- > 0;)
    pieces.add(std::span(&values[i], 1));
  for (auto method :
       {RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::Mse, RangeMethod::Entropy})
    EXPECT_EQ(whole.range(method, 99, 8), pieces.range(method, 99, 8));
  EXPECT_EQ(whole.count(), pieces.count());
}

TEST(Histogram, PercentileCutsTheTails) {
  std::vector<float> values = normalValues(100000, 4);
  values.push_back(1000);
  Histogram histogram;
  histogram.add(values);
  auto [low, high] = histogram.range(RangeMethod::Percentile, 99, 8);
  EXPECT_NEAR(low, -2.58, 0.6); // the outlier makes the bins half a unit wide
  EXPECT_NEAR(high, 2.58, 0.6);
}

/// Mean squared error of quantizing `values` with 2^bits steps over a range.
double quantizationError(const std::vector<float> &values, std::pair<double, double> range,
                         unsigned bits) {
  double step = (range.second - range.first) / (std::exp2(bits) - 1), error = 0;
  for (double value : values) {
    double clipped = std::clamp(value, range.first, range.second);
    double rounded = range.first + std::round((clipped - range.first) / step) * step;
    error += (value - rounded) * (value - rounded);
  }
  return error / double(values.size());
}

TEST(Histogram, MseRangeBeatsMinMaxAtFewBits) {
  std::vector<float> values = normalValues(50000, 5);
  Histogram histogram;
  histogram.add(values);
  for (unsigned bits = 2; bits <= 8; ++bits) {
    auto best = histogram.range(RangeMethod::Mse, 100, bits);
    auto widest = histogram.range(RangeMethod::MinMax, 100, bits);
    EXPECT_LE(quantizationError(values, best, bits),
              quantizationError(values, widest, bits) * 1.001)
        << bits;
  }
  auto four = histogram.range(RangeMethod::Mse, 100, 4);
  EXPECT_LT(four.second, 3.2); // about 2.6 sigma is the known optimum of sixteen levels
}

TEST(Histogram, EntropyRangeCutsOutliersAndKeepsTheBulk) {
  std::vector<float> values = normalValues(50000, 6);
  values.push_back(12);
  Histogram histogram;
  histogram.add(values);
  auto [low, high] = histogram.range(RangeMethod::Entropy, 100, 4);
  EXPECT_GT(high, 2);
  EXPECT_LT(high, 11);
  EXPECT_LT(low, -1);
}

TEST(Histogram, EntropyRangeOfAFlatDistributionIsAllOfIt) {
  std::vector<float> values;
  for (int i = 1; i <= 20000; ++i)
    values.push_back(float(i) / 20000);
  Histogram histogram;
  histogram.add(values);
  auto [low, high] = histogram.range(RangeMethod::Entropy, 100, 8);
  EXPECT_EQ(low, 0);
  EXPECT_NEAR(high, 1, 0.03);
}

TEST(Histogram, StopsAtTheFirstValueThatIsNotFinite) {
  Histogram histogram;
  std::vector<float> values{1, 2, std::numeric_limits<float>::quiet_NaN(), 3};
  EXPECT_EQ(histogram.add(values), 2);
  values[2] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(histogram.add(values), 2);
}

TEST(Histogram, OfZerosHasNoRange) {
  Histogram histogram;
  histogram.add(std::vector<float>(10, 0.0f));
  for (auto method :
       {RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::Mse, RangeMethod::Entropy})
    EXPECT_EQ(histogram.range(method, 99, 8), (std::pair<double, double>{0, 0}));
}

TEST(Histogram, TakesTheExtremesOfFloat) {
  Histogram histogram;
  float largest = std::numeric_limits<float>::max(),
        least = std::numeric_limits<float>::denorm_min();
  EXPECT_EQ(histogram.add(std::vector<float>{least, -largest, largest, 1}), -1);
  EXPECT_EQ(histogram.range(RangeMethod::MinMax, 100, 8).second, largest);
  EXPECT_TRUE(std::isfinite(histogram.range(RangeMethod::Mse, 100, 8).second));
}

} // namespace
