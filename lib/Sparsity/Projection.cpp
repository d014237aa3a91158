//===- Projection.cpp - projection on, and recognition of, patterns ------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Sparsity/Projection.h"
#include "Selection.h"
#include "pim/Sparsity/PatternSpec.h"

#include <algorithm>

using namespace pim;
using namespace pim::sparsity;

std::optional<std::string> pim::sparsity::misfit(const Pattern &pattern, const WeightShape &shape) {
  return std::visit([&](const auto &kind) { return kind.misfit(shape); }, pattern);
}

static Mask nearestMask(const Pattern &pattern, const WeightView &weight) {
  return std::visit([&](const auto &kind) { return kind.nearestMask(weight); }, pattern);
}

Projection pim::sparsity::project(const std::vector<Pattern> &patterns, std::span<float> values,
                                  const WeightShape &shape) {
  if (shape.count() != int64_t(values.size()))
    fail("a weight of ", shape.filters, "x", shape.channels, "x", shape.kernelRows, "x",
         shape.kernelCols, " has ", shape.count(), " values, not ", values.size());
  Projection result;
  result.mask.assign(values.size(), 1);
  for (float value : values)
    result.energy += double(value) * value;
  for (const Pattern &pattern : patterns) {
    if (std::optional<std::string> reason = misfit(pattern, shape))
      fail("'", formatPattern(pattern), "': ", *reason);
    Mask mask = nearestMask(pattern, {values, shape});
    for (size_t i = 0; i < values.size(); ++i)
      if (!mask[i]) {
        result.removedEnergy += double(values[i]) * values[i];
        values[i] = 0;
        result.mask[i] = 0;
      }
  }
  result.kept = std::count(result.mask.begin(), result.mask.end(), 1);
  result.nonZeros = shape.count() - countZeros({values, shape});
  return result;
}

Projection pim::sparsity::project(const Pattern &pattern, std::span<float> values,
                                  const WeightShape &shape) {
  return project(std::vector<Pattern>{pattern}, values, shape);
}

bool pim::sparsity::satisfies(const Pattern &pattern, const WeightView &weight) {
  if (misfit(pattern, weight.shape))
    return false;
  Mask mask = nearestMask(pattern, weight);
  for (size_t i = 0; i < mask.size(); ++i)
    if (!mask[i] && weight.values[i] != 0)
      return false;
  return true;
}

/// Asks each alternative of the variant in turn.
template <size_t index = 0>
static void recognizeInto(std::vector<Recognition> &found, const WeightView &weight) {
  if constexpr (index < std::variant_size_v<Pattern>) {
    if (auto recognition = std::variant_alternative_t<index, Pattern>::recognize(weight))
      found.push_back(std::move(*recognition));
    recognizeInto<index + 1>(found, weight);
  }
}

std::vector<Recognition> pim::sparsity::recognize(const WeightView &weight) {
  std::vector<Recognition> found;
  recognizeInto(found, weight);
  std::stable_sort(found.begin(), found.end(), [](const Recognition &a, const Recognition &b) {
    return a.explained > b.explained;
  });
  return found;
}
