//===- AdaptiveRounding.cpp - rounding that corrects itself --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AdaptiveRounding.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace mlir::pim;

/// The upper triangular R with H = R R', in place of the upper triangle of H, from the last row up.
static void factorFromBelow(std::vector<double> &h, int64_t n) {
  for (int64_t j = n - 1; j >= 0; --j) {
    double *rowJ = h.data() + j * n;
    for (int64_t i = j; i >= 0; --i) {
      double *rowI = h.data() + i * n;
      double sum = rowI[j];
      for (int64_t k = j + 1; k < n; ++k)
        sum -= rowI[k] * rowJ[k];
      rowI[j] = i == j ? std::sqrt(std::max(sum, 1e-30)) : sum / rowJ[j];
    }
  }
}

/// The inverse of the upper triangular R.
static std::vector<double> invertUpper(const std::vector<double> &r, int64_t n) {
  std::vector<double> inverse(size_t(n * n), 0.0);
  for (int64_t i = n - 1; i >= 0; --i) {
    double *rowI = inverse.data() + i * n;
    double reciprocal = 1 / r[size_t(i * n + i)];
    for (int64_t k = i + 1; k < n; ++k) {
      double factor = -reciprocal * r[size_t(i * n + k)];
      const double *rowK = inverse.data() + k * n;
      for (int64_t j = k; j < n; ++j)
        rowI[j] += factor * rowK[j];
    }
    rowI[i] = reciprocal;
  }
  return inverse;
}

AdaptiveRounder::AdaptiveRounder(std::span<const float> second, int64_t size) : size(size) {
  auto own = [&](int64_t i) { return second[size_t(i * size + i)]; };
  double trace = 0;
  for (int64_t i = 0; i < size && !second.empty(); ++i)
    trace += own(i);
  if (trace <= 0)
    return;
  order.resize(size_t(size));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return own(a) > own(b); });
  double added = damping * trace / double(size);
  damped.resize(size_t(size * size));
  for (int64_t i = 0; i < size; ++i)
    for (int64_t j = 0; j < size; ++j)
      damped[size_t(i * size + j)] =
          second[size_t(order[size_t(i)] * size + order[size_t(j)])] + (i == j ? added : 0);
  std::vector<double> factor = damped;
  factorFromBelow(factor, size);
  std::vector<double> inverse = invertUpper(factor, size);
  upper.resize(inverse.size());
  for (int64_t i = 0; i < size; ++i) {
    diagonal.push_back(inverse[size_t(i * size + i)]);
    for (int64_t j = i; j < size; ++j)
      upper[size_t(i * size + j)] = float(inverse[size_t(i * size + j)] / diagonal.back());
  }
}

double AdaptiveRounder::round(const ::pim::codes::LevelSet &levels, std::span<const float> weights,
                              double scale, std::span<int32_t> integers) const {
  auto levelOf = [&](int64_t index, double wanted) {
    bool staysZero = weights[size_t(index)] == 0 && levels.hasZero();
    return staysZero ? 0 : levels.nearest(wanted / scale);
  };
  if (order.empty()) {
    for (int64_t i = 0; i < size; ++i)
      integers[size_t(i)] = levelOf(i, weights[size_t(i)]);
    return outputError(weights, scale, integers);
  }
  std::vector<float> moved;
  for (int64_t index : order)
    moved.push_back(weights[size_t(index)]);
  double error = 0;
  for (int64_t i = 0; i < size; ++i) {
    int64_t index = order[size_t(i)];
    int32_t level = levelOf(index, moved[size_t(i)]);
    integers[size_t(index)] = level;
    auto miss = float(moved[size_t(i)] - scale * level);
    double scaled = miss / diagonal[size_t(i)];
    error += scaled * scaled;
    const float *row = upper.data() + i * size;
    for (int64_t j = i + 1; j < size; ++j)
      moved[size_t(j)] -= miss * row[j];
  }
  return error;
}

double AdaptiveRounder::outputError(std::span<const float> weights, double scale,
                                    std::span<const int32_t> integers) const {
  double error = 0;
  if (order.empty()) {
    for (size_t i = 0; i < weights.size(); ++i) {
      double miss = weights[i] - scale * integers[i];
      error += miss * miss;
    }
    return error;
  }
  std::vector<double> misses;
  for (int64_t index : order)
    misses.push_back(weights[size_t(index)] - scale * integers[size_t(index)]);
  for (int64_t i = 0; i < size; ++i)
    for (int64_t j = 0; j < size; ++j)
      error += misses[size_t(i)] * misses[size_t(j)] * damped[size_t(i * size + j)];
  return error;
}
