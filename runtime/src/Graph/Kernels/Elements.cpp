//===- Elements.cpp - loops over elements ---------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"

#include <algorithm>

using namespace pim::graph;

Broadcast pim::graph::bindBroadcast(const Binding &op, size_t operands) {
  const Shape &result = op.output().shape;
  Broadcast broadcast;
  std::array<Shape, Broadcast::maxOperands> strides;
  for (size_t k = 0; k < Broadcast::maxOperands; ++k) {
    strides[k].assign(result.size(), 0);
    if (k >= operands)
      continue;
    const Shape &shape = op.input(k).shape;
    bool fits = shape.size() == result.size();
    int64_t stride = 1;
    for (size_t d = result.size(); fits && d-- > 0;) {
      if (shape[d] == result[d])
        strides[k][d] = shape[d] == 1 ? 0 : stride;
      else
        fits = shape[d] == 1;
      stride *= shape[d];
    }
    if (!fits)
      op.fail("operand ", k, " of shape ", shapeText(shape), " does not broadcast to the result ",
              shapeText(result), "; ranks must be equal and sizes equal or 1");
  }
  // From the innermost out: a dimension of size 1 vanishes, one that continues the last in every
  // operand joins it.
  for (size_t d = result.size(); d-- > 0;) {
    if (result[d] == 1)
      continue;
    bool joins = !broadcast.sizes.empty();
    for (size_t k = 0; joins && k < operands; ++k)
      joins = strides[k][d] == broadcast.strides[k].back() * broadcast.sizes.back();
    if (joins) {
      broadcast.sizes.back() *= result[d];
      continue;
    }
    broadcast.sizes.push_back(result[d]);
    for (size_t k = 0; k < Broadcast::maxOperands; ++k)
      broadcast.strides[k].push_back(strides[k][d]);
  }
  if (broadcast.sizes.empty()) {
    broadcast.sizes = {1};
    for (auto &list : broadcast.strides)
      list = {0};
  }
  std::reverse(broadcast.sizes.begin(), broadcast.sizes.end());
  for (auto &list : broadcast.strides)
    std::reverse(list.begin(), list.end());
  return broadcast;
}
