//===- Softmax.cpp - softmax and its kin ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

#include <cmath>

using namespace pim;
using namespace pim::onnx;

/// Before opset 13 the operand is seen as a matrix whose rows begin at `axis`, by default 1.
static AxisView rowsOf(const Call &call, const Tensor &in) {
  bool matrix = call.opset() < 13;
  int64_t given = call.integer("axis", matrix ? 1 : -1);
  if (matrix && given == in.rank())
    return AxisView({in.count(), 1}, 1);
  int64_t axis = call.axis(given, in.rank());
  AxisView view(in.shape(), axis);
  if (matrix) {
    view.size *= view.inner;
    view.inner = 1;
  }
  return view;
}

template <typename Row> static void mapRows(Call &call, Row &&row) {
  const Tensor &in = call.in(0);
  call.require(isFloat(in.element()), "operand 0 is not of floats");
  Tensor &out = call.out(0, in.element(), in.shape());
  AxisView view = rowsOf(call, in);
  visitFloat(in.element(), [&]<typename W>(W) {
    Reader<W> from(in);
    Writer<W> to(out);
    for (int64_t o = 0; o < view.outer; ++o)
      for (int64_t i = 0; i < view.inner; ++i) {
        int64_t start = o * view.size * view.inner + i;
        row(from.data() + start, to.data() + start, view.size, view.inner);
      }
  });
}

template <typename W> static W largestOf(const W *row, int64_t size, int64_t step) {
  W largest = -std::numeric_limits<W>::infinity();
  for (int64_t j = 0; j < size; ++j)
    largest = std::max(largest, row[j * step]);
  return std::isinf(largest) ? W(0) : largest;
}

static void softmax(Call &call) {
  mapRows(call, []<typename W>(const W *from, W *to, int64_t size, int64_t step) {
    W largest = largestOf(from, size, step), total = 0;
    for (int64_t j = 0; j < size; ++j)
      total += to[j * step] = std::exp(from[j * step] - largest);
    for (int64_t j = 0; j < size; ++j)
      to[j * step] /= total;
  });
}

static void logSoftmax(Call &call) {
  mapRows(call, []<typename W>(const W *from, W *to, int64_t size, int64_t step) {
    W largest = largestOf(from, size, step), total = 0;
    for (int64_t j = 0; j < size; ++j)
      total += std::exp(from[j * step] - largest);
    W shift = largest + std::log(total);
    for (int64_t j = 0; j < size; ++j)
      to[j * step] = from[j * step] - shift;
  });
}

/// 1 at the first of the largest, 0 elsewhere.
static void hardmax(Call &call) {
  mapRows(call, []<typename W>(const W *from, W *to, int64_t size, int64_t step) {
    int64_t best = 0;
    for (int64_t j = 0; j < size; ++j) {
      to[j * step] = 0;
      if (from[j * step] > from[best * step])
        best = j;
    }
    if (size)
      to[best * step] = 1;
  });
}

void pim::onnx::addSoftmax(Registry &registry) {
  registry.add("Hardmax", hardmax);
  registry.add("LogSoftmax", logSoftmax);
  registry.add("Softmax", softmax);
}
