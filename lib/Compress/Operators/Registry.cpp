//===- Registry.cpp - the table of operators ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

#include <map>

namespace pim::compress {

const Tensor &Call::input(size_t index) const {
  if (!has(index))
    node.fail("input ", index, " is missing");
  return inputs[index];
}

std::vector<int64_t> Call::list(size_t index) const {
  const Tensor &value = input(index);
  if (!at::isIntegralType(value.scalar_type(), false) || value.dim() > 1)
    node.fail("input ", index, " is no list of integers");
  Tensor flat = value.to(at::kLong).reshape({-1}).contiguous();
  return {flat.data_ptr<int64_t>(), flat.data_ptr<int64_t>() + flat.numel()};
}

int64_t Call::axis(int64_t axis, int64_t rank) const {
  if (axis < -rank || axis >= rank)
    node.fail("axis is ", axis, ", expected ", -rank, " to ", rank - 1);
  return axis < 0 ? axis + rank : axis;
}

static const std::map<std::string, Operator> &table() {
  static const std::map<std::string, Operator> entries = [] {
    std::map<std::string, Operator> result;
    for (std::span<const OperatorEntry> family :
         {activationOperators(), convolutionOperators(), elementwiseOperators(), matrixOperators(),
          normalizationOperators(), poolingOperators(), quantizationOperators(),
          reductionOperators(), shapeOperators()})
      for (const OperatorEntry &entry : family)
        result.emplace(entry.name, entry.function);
    return result;
  }();
  return entries;
}

Operator findOperator(const std::string &name) {
  auto entry = table().find(name);
  return entry == table().end() ? nullptr : entry->second;
}

std::string operatorNames() {
  std::string names;
  for (const auto &[name, function] : table())
    names += (names.empty() ? "" : ", ") + name;
  return names;
}

} // namespace pim::compress
