//===- Pooling.cpp - one value from each window ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Windows.h"
#include "pim/Support/Magnitude.h"

#include <cmath>
#include <limits>

using namespace pim;
using namespace pim::onnx;

namespace {

/// An image [N, C, spatial...] with the windows over it, or one window that is the whole image.
struct Pool {
  const Tensor &in;
  Windows windows;
  Shape shape; ///< of the result

  Pool(const Call &call, bool global) : in(call.in(0)) {
    call.require(in.rank() >= 3 && !in.isText(), "operand 0 of shape ", shapeText(in.shape()),
                 " is no image");
    windows = global ? wholeImage(in.shape())
                     : bindWindows(call, in.shape(), kernelShape(call, in.rank() - 2));
    shape = {in.size(0), in.size(1)};
    shape.insert(shape.end(), windows.output.begin(), windows.output.end());
  }

  /// visit(image, its number, place in the result, window, its taps' offsets with -1 outside) for
  /// each window.
  template <typename W, typename Visit> void forEachWindow(const W *from, Visit &&visit) const {
    int64_t count = windows.outputs(), size = windows.inputs();
    for (int64_t window = 0; window < count; ++window) {
      std::vector<int64_t> offsets = windows.offsets(window, window + 1);
      std::erase(offsets, -1);
      for (int64_t image = 0; image < in.size(0) * in.size(1); ++image)
        visit(from + image * size, image, image * count + window, window,
              std::span<const int64_t>(offsets));
    }
  }
};

} // namespace

/// The place of element `offset` of an image in memory, columns first if so wished.
static int64_t placeOf(const Shape &spatial, int64_t offset, bool columnMajor) {
  if (!columnMajor)
    return offset;
  int64_t place = 0, step = 1;
  Shape strides = rowMajorStrides(spatial);
  for (size_t d = 0; d < spatial.size(); ++d) {
    place += offset / strides[d] % spatial[d] * step;
    step *= spatial[d];
  }
  return place;
}

static void maxPoolOver(Call &call, bool global) {
  Pool pool(call, global);
  Tensor &out = call.out(0, pool.in.element(), pool.shape);
  Tensor places(ElementType::I64, call.wants(1) ? pool.shape : Shape{0});
  bool columnMajor = call.integer("storage_order", 0);
  visitWide(pool.in.element(), [&]<typename W>(W) {
    Reader<W> from(pool.in);
    Writer<W> to(out);
    pool.forEachWindow(from.data(), [&](const W *image, int64_t number, int64_t place, int64_t,
                                        std::span<const int64_t> offsets) {
      W best = std::numeric_limits<W>::lowest();
      int64_t at = -1;
      for (int64_t offset : offsets)
        if (at < 0 || image[offset] > best || image[offset] != image[offset]) {
          best = image[offset];
          at = offset;
        }
      to[place] = best;
      if (places.count())
        places.data<int64_t>()[place] =
            number * pool.windows.inputs() + placeOf(pool.windows.input, at, columnMajor);
    });
  });
  if (call.wants(1))
    call.set(1, places);
}

/// What a window sums up to, from its elements and the number that its sum is divided by.
template <typename Reduce> static void poolFloats(Call &call, bool global, Reduce &&reduce) {
  Pool pool(call, global);
  call.require(isFloat(pool.in.element()), "operand 0 is not of floats");
  Tensor &out = call.out(0, pool.in.element(), pool.shape);
  bool countPadding = call.integer("count_include_pad", 0);
  Reader<double> from(pool.in);
  Writer<double> to(out);
  pool.forEachWindow(from.data(), [&](const double *image, int64_t, int64_t place, int64_t window,
                                      std::span<const int64_t> offsets) {
    int64_t divisor = countPadding ? pool.windows.paddedTaps(window) : int64_t(offsets.size());
    to[place] = reduce(image, offsets, divisor);
  });
}

static void averagePoolOver(Call &call, bool global) {
  poolFloats(call, global,
             [](const double *image, std::span<const int64_t> offsets, int64_t divisor) {
               double sum = 0;
               for (int64_t offset : offsets)
                 sum += image[offset];
               return sum / double(divisor);
             });
}

static void lpPoolOver(Call &call, bool global) {
  double p = call.real("p", 2);
  call.require(p > 0, "attribute 'p' is ", p);
  poolFloats(call, global, [p](const double *image, std::span<const int64_t> offsets, int64_t) {
    double sum = 0;
    for (int64_t offset : offsets)
      sum += std::pow(std::fabs(image[offset]), p);
    return std::pow(sum, 1 / p);
  });
}

static void maxPool(Call &call) { maxPoolOver(call, false); }
static void globalMaxPool(Call &call) { maxPoolOver(call, true); }
static void averagePool(Call &call) { averagePoolOver(call, false); }
static void globalAveragePool(Call &call) { averagePoolOver(call, true); }
static void lpPool(Call &call) { lpPoolOver(call, false); }
static void globalLpPool(Call &call) { lpPoolOver(call, true); }

/// Puts each element where MaxPool took it from; the indices count within the pooled tensor.
static void maxUnpool(Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.rank() >= 3, "operand 0 of shape ", shapeText(in.shape()), " is no image");
  call.requireShape(call.in(1), in.shape(), "operand 1");
  size_t rank = size_t(in.rank()) - 2;
  Shape kernel = kernelShape(call, int64_t(rank)), strides = call.intList("strides");
  Shape pads = call.intList("pads");
  strides.resize(rank, 1);
  pads.resize(2 * rank, 0);
  Shape inferred{in.size(0), in.size(1)};
  for (size_t d = 0; d < rank; ++d) {
    int64_t steps;
    call.require(!__builtin_mul_overflow(in.size(d + 2) - 1, strides[d], &steps) &&
                     isWithin(steps, int64_t(1) << 40) && kernel[d] < (int64_t(1) << 40) &&
                     isWithin(pads[d], int64_t(1) << 40) &&
                     isWithin(pads[rank + d], int64_t(1) << 40),
                 "dimension ", d, " is too large");
    inferred.push_back(steps + kernel[d] - pads[d] - pads[rank + d]);
  }
  Shape shape = call.has(2) ? call.ints(2) : inferred;
  call.require(shape.size() == inferred.size() && shape[0] == in.size(0) && shape[1] == in.size(1),
               "has the output shape ", shapeText(shape));
  // The indices mean the inferred shape; a larger output holds it in its corner.
  int64_t size = checkedCount(inferred, 1);
  Tensor &out = call.out(0, in.element(), shape);
  fillZero(out);
  std::vector<int64_t> places = call.ints(1);
  Shape strideOf = rowMajorStrides(inferred), target = rowMajorStrides(shape);
  for (size_t i = 0; i < places.size(); ++i) {
    call.require(places[i] >= 0 && places[i] < size, "index ", places[i], " lies outside");
    int64_t at = 0;
    for (size_t d = 0; d < shape.size(); ++d) {
      int64_t position = places[i] / strideOf[d] % inferred[d];
      call.require(position < shape[d], "index ", places[i], " lies outside of the output");
      at += position * target[d];
    }
    copyElements(in, int64_t(i), out, at, 1);
  }
}

void pim::onnx::addPooling(Registry &registry) {
  registry.add("AveragePool", averagePool);
  registry.add("GlobalAveragePool", globalAveragePool);
  registry.add("GlobalLpPool", globalLpPool);
  registry.add("GlobalMaxPool", globalMaxPool);
  registry.add("LpPool", lpPool);
  registry.add("MaxPool", maxPool);
  registry.add("MaxUnpool", maxUnpool, 9);
}
