//===- Irregular.cpp - zeros anywhere ------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"
#include "pim/Support/SpecText.h"

#include <cmath>

using namespace pim;
using namespace pim::sparsity;

Irregular Irregular::parse(std::string_view argument) { return {parseShare(name, argument)}; }

std::string Irregular::argument() const { return formatReal(dropped); }

Mask Irregular::nearestMask(const WeightView &weight) const {
  std::vector<double> magnitudes;
  magnitudes.reserve(weight.values.size());
  for (float value : weight.values)
    magnitudes.push_back(std::abs(value));
  Mask mask(weight.values.size(), 0);
  for (int64_t index : largest(magnitudes, std::llround(double(mask.size()) * (1 - dropped))))
    mask[size_t(index)] = 1;
  return mask;
}

std::optional<Recognition> Irregular::recognize(const WeightView &weight) {
  int64_t zeros = countZeros(weight);
  if (zeros == 0 || zeros == weight.shape.count())
    return std::nullopt;
  return Recognition{Irregular{double(zeros) / double(weight.shape.count())}, 1.0};
}
