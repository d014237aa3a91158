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
#include <oneapi/dnnl/dnnl.h>

using namespace mlir::pim;

/// So many columns are factored, or rounded, one after the other; what they mean for the others is
/// a product of matrices.
static constexpr int64_t panelWidth = 64;

/// c = alpha * a * b + beta * c, row by row.
static void multiply(int64_t rows, int64_t columns, int64_t depth, float alpha, const float *a,
                     int64_t stepA, const float *b, int64_t stepB, float beta, float *c,
                     int64_t stepC) {
  if (rows > 0 && columns > 0 && depth > 0)
    dnnl_sgemm('N', 'N', rows, columns, depth, alpha, a, stepA, b, stepB, beta, c, stepC);
}

/// The upper triangular R with H = RR', in place of the symmetric H, from the last panel of columns
/// to the first. No pivot of H is below its smallest eigenvalue, which is at least `least`.
static void factorFromBelow(std::vector<float> &h, int64_t n, double least) {
  const double leastRoot = std::sqrt(least);
  for (int64_t begin = (n - 1) / panelWidth * panelWidth; begin >= 0; begin -= panelWidth) {
    const int64_t end = std::min(begin + panelWidth, n);
    float *panel = h.data() + begin;
    if (end < n) // what the columns behind leave of these
      dnnl_sgemm('N', 'T', end, end - begin, n - end, -1, h.data() + end, n,
                 h.data() + begin * n + end, n, 1, panel, n);
    for (int64_t j = end - begin - 1; j >= 0; --j) {
      float *rowJ = panel + (begin + j) * n;
      for (int64_t i = begin + j; i >= 0; --i) {
        float *rowI = panel + i * n;
        double sum = rowI[j];
        for (int64_t k = j + 1; k < end - begin; ++k)
          sum -= double(rowI[k]) * rowJ[k];
        bool isPivot = i == begin + j;
        rowI[j] =
            float(isPivot ? std::max(std::sqrt(std::max(sum, 0.0)), leastRoot) : sum / rowJ[j]);
      }
    }
  }
  for (int64_t i = 1; i < n; ++i)
    std::fill_n(h.begin() + i * n, i, 0.0f);
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
  const double added = damping * trace / double(size);
  factor.resize(size_t(size * size));
  for (int64_t i = 0; i < size; ++i)
    for (int64_t j = 0; j < size; ++j)
      factor[size_t(i * size + j)] =
          float(second[size_t(order[size_t(i)] * size + order[size_t(j)])] + (i == j ? added : 0));
  factorFromBelow(factor, size, added);
}

static int32_t levelOf(const ::pim::codes::LevelSet &levels, float weight, double wanted,
                       double scale) {
  bool staysZero = weight == 0 && levels.hasZero();
  return staysZero ? 0 : levels.nearest(wanted / scale);
}

/// Each weight by itself.
void AdaptiveRounder::roundAlone(const ::pim::codes::LevelSet &levels, const Rows &weights,
                                 std::span<const double> scales, std::span<int32_t> integers,
                                 std::span<double> errors) const {
  for (int64_t row = 0; row < weights.count; ++row)
    for (int64_t i = 0; i < size; ++i) {
      float weight = weights.row(row)[i];
      int32_t level = levelOf(levels, weight, weight, scales[size_t(row)]);
      double miss = weight - scales[size_t(row)] * level;
      errors[size_t(row)] += miss * miss;
      integers[size_t(row * weights.step + i)] = level;
    }
}

void AdaptiveRounder::round(const ::pim::codes::LevelSet &levels, const Rows &weights,
                            std::span<const double> scales, std::span<int32_t> integers,
                            std::span<double> errors) const {
  if (order.empty())
    return roundAlone(levels, weights, scales, integers, errors);
  std::vector<float> misses(size_t(weights.count * size));      // d, in the order of the factor
  std::vector<float> terms(size_t(weights.count * panelWidth)); // of R'd, as far as d is known
  for (int64_t begin = 0; begin < size; begin += panelWidth) {
    const int64_t width = std::min(panelWidth, size - begin);
    std::fill(terms.begin(), terms.end(), 0.0f);
    multiply(weights.count, width, begin, 1, misses.data(), size, factor.data() + begin, size, 0,
             terms.data(), panelWidth);
    for (int64_t row = 0; row < weights.count; ++row) {
      const double scale = scales[size_t(row)];
      float *term = terms.data() + row * panelWidth;
      for (int64_t i = 0; i < width; ++i) {
        const float *factors = factor.data() + (begin + i) * size + begin;
        const int64_t index = order[size_t(begin + i)];
        const float weight = weights.row(row)[index];
        int32_t level = levelOf(levels, weight, weight + term[i] / factors[i], scale);
        auto miss = float(weight - scale * level);
        double rest = term[i] + miss * factors[i];
        errors[size_t(row)] += rest * rest;
        integers[size_t(row * weights.step + index)] = level;
        misses[size_t(row * size + begin + i)] = miss;
        for (int64_t j = i + 1; j < width; ++j)
          term[j] += miss * factors[j];
      }
    }
  }
}

double AdaptiveRounder::energy(const Rows &weights) const {
  double sum = 0;
  if (order.empty()) {
    for (int64_t row = 0; row < weights.count; ++row)
      for (int64_t i = 0; i < size; ++i)
        sum += double(weights.row(row)[i]) * weights.row(row)[i];
    return sum;
  }
  std::vector<float> ordered(size_t(weights.count * size));
  for (int64_t row = 0; row < weights.count; ++row)
    for (int64_t i = 0; i < size; ++i)
      ordered[size_t(row * size + i)] = weights.row(row)[order[size_t(i)]];
  std::vector<float> terms(size_t(weights.count * panelWidth));
  for (int64_t begin = 0; begin < size; begin += panelWidth) {
    const int64_t end = std::min(begin + panelWidth, size);
    std::fill(terms.begin(), terms.end(), 0.0f);
    multiply(weights.count, end - begin, end, 1, ordered.data(), size, factor.data() + begin, size,
             0, terms.data(), panelWidth);
    for (float term : terms)
      sum += double(term) * term;
  }
  return sum;
}
