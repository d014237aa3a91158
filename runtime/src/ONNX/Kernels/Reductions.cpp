//===- Reductions.cpp - one value from many -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

#include <cmath>
#include <limits>

using namespace pim;
using namespace pim::onnx;

namespace {

/// The dimensions that a reduction keeps and those it folds.
struct Folding {
  Shape result;  ///< with the folded dimensions as the operator wants them
  Shape shape;   ///< kept dimensions, then folded ones
  Shape strides; ///< of the operand, in that order
  int64_t kept = 1, folded = 1;
};

/// Axes are an attribute before opset 18 (13 for ReduceSum), an operand from then on.
Folding bindFolding(const Call &call, const Tensor &in) {
  std::vector<int64_t> axes = call.has(1) ? call.ints(1) : call.intList("axes");
  axes = call.axes(axes, in.rank());
  bool keep = call.integer("keepdims", 1);
  std::vector<bool> fold(in.rank(), axes.empty());
  if (axes.empty() && call.integer("noop_with_empty_axes", 0))
    fold.assign(in.rank(), false);
  for (int64_t axis : axes)
    fold[axis] = true;
  Folding folding;
  Shape own = rowMajorStrides(in.shape());
  for (int pass = 0; pass < 2; ++pass)
    for (int64_t d = 0; d < in.rank(); ++d)
      if (fold[d] == (pass == 1)) {
        folding.shape.push_back(in.size(d));
        folding.strides.push_back(own[d]);
        (pass ? folding.folded : folding.kept) *= in.size(d);
      }
  for (int64_t d = 0; d < in.rank(); ++d)
    if (!fold[d])
      folding.result.push_back(in.size(d));
    else if (keep)
      folding.result.push_back(1);
  return folding;
}

/// Folds each row from `start` by accumulate(total, x); finish(total, number, row) makes the
/// result.
template <typename W, typename Accumulate, typename Finish>
void reduceAs(Call &call, W start, Accumulate &&accumulate, Finish &&finish) {
  const Tensor &in = call.in(0);
  Folding folding = bindFolding(call, in);
  Tensor &out = call.out(0, in.element(), folding.result);
  Tensor ordered(in.element(), folding.shape);
  copyStrided(in, 0, folding.strides, ordered);
  Reader<W> from(ordered);
  Writer<W> to(out);
  for (int64_t i = 0; i < folding.kept; ++i) {
    W total = start;
    const W *row = from.data() + i * folding.folded;
    for (int64_t j = 0; j < folding.folded; ++j)
      total = accumulate(total, row[j]);
    to[i] = finish(total, folding.folded, row);
  }
}

/// Integers in 64 bits, floats in double.
template <typename Function> void visitReduced(Call &call, Function &&function) {
  ElementType element = call.in(0).element();
  call.require(element != ElementType::STRING, "has no meaning for texts");
  if (isFloat(element))
    return function(double());
  visitWide(element, [&]<typename W>(W) {
    if constexpr (std::is_integral_v<W>)
      function(W());
  });
}

template <typename W> W unfinished(W total, int64_t, const W *) { return total; }

void reduceSum(Call &call) {
  visitReduced(call, [&]<typename W>(W) {
    reduceAs<W>(
        call, 0, [](W a, W x) { return W(a + x); }, unfinished<W>);
  });
}
void reduceMean(Call &call) {
  visitReduced(call, [&]<typename W>(W) {
    reduceAs<W>(
        call, 0, [](W a, W x) { return W(a + x); },
        [](W total, int64_t count, const W *) {
          if constexpr (std::is_integral_v<W>)
            return count ? W(total / W(count)) : W(0);
          else
            return total / W(count);
        });
  });
}
void reduceProd(Call &call) {
  visitReduced(call, [&]<typename W>(W) {
    reduceAs<W>(
        call, 1, [](W a, W x) { return W(a * x); }, unfinished<W>);
  });
}

/// An empty maximum is the least number of the type.
template <typename W> W leastOf(ElementType type) {
  if constexpr (std::is_floating_point_v<W>)
    return -std::numeric_limits<W>::infinity();
  else
    return type == ElementType::U64 ? W(0) : W(integerRange(type).first);
}
template <typename W> W greatestOf(ElementType type) {
  if constexpr (std::is_floating_point_v<W>)
    return std::numeric_limits<W>::infinity();
  else
    return type == ElementType::U64 ? std::numeric_limits<W>::max() : W(integerRange(type).second);
}

void reduceMax(Call &call) {
  visitReduced(call, [&]<typename W>(W) {
    reduceAs<W>(
        call, leastOf<W>(call.in(0).element()), [](W a, W x) { return x != x || x > a ? x : a; },
        unfinished<W>);
  });
}
void reduceMin(Call &call) {
  visitReduced(call, [&]<typename W>(W) {
    reduceAs<W>(
        call, greatestOf<W>(call.in(0).element()), [](W a, W x) { return x != x || x < a ? x : a; },
        unfinished<W>);
  });
}
void reduceL1(Call &call) {
  visitReduced(call, [&]<typename W>(W) {
    reduceAs<W>(
        call, 0, [](W a, W x) { return W(a + (x < W(0) ? W(0) - x : x)); }, unfinished<W>);
  });
}
void reduceSumSquare(Call &call) {
  visitReduced(call, [&]<typename W>(W) {
    reduceAs<W>(
        call, 0, [](W a, W x) { return W(a + x * x); }, unfinished<W>);
  });
}
void reduceL2(Call &call) {
  reduceAs<double>(
      call, 0, [](double a, double x) { return a + x * x; },
      [](double total, int64_t, const double *) { return std::sqrt(total); });
}
void reduceLogSum(Call &call) {
  reduceAs<double>(
      call, 0, [](double a, double x) { return a + x; },
      [](double total, int64_t, const double *) { return std::log(total); });
}
/// log(sum(exp(x))), shifted by the maximum so that nothing overflows.
void reduceLogSumExp(Call &call) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  reduceAs<double>(
      call, -infinity, [](double a, double x) { return x != x || x > a ? x : a; },
      [](double largest, int64_t count, const double *row) {
        if (std::isinf(largest) || std::isnan(largest))
          return largest;
        double total = 0;
        for (int64_t i = 0; i < count; ++i)
          total += std::exp(row[i] - largest);
        return largest + std::log(total);
      });
}

