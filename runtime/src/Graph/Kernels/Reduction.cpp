//===- Reduction.cpp - operators that fold one dimension ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Integers.h"
#include "Kernels.h"

#include <cmath>
#include <limits>

using namespace pim;
using namespace pim::graph;

namespace {

/// A tensor seen as [outer, size, inner], folded over `size`.
struct Fold {
  int64_t outer, size, inner;
};

Fold bindFold(const Binding &op) {
  op.expectOperands(1);
  const Shape &shape = op.input(0).shape;
  size_t axis = op.axis();
  if (shape[axis] < 1)
    op.fail("folds an empty dimension of ", shapeText(shape));
  return {elementCount(std::span(shape).first(axis)), shape[axis],
          elementCount(std::span(shape).subspan(axis + 1))};
}

/// result = finish(f(... f(f(initial, x0), x1) ...)), computed in type Sum.
template <typename T, typename Sum, typename Function>
Step foldStep(const Fold &fold, Sum initial, Function f) {
  return [=](const Buffers &buffers) {
    const T *in = buffers.in<T>(0);
    T *out = buffers.out<T>();
    for (int64_t o = 0; o < fold.outer; ++o)
      for (int64_t i = 0; i < fold.inner; ++i) {
        Sum sum = initial;
        for (int64_t k = 0; k < fold.size; ++k)
          sum = f(sum, in[(o * fold.size + k) * fold.inner + i]);
        *out++ = static_cast<T>(sum);
      }
  };
}

template <typename T> T chooseGreater(T best, T x, bool ignoreNan) {
  if constexpr (std::is_floating_point_v<T>)
    if (std::isnan(x) || std::isnan(best))
      return ignoreNan ? (std::isnan(x) ? best : x) : std::numeric_limits<T>::quiet_NaN();
  return x > best ? x : best;
}

template <typename T> Step reduceNumbers(const Binding &op, const Fold &fold) {
  // Float sums are kept in double, so that the reference is better than what it is compared with.
  using Sum = std::conditional_t<std::is_floating_point_v<T>, double, T>;
  if (op.code() == "tosa.reduce_sum")
    return foldStep<T, Sum>(fold, 0, [](Sum sum, T x) { return wrappingAdd<Sum>(sum, x); });
  if (op.code() == "tosa.reduce_product")
    return foldStep<T, Sum>(fold, 1, [](Sum sum, T x) { return wrappingMul<Sum>(sum, x); });
  bool ignoreNan = op.text("nan_mode", "PROPAGATE") == "IGNORE";
  constexpr bool isFloat = std::is_floating_point_v<T>;
  constexpr T most = isFloat ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::max();
  constexpr T least = isFloat ? -most : std::numeric_limits<T>::lowest();
  if (op.code() == "tosa.reduce_max")
    return foldStep<T, T>(fold, least, [=](T a, T b) { return chooseGreater(a, b, ignoreNan); });
  if (op.code() == "tosa.reduce_min")
    return foldStep<T, T>(fold, most, [=](T a, T b) {
      if constexpr (isFloat)
        return -chooseGreater(-a, -b, ignoreNan);
      else
        return b < a ? b : a;
    });
  op.failElement();
}

Step reduceBooleans(const Binding &op, const Fold &fold) {
  if (op.code() == "tosa.reduce_all")
    return foldStep<uint8_t, uint8_t>(fold, 1,
                                      [](uint8_t a, uint8_t b) -> uint8_t { return a && b; });
  if (op.code() == "tosa.reduce_any")
    return foldStep<uint8_t, uint8_t>(fold, 0,
                                      [](uint8_t a, uint8_t b) -> uint8_t { return a || b; });
  op.failElement();
}

template <typename T> Step argMaxStep(const Fold &fold, bool ignoreNan) {
  return [=](const Buffers &buffers) {
    const T *in = buffers.in<T>(0);
    int32_t *out = buffers.out<int32_t>();
    for (int64_t o = 0; o < fold.outer; ++o)
      for (int64_t i = 0; i < fold.inner; ++i) {
        auto at = [&](int64_t k) { return in[(o * fold.size + k) * fold.inner + i]; };
        int64_t best = 0;
        for (int64_t k = 1; k < fold.size; ++k) {
          bool bestIsNan = at(best) != at(best), isNan = at(k) != at(k);
          bool better =
              isNan ? !ignoreNan && !bestIsNan : (bestIsNan ? ignoreNan : at(k) > at(best));
          if (better)
            best = k;
        }
        *out++ = static_cast<int32_t>(best);
      }
  };
}

} // namespace

Step pim::graph::prepareReduce(const Binding &op) {
  Fold fold = bindFold(op);
  Shape result = op.input(0).shape;
  result[op.axis()] = 1;
  op.expectOutputShape(result);
  op.expectElement(op.output(), op.input(0).element, "the result");
  switch (op.input(0).element) {
  case ElementType::I1:
    return reduceBooleans(op, fold);
  case ElementType::I8:
    return reduceNumbers<int8_t>(op, fold);
  case ElementType::I16:
    return reduceNumbers<int16_t>(op, fold);
  case ElementType::I32:
    return reduceNumbers<int32_t>(op, fold);
  case ElementType::I64:
    return reduceNumbers<int64_t>(op, fold);
  case ElementType::F32:
    return reduceNumbers<float>(op, fold);
  default:
    op.failElement();
  }
}

Step pim::graph::prepareArgMax(const Binding &op) {
  Fold fold = bindFold(op);
  Shape result = op.input(0).shape;
  result.erase(result.begin() + static_cast<std::ptrdiff_t>(op.axis()));
  op.expectOutputShape(result);
  op.expectElement(op.output(), ElementType::I32, "the result");
  bool ignoreNan = op.text("nan_mode", "PROPAGATE") == "IGNORE";
  switch (op.input(0).element) {
  case ElementType::I8:
    return argMaxStep<int8_t>(fold, ignoreNan);
  case ElementType::I16:
    return argMaxStep<int16_t>(fold, ignoreNan);
  case ElementType::I32:
    return argMaxStep<int32_t>(fold, ignoreNan);
  case ElementType::F32:
    return argMaxStep<float>(fold, ignoreNan);
  default:
    op.failElement();
  }
}
