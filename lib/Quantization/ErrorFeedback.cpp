//===- ErrorFeedback.cpp - rounding that makes good ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With H the sum of x*x^T over the inputs, the least that rounding weight k costs is made good by
// taking (w_k - q_k) * U_kj / U_kk from the weights j behind it, where H^-1 = U^T U (Frantar et
// al., 2022). Tested by unittests/Quantization/WeightCodingTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "ErrorFeedback.h"

#include <algorithm>
#include <cmath>

using namespace mlir::pim;
namespace codes = ::pim::codes;

/// Part of the mean of H's diagonal that is added to it, so that it can be inverted (GPTQ's value).
static constexpr double damping = 0.01;

VectorMoments::VectorMoments(int64_t rows, bool isFull)
    : rows(rows), isFull(isFull), products(size_t(isFull ? rows * rows : rows)),
      sums(size_t(rows)) {}

void VectorMoments::add(std::span<const float> x) {
  ++count;
  for (int64_t i = 0; i < rows; ++i) {
    float value = x[size_t(i)];
    sums[size_t(i)] += value;
    if (value == 0)
      continue;
    if (!isFull) {
      products[size_t(i)] += value * value;
      continue;
    }
    float *row = products.data() + i * rows;
    for (int64_t j = i; j < rows; ++j)
      row[j] += value * x[size_t(j)];
  }
}

double VectorMoments::product(int64_t i, int64_t j) const {
  if (!isFull)
    return i == j ? products[size_t(i)] : 0;
  return products[size_t(std::min(i, j) * rows + std::max(i, j))];
}

ErrorFeedback::ErrorFeedback(const VectorMoments &moments)
    : moments(moments), diagonal(size_t(moments.rows), 1.0) {
  if (moments.count == 0)
    return;
  double mean = 0;
  for (int64_t i = 0; i < moments.rows; ++i)
    mean += moments.product(i, i) / double(moments.rows);
  if (mean == 0)
    return;
  for (int64_t i = 0; i < moments.rows; ++i)
    diagonal[size_t(i)] = moments.product(i, i) + damping * mean;
  if (moments.isFull)
    factorize();
}

/// With P the reversal of the inputs, P H P = L L^T gives H^-1 = P L^-T L^-1 P = U^T U for
/// U = P L^-1 P, which is upper.
void ErrorFeedback::factorize() {
  int64_t n = moments.rows;
  std::vector<double> lower(size_t(n * n));
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j <= i; ++j) {
      int64_t a = n - 1 - i, b = n - 1 - j;
      double sum = i == j ? diagonal[size_t(a)] : moments.product(a, b);
      const double *left = lower.data() + i * n, *right = lower.data() + j * n;
      for (int64_t k = 0; k < j; ++k)
        sum -= left[k] * right[k];
      if (i == j && !(sum > 0))
        return; // not positive: the inputs are then taken as uncorrelated
      lower[size_t(i * n + j)] = i == j ? std::sqrt(sum) : sum / right[j];
    }
  // Row i of L^-1 solves r L = e_i, from entry i down.
  std::vector<double> inverse(size_t(n * n));
  for (int64_t i = 0; i < n; ++i) {
    double *row = inverse.data() + i * n;
    row[i] = 1;
    for (int64_t m = i; m >= 0; --m) {
      const double *of = lower.data() + m * n;
      row[m] /= of[m];
      for (int64_t k = 0; k < m; ++k)
        row[k] -= row[m] * of[k];
    }
  }
  spread.resize(size_t(n * n));
  for (int64_t k = 0; k < n; ++k) {
    const double *row = inverse.data() + (n - 1 - k) * n;
    double own = row[n - 1 - k];
    for (int64_t j = k + 1; j < n; ++j)
      spread[size_t(k * n + j)] = float(row[n - 1 - j] / own);
  }
}

/// A grid below the scale at which nothing is clipped, by error weighted with the inputs' energy.
double ErrorFeedback::findScale(const codes::LevelSet &levels,
                                std::span<const float> weights) const {
  float largest = 0;
  for (float weight : weights)
    largest = std::max(largest, std::abs(weight));
  if (largest == 0)
    return 1;
  constexpr int steps = 24;
  double best = 1, bestError = -1;
  for (int step = 0; step < steps; ++step) {
    double scale = double(largest) / levels.largest() * (1 - 0.03 * step), error = 0;
    for (size_t i = 0; i < weights.size(); ++i) {
      double off = weights[i] - scale * levels.nearest(weights[i] / scale);
      error += off * off * diagonal[i];
    }
    if (bestError < 0 || error < bestError) {
      best = scale;
      bestError = error;
    }
  }
  return best;
}

CodedRow ErrorFeedback::round(const codes::LevelSet &levels, std::span<const float> weights,
                              bool keepZeros, double scale) const {
  CodedRow row{scale > 0 ? scale : findScale(levels, weights), {}};
  row.integers.resize(weights.size());
  std::vector<float> wanted(weights.begin(), weights.end());
  size_t n = weights.size();
  for (size_t k = 0; k < n; ++k) {
    int32_t integer = 0;
    if (!(keepZeros && weights[k] == 0))
      integer = levels.nearest(wanted[k] / row.scale);
    row.integers[k] = integer;
    if (spread.empty())
      continue;
    float error = float(wanted[k] - row.scale * integer);
    const float *to = spread.data() + k * n;
    for (size_t j = k + 1; j < n; ++j)
      wanted[j] -= error * to[j];
  }
  return row;
}

double ErrorFeedback::energy(std::span<const float> weights, const CodedRow *coded) const {
  size_t n = weights.size();
  std::vector<double> error(n);
  for (size_t i = 0; i < n; ++i)
    error[i] = weights[i] - (coded ? coded->scale * coded->integers[i] : 0);
  double sum = 0;
  for (size_t i = 0; i < n; ++i) {
    if (error[i] == 0)
      continue;
    sum += error[i] * error[i] * diagonal[i];
    if (!spread.empty())
      for (size_t j = i + 1; j < n; ++j)
        sum += 2 * error[i] * error[j] * moments.product(int64_t(i), int64_t(j));
  }
  return sum;
}