/// The place of the greatest (or least) along an axis, the first or the last of equals.
void argExtreme(Call &call) {
  const Tensor &in = call.in(0);
  bool greatest = call.type() == "ArgMax", last = call.integer("select_last_index", 0);
  int64_t axis = call.axis(call.integer("axis", 0), in.rank());
  call.require(!in.isText() && in.size(axis) > 0, "has nothing to choose from");
  AxisView view(in.shape(), axis);
  Shape shape = in.shape();
  if (call.integer("keepdims", 1))
    shape[axis] = 1;
  else
    shape.erase(shape.begin() + axis);
  Tensor &out = call.out(0, ElementType::I64, shape);
  visitWide(in.element(), [&]<typename W>(W) {
    Reader<W> from(in);
    for (int64_t o = 0; o < view.outer; ++o)
      for (int64_t i = 0; i < view.inner; ++i) {
        const W *column = from.data() + o * view.size * view.inner + i;
        int64_t best = 0;
        for (int64_t j = 1; j < view.size; ++j) {
          W now = column[j * view.inner], old = column[best * view.inner];
          if ((greatest ? now > old : now < old) || (last && now == old))
            best = j;
        }
        out.data<int64_t>()[o * view.inner + i] = best;
      }
  });
}

void cumulate(Call &call) {
  const Tensor &in = call.in(0);
  bool product = call.type() == "CumProd";
  int64_t axis = call.axis(call.integerInput(1, 0), in.rank());
  bool exclusive = call.integer("exclusive", 0), reverse = call.integer("reverse", 0);
  AxisView view(in.shape(), axis);
  Tensor &out = call.out(0, in.element(), in.shape());
  visitReduced(call, [&]<typename W>(W) {
    Reader<W> from(in);
    Writer<W> to(out);
    for (int64_t o = 0; o < view.outer; ++o)
      for (int64_t i = 0; i < view.inner; ++i) {
        W total = product ? W(1) : W(0);
        for (int64_t j = 0; j < view.size; ++j) {
          int64_t at = (o * view.size + (reverse ? view.size - 1 - j : j)) * view.inner + i;
          W before = total;
          total = product ? W(total * from[at]) : W(total + from[at]);
          to[at] = exclusive ? before : total;
        }
      }
  });
}

} // namespace

void pim::onnx::addReductions(Registry &registry) {
  registry.add("ArgMax", argExtreme);
  registry.add("ArgMin", argExtreme);
  registry.add("CumProd", cumulate, 26);
  registry.add("CumSum", cumulate, 11);
  registry.add("ReduceL1", reduceL1);
  registry.add("ReduceL2", reduceL2);
  registry.add("ReduceLogSum", reduceLogSum);
  registry.add("ReduceLogSumExp", reduceLogSumExp);
  registry.add("ReduceMax", reduceMax);
  registry.add("ReduceMean", reduceMean);
  registry.add("ReduceMin", reduceMin);
  registry.add("ReduceProd", reduceProd);
  registry.add("ReduceSum", reduceSum);
  registry.add("ReduceSumSquare", reduceSumSquare);
}
