//===- Constants.cpp - tensors made from nothing --------------------------===//
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

static void constant(Call &call) {
  if (call.hasAttribute("value"))
    return call.set(0, cloned(call.tensor("value")));
  if (call.hasAttribute("value_int")) {
    call.out(0, ElementType::I64, {}).data<int64_t>()[0] = call.integer("value_int", 0);
  } else if (call.hasAttribute("value_float")) {
    call.out(0, ElementType::F32, {}).data<float>()[0] = float(call.real("value_float", 0));
  } else if (call.hasAttribute("value_ints")) {
    call.set(0, Tensor::ofInts(call.intList("value_ints")));
  } else if (call.hasAttribute("value_floats")) {
    std::vector<double> values = call.realList("value_floats");
    Tensor &out = call.out(0, ElementType::F32, {int64_t(values.size())});
    std::copy(values.begin(), values.end(), out.data<float>());
  } else if (call.hasAttribute("value_string")) {
    call.out(0, ElementType::STRING, {}).texts()[0] = call.text("value_string", "");
  } else if (call.hasAttribute("value_strings")) {
    std::vector<std::string> values = call.textList("value_strings");
    call.out(0, ElementType::STRING, {int64_t(values.size())}).texts() = values;
  } else {
    call.fail("has no attribute with a value");
  }
}

static void constantOfShape(Call &call) {
  Tensor value(ElementType::F32, {1});
  value.data<float>()[0] = 0;
  if (call.hasAttribute("value"))
    value = call.tensor("value");
  call.require(value.count() == 1, "attribute 'value' is not one element");
  Tensor &out = call.out(0, value.element(), call.ints(0));
  copyStrided(value, 0, Shape(out.shape().size(), 0), out);
}

static void eyeLike(Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.rank() == 2, "operand 0 is no matrix");
  ElementType element =
      call.hasAttribute("dtype") ? call.elementOf(call.integer("dtype", 1)) : in.element();
  call.require(element != ElementType::STRING, "makes no texts");
  Tensor &out = call.out(0, element, in.shape());
  int64_t diagonal = call.integer("k", 0);
  Writer<double> to(out);
  for (int64_t row = 0; row < in.size(0); ++row)
    for (int64_t column = 0; column < in.size(1); ++column)
      to[row * in.size(1) + column] = column - row == diagonal;
}

static void range(Call &call) {
  call.requireSameElement(0, 1);
  call.requireSameElement(0, 2);
  ElementType element = call.in(0).element();
  call.require(element != ElementType::STRING, "has no meaning for texts");
  for (size_t i = 0; i < 3; ++i)
    call.require(call.in(i).count() == 1, "operand ", i, " is not one number");
  visitWide(element, [&]<typename W>(W) {
    W start = Reader<W>(call.in(0))[0], limit = Reader<W>(call.in(1))[0],
      delta = Reader<W>(call.in(2))[0];
    call.require(delta != W(0), "steps by zero");
    double count = std::ceil((double(limit) - double(start)) / double(delta));
    call.require(count < 9e15 || !(count > 0), "has too many elements");
    Tensor &out = call.out(0, element, {count > 0 ? int64_t(count) : 0});
    Writer<W> to(out);
    for (int64_t i = 0; i < out.count(); ++i)
      to[i] = W(start + W(i) * delta);
  });
}

/// Dimensions [start, end) of the shape; the bounds came with opset 15.
static void shape(Call &call) {
  const Shape &shape = call.in(0).shape();
  int64_t rank = int64_t(shape.size());
  auto bound = [&](const char *name, int64_t otherwise) {
    int64_t value = call.integer(name, otherwise);
    return std::clamp<int64_t>(value < 0 ? value + rank : value, 0, rank);
  };
  int64_t start = bound("start", 0), end = std::max(bound("end", rank), start);
  call.set(0, Tensor::ofInts({shape.begin() + start, shape.begin() + end}));
}

static void size(Call &call) {
  call.out(0, ElementType::I64, {}).data<int64_t>()[0] = call.in(0).count();
}

/// Indices of the elements that are not zero, as [rank, number].
static void nonZero(Call &call) {
  const Tensor &in = call.in(0);
  call.require(!in.isText(), "has no meaning for texts");
  std::vector<int64_t> found;
  visitWide(in.element(), [&]<typename W>(W) {
    Reader<W> from(in);
    for (int64_t i = 0; i < in.count(); ++i)
      if (from[i] != W(0))
        found.push_back(i);
  });
  int64_t number = int64_t(found.size());
  Shape strides = rowMajorStrides(in.shape());
  Tensor &out = call.out(0, ElementType::I64, {in.rank(), number});
  for (int64_t d = 0; d < in.rank(); ++d)
    for (int64_t i = 0; i < number; ++i)
      out.data<int64_t>()[d * number + i] = found[i] / strides[d] % in.size(d);
}

static void oneHot(Call &call) {
  const Tensor &indices = call.in(0), &values = call.in(2);
  call.require(values.count() == 2, "operand 2 is not the values for off and on");
  int64_t depth = int64_t(call.number(1, 0));
  call.require(depth >= 0, "has the depth ", depth);
  int64_t axis = call.axis(call.integer("axis", -1), indices.rank() + 1);
  Shape shape = indices.shape();
  shape.insert(shape.begin() + axis, depth);
  Tensor &out = call.out(0, values.element(), shape);
  copyStrided(values, 0, Shape(shape.size(), 0), out);
  Reader<double> index(indices);
  AxisView view(shape, axis);
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < view.inner; ++i) {
      double at = index[o * view.inner + i];
      if (at < 0)
        at += double(depth);
      if (at >= 0 && at < double(depth))
        copyElements(values, 1, out, (o * depth + int64_t(at)) * view.inner + i, 1);
    }
}

void pim::onnx::addConstants(Registry &registry) {
  registry.add("Constant", constant);
  registry.add("ConstantOfShape", constantOfShape, 9);
  registry.add("EyeLike", eyeLike, 9);
  registry.add("NonZero", nonZero, 9);
  registry.add("OneHot", oneHot, 9);
  registry.add("Range", range, 11);
  registry.add("Shape", shape);
  registry.add("Size", size);
}
