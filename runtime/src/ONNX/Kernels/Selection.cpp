//===- Selection.cpp - ordering and choosing ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

#include <algorithm>
#include <numeric>

using namespace pim;
using namespace pim::onnx;

/// The number is an attribute before opset 10, an operand from then on.
static void topK(Call &call) {
  const Tensor &in = call.in(0);
  int64_t axis = call.axis(call.integer("axis", -1), in.rank());
  int64_t k = call.has(1) ? call.integerInput(1, 0) : call.integer("k", 0);
  bool largest = call.integer("largest", 1);
  AxisView view(in.shape(), axis);
  call.require(!in.isText() && k >= 0 && k <= view.size, "wants ", k, " of ", view.size,
               " elements");
  Shape shape = in.shape();
  shape[axis] = k;
  Tensor &places = call.out(1, ElementType::I64, shape);
  Tensor values(in.element(), shape);
  visitWide(in.element(), [&]<typename W>(W) {
    Reader<W> from(in);
    std::vector<int64_t> order(view.size);
    for (int64_t o = 0; o < view.outer; ++o)
      for (int64_t i = 0; i < view.inner; ++i) {
        const W *column = from.data() + o * view.size * view.inner + i;
        std::iota(order.begin(), order.end(), 0);
        // Among equals the lower index comes first.
        std::partial_sort(order.begin(), order.begin() + k, order.end(), [&](int64_t a, int64_t b) {
          W x = column[a * view.inner], y = column[b * view.inner];
          return x != y ? (largest ? x > y : x < y) : a < b;
        });
        for (int64_t j = 0; j < k; ++j) {
          int64_t at = (o * k + j) * view.inner + i;
          places.data<int64_t>()[at] = order[j];
          copyElements(in, (o * view.size + order[j]) * view.inner + i, values, at, 1);
        }
      }
  });
  call.set(0, values);
}

namespace {

/// Slices of a tensor along an axis, compared element by element.
class Slices {
public:
  Slices(const Tensor &tensor, const AxisView &view) : tensor(tensor), view(view) {}
  int compare(int64_t a, int64_t b) const {
    if (tensor.isText())
      return compareIn(tensor.texts().data(), a, b);
    if (numbers.empty()) {
      numbers.resize(tensor.count());
      loadElements(tensor, numbers.data());
    }
    return compareIn(numbers.data(), a, b);
  }

private:
  template <typename T> int compareIn(const T *values, int64_t a, int64_t b) const {
    for (int64_t o = 0; o < view.outer; ++o)
      for (int64_t i = 0; i < view.inner; ++i) {
        const T &x = values[(o * view.size + a) * view.inner + i];
        const T &y = values[(o * view.size + b) * view.inner + i];
        if (x < y)
          return -1;
        if (y < x)
          return 1;
      }
    return 0;
  }
  const Tensor &tensor;
  AxisView view;
  mutable std::vector<double> numbers;
};

} // namespace

static void unique(Call &call) {
  Tensor in = call.in(0);
  if (!call.hasAttribute("axis"))
    in = in.reshaped({in.count()});
  int64_t axis = call.axis(call.integer("axis", 0), in.rank());
  AxisView view(in.shape(), axis);
  Slices slices(in, view);
  std::vector<int64_t> order(view.size), first, number, inverse(view.size);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return slices.compare(a, b) < 0; });
  for (size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || slices.compare(order[i - 1], order[i]) != 0) {
      first.push_back(order[i]);
      number.push_back(0);
    }
    ++number.back();
    inverse[order[i]] = int64_t(first.size()) - 1;
  }
  if (!call.integer("sorted", 1)) { // in the order of their first appearance
    std::vector<int64_t> rank(first.size()), place(first.size());
    std::iota(rank.begin(), rank.end(), 0);
    std::sort(rank.begin(), rank.end(), [&](int64_t a, int64_t b) { return first[a] < first[b]; });
    std::vector<int64_t> oldFirst = first, oldNumber = number;
    for (size_t i = 0; i < rank.size(); ++i) {
      first[i] = oldFirst[rank[i]];
      number[i] = oldNumber[rank[i]];
      place[rank[i]] = int64_t(i);
    }
    for (int64_t &each : inverse)
      each = place[each];
  }
  Shape shape = in.shape();
  shape[axis] = int64_t(first.size());
  Tensor &out = call.out(0, in.element(), shape);
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < shape[axis]; ++i)
      copyElements(in, (o * view.size + first[i]) * view.inner, out,
                   (o * shape[axis] + i) * view.inner, view.inner);
  call.set(1, Tensor::ofInts(first));
  call.set(2, Tensor::ofInts(inverse));
  call.set(3, Tensor::ofInts(number));
}

namespace {

struct Box {
  double top, left, bottom, right;
  double area() const { return (bottom - top) * (right - left); }
};

double overlap(const Box &a, const Box &b) {
  double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  if (height <= 0 || width <= 0)
    return 0;
  double common = height * width;
  return common / (a.area() + b.area() - common);
}

} // namespace

static void nonMaxSuppression(Call &call) {
  const Tensor &boxes = call.in(0), &scores = call.in(1);
  call.require(boxes.rank() == 3 && boxes.size(2) == 4 && scores.rank() == 3 &&
                   scores.size(0) == boxes.size(0) && scores.size(2) == boxes.size(1),
               "boxes ", shapeText(boxes.shape()), " do not fit scores ",
               shapeText(scores.shape()));
  int64_t limit = call.integerInput(2, 0);
  double overlapLimit = call.number(3, 0);
  double scoreLimit = call.number(4, -std::numeric_limits<double>::infinity());
  bool centered = call.integer("center_point_box", 0);
  Reader<double> corner(boxes), score(scores);
  int64_t number = boxes.size(1);
  auto boxOf = [&](int64_t index) {
    const double *c = corner.data() + index * 4;
    if (centered)
      return Box{c[1] - c[3] / 2, c[0] - c[2] / 2, c[1] + c[3] / 2, c[0] + c[2] / 2};
    return Box{std::min(c[0], c[2]), std::min(c[1], c[3]), std::max(c[0], c[2]),
               std::max(c[1], c[3])};
  };
  std::vector<int64_t> result;
  for (int64_t b = 0; b < scores.size(0); ++b)
    for (int64_t c = 0; c < scores.size(1); ++c) {
      const double *row = score.data() + (b * scores.size(1) + c) * number;
      std::vector<int64_t> order, kept;
      for (int64_t i = 0; i < number; ++i)
        if (row[i] > scoreLimit || !call.has(4))
          order.push_back(i);
      std::stable_sort(order.begin(), order.end(),
                       [&](int64_t x, int64_t y) { return row[x] > row[y]; });
      for (int64_t i : order) {
        if (int64_t(kept.size()) >= limit)
          break;
        Box box = boxOf(b * number + i);
        if (std::any_of(kept.begin(), kept.end(), [&](int64_t other) {
              return overlap(box, boxOf(b * number + other)) > overlapLimit;
            }))
          continue;
        kept.push_back(i);
        result.insert(result.end(), {b, c, i});
      }
    }
  call.set(0, Tensor::ofInts(result).reshaped({int64_t(result.size()) / 3, 3}));
}

void pim::onnx::addSelection(Registry &registry) {
  registry.add("NonMaxSuppression", nonMaxSuppression, 10);
  registry.add("TopK", topK);
  registry.add("Unique", unique, 11);
}
