//===- Scatters.cpp - writing by index ------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

using namespace pim;
using namespace pim::onnx;

/// Puts element `from[i]` of the updates at `to[i]` of the data, combined as `reduction` says.
static void applyUpdates(Call &call, const std::vector<int64_t> &to,
                         const std::vector<int64_t> &from) {
  std::string reduction = call.text("reduction", "none");
  call.requireSameElement(0, 2);
  const Tensor &updates = call.in(2);
  Tensor result = cloned(call.in(0));
  if (reduction == "none") {
    for (size_t i = 0; i < to.size(); ++i)
      copyElements(updates, from[i], result, to[i], 1);
    return call.set(0, result);
  }
  call.require(reduction == "add" || reduction == "mul" || reduction == "max" || reduction == "min",
               "attribute 'reduction' is '", reduction, "'");
  call.require(!result.isText(), "has no meaning for texts");
  visitWide(result.element(), [&]<typename W>(W) {
    Reader<W> data(call.in(0)), values(updates);
    Writer<W> target(result);
    std::copy(data.begin(), data.end(), target.data());
    for (size_t i = 0; i < to.size(); ++i) {
      W &old = target[to[i]], now = values[from[i]];
      if (reduction == "add")
        old = W(old + now);
      else if (reduction == "mul")
        old = W(old * now);
      else if (reduction == "max")
        old = std::max(old, now);
      else
        old = std::min(old, now);
    }
  });
  call.set(0, result);
}

static void scatterElements(Call &call) {
  const Tensor &data = call.in(0), &indices = call.in(1);
  int64_t axis = call.axis(call.integer("axis", 0), data.rank());
  call.require(indices.rank() == data.rank(), "operands differ in rank");
  call.requireShape(call.in(2), indices.shape(), "operand 2");
  for (int64_t d = 0; d < data.rank(); ++d)
    call.require(d == axis || indices.size(d) <= data.size(d), "dimension ", d,
                 " of the indices is too large");
  std::vector<int64_t> index = call.ints(1), to(index.size()), from(index.size());
  Shape strides = rowMajorStrides(data.shape()), own = rowMajorStrides(indices.shape());
  for (size_t i = 0; i < index.size(); ++i) {
    from[i] = int64_t(i);
    for (int64_t d = 0; d < data.rank(); ++d)
      to[i] += strides[d] * (d == axis ? call.index(index[i], data.size(d))
                                       : int64_t(i) / own[d] % indices.size(d));
  }
  applyUpdates(call, to, from);
}

static void scatterND(Call &call) {
  const Tensor &data = call.in(0), &indices = call.in(1), &updates = call.in(2);
  call.require(indices.rank() >= 1, "the indices are a scalar");
  int64_t depth = indices.size(indices.rank() - 1);
  call.require(depth >= 1 && depth <= data.rank(), "indices of ", depth,
               " numbers do not fit rank ", data.rank());
  Shape shape(indices.shape().begin(), indices.shape().end() - 1);
  shape.insert(shape.end(), data.shape().begin() + depth, data.shape().end());
  call.requireShape(updates, shape, "operand 2");
  std::vector<int64_t> index = call.ints(1), to, from;
  Shape strides = rowMajorStrides(data.shape());
  int64_t block = product(data.shape(), depth, data.shape().size());
  for (int64_t i = 0; i < indices.count() / depth; ++i) {
    int64_t start = 0;
    for (int64_t d = 0; d < depth; ++d)
      start += strides[d] * call.index(index[i * depth + d], data.size(d));
    for (int64_t j = 0; j < block; ++j) {
      to.push_back(start + j);
      from.push_back(i * block + j);
    }
  }
  applyUpdates(call, to, from);
}

/// Writes new entries into a cache at `write_indices[batch]` along `axis`.
static void tensorScatter(Call &call) {
  const Tensor &cache = call.in(0), &update = call.in(1);
  call.requireSameElement(0, 1);
  std::string mode = call.text("mode", "linear");
  int64_t axis = call.axis(call.integer("axis", -2), cache.rank());
  call.require(axis > 0 && update.rank() == cache.rank(), "operands do not fit");
  Shape expected = cache.shape();
  expected[axis] = update.size(axis);
  call.requireShape(update, expected, "operand 1");
  std::vector<int64_t> starts(cache.size(0), 0);
  if (call.has(2))
    starts = call.ints(2);
  call.require(int64_t(starts.size()) == cache.size(0), "has ", starts.size(), " positions for ",
               cache.size(0), " batches");
  Tensor result = cloned(cache);
  AxisView whole(cache.shape(), axis), part(update.shape(), axis);
  for (int64_t o = 0; o < whole.outer; ++o) {
    int64_t start = starts[o / (whole.outer / cache.size(0))];
    for (int64_t i = 0; i < part.size; ++i) {
      call.require(start >= 0 && start < (int64_t(1) << 40), "position ", start, " lies outside");
      int64_t at = mode == "circular" ? (start + i) % whole.size : start + i;
      call.require(at < whole.size, "position ", at, " lies outside of the cache");
      copyElements(update, (o * part.size + i) * part.inner, result,
                   (o * whole.size + at) * whole.inner, whole.inner);
    }
  }
  call.set(0, result);
}

void pim::onnx::addScatters(Registry &registry) {
  registry.add("Scatter", scatterElements, 9);
  registry.add("ScatterElements", scatterElements, 11);
  registry.add("ScatterND", scatterND, 11);
  registry.add("TensorScatter", tensorScatter, 24);
}
