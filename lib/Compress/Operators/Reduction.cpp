//===- Reduction.cpp - ReduceMean, ReduceSum, ReduceMax -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

namespace pim::compress {

/// Axes are an attribute or input 1; none: all.
static std::vector<int64_t> axesOf(const Call &call) {
  std::vector<int64_t> axes = call.has(1) ? call.list(1) : call.node.integers("axes");
  int64_t rank = call.input(0).dim();
  for (int64_t &axis : axes)
    axis = call.axis(axis, rank);
  if (axes.empty() && !call.node.integer("noop_with_empty_axes", 0))
    for (int64_t axis = 0; axis < rank; ++axis)
      axes.push_back(axis);
  return axes;
}

template <Tensor (*reduce)(const Tensor &, const std::vector<int64_t> &, bool)>
static std::vector<Tensor> reduction(Call &call) {
  std::vector<int64_t> axes = axesOf(call);
  if (axes.empty())
    return {call.input(0)};
  return {reduce(call.input(0), axes, call.node.integer("keepdims", 1) != 0)};
}

static Tensor mean(const Tensor &x, const std::vector<int64_t> &axes, bool keep) {
  return x.mean(axes, keep);
}
static Tensor sum(const Tensor &x, const std::vector<int64_t> &axes, bool keep) {
  return x.sum(axes, keep);
}
static Tensor max(const Tensor &x, const std::vector<int64_t> &axes, bool keep) {
  return x.amax(axes, keep);
}

std::span<const OperatorEntry> reductionOperators() {
  static const OperatorEntry entries[] = {{"ReduceMax", reduction<max>},
                                          {"ReduceMean", reduction<mean>},
                                          {"ReduceSum", reduction<sum>}};
  return entries;
}

} // namespace pim::compress
