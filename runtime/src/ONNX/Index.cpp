//===- Index.cpp - where elements lie -------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Index.h"

#include <cstring>

using namespace pim;
using namespace pim::onnx;

Shape pim::onnx::rowMajorStrides(const Shape &shape) {
  Shape strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;)
    strides[i - 1] = strides[i] * std::max<int64_t>(shape[i], 1);
  return strides;
}

int64_t pim::onnx::product(const Shape &shape, size_t first, size_t last) {
  int64_t result = 1;
  for (size_t i = first; i < last; ++i)
    result *= shape[i];
  return result;
}

Shape pim::onnx::broadcastShape(const Call &call, const Shape &a, const Shape &b) {
  Shape result(std::max(a.size(), b.size()));
  for (size_t i = 0; i < result.size(); ++i) {
    int64_t left = i < a.size() ? a[a.size() - 1 - i] : 1;
    int64_t right = i < b.size() ? b[b.size() - 1 - i] : 1;
    call.require(left == right || left == 1 || right == 1, "shapes ", shapeText(a), " and ",
                 shapeText(b), " do not broadcast");
    result[result.size() - 1 - i] = left == 1 ? right : left;
  }
  return result;
}

Shape pim::onnx::broadcastStrides(const Shape &from, const Shape &to) {
  Shape strides(to.size(), 0), own = rowMajorStrides(from);
  for (size_t i = 0; i < from.size(); ++i)
    if (from[i] != 1)
      strides[to.size() - from.size() + i] = own[i];
  return strides;
}

void pim::onnx::copyElements(const Tensor &source, int64_t from, Tensor &target, int64_t to,
                             int64_t count) {
  if (count <= 0)
    return;
  if (source.isText()) {
    std::copy_n(source.texts().begin() + from, count, target.texts().begin() + to);
    return;
  }
  size_t width = elementBytes(source.element());
  std::memcpy(target.data<std::byte>() + size_t(to) * width,
              source.data<std::byte>() + size_t(from) * width, size_t(count) * width);
}

/// Calls function with the elements of both tensors as integers of their width, or as texts.
template <typename Function>
static void visitWidth(const Tensor &source, Tensor &target, Function &&function) {
  if (source.isText())
    return function(source.texts().data(), target.texts().data());
  switch (elementBytes(source.element())) {
  case 1:
    return function(source.data<uint8_t>(), target.data<uint8_t>());
  case 2:
    return function(source.data<uint16_t>(), target.data<uint16_t>());
  case 4:
    return function(source.data<uint32_t>(), target.data<uint32_t>());
  default:
    return function(source.data<uint64_t>(), target.data<uint64_t>());
  }
}

void pim::onnx::copyStrided(const Tensor &source, int64_t offset, const Shape &strides,
                            Tensor &target) {
  visitWidth(source, target, [&](const auto *from, auto *to) {
    forEachRow<2>(target.shape(), {rowMajorStrides(target.shape()), strides},
                  [&](const auto &offsets, const auto &steps, int64_t size) {
                    const auto *row = from + offset + offsets[1];
                    auto *out = to + offsets[0];
                    for (int64_t i = 0; i < size; ++i)
                      out[i] = row[i * steps[1]];
                  });
  });
}

Tensor pim::onnx::takeElements(const Tensor &source, const std::vector<int64_t> &indices,
                               Shape shape, const Tensor *fill) {
  Tensor target(source.element(), std::move(shape));
  visitWidth(source, target, [&](const auto *from, auto *to) {
    for (size_t i = 0; i < indices.size(); ++i)
      if (indices[i] >= 0)
        to[i] = from[indices[i]];
  });
  if (fill)
    visitWidth(*fill, target, [&](const auto *from, auto *to) {
      for (size_t i = 0; i < indices.size(); ++i)
        if (indices[i] < 0)
          to[i] = *from;
    });
  return target;
}

void pim::onnx::fillZero(Tensor &tensor) {
  if (!tensor.isText())
    std::memset(tensor.data<std::byte>(), 0, tensor.bytes().size());
}

Tensor pim::onnx::cloned(const Tensor &source) {
  Tensor copy(source.element(), source.shape());
  copyElements(source, 0, copy, 0, source.count());
  return copy;
}

Tensor pim::onnx::transposed(const Tensor &source, const std::vector<int64_t> &permutation) {
  Shape shape, strides, own = rowMajorStrides(source.shape());
  for (int64_t dimension : permutation) {
    shape.push_back(source.size(dimension));
    strides.push_back(own[dimension]);
  }
  Tensor target(source.element(), shape);
  copyStrided(source, 0, strides, target);
  return target;
}

Tensor pim::onnx::concatenated(const Call &call, const std::vector<Tensor> &parts, int64_t axis) {
  const Tensor &first = parts[0];
  Shape shape = first.shape();
  shape[axis] = 0;
  for (const Tensor &part : parts) {
    Shape expected = shape;
    if (part.shape().size() == shape.size())
      expected[axis] = part.size(axis);
    call.require(part.element() == first.element() && part.shape() == expected, "joins ",
                 elementName(first.element()), shapeText(first.shape()), " and ",
                 elementName(part.element()), shapeText(part.shape()));
    shape[axis] += part.size(axis);
  }
  Tensor out(first.element(), shape);
  AxisView whole(shape, axis);
  int64_t start = 0;
  for (const Tensor &part : parts) {
    int64_t size = part.size(axis) * whole.inner;
    for (int64_t o = 0; o < whole.outer; ++o)
      copyElements(part, o * size, out, o * whole.size * whole.inner + start, size);
    start += size;
  }
  return out;
}
