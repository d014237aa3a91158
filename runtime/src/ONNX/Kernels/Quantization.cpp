//===- Quantization.cpp - QuantizeLinear and its kin ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quantization.h"

#include "../Registry.h"

#include <algorithm>

using namespace pim;
using namespace pim::onnx;

Scale::Scale(const Call &call, size_t index) {
  scale = float(call.number(index, 1));
  zeroPoint = call.has(index + 1) ? call.integerInput(index + 1, 0) : 0;
}

std::vector<float> pim::onnx::dequantized(const Call &call, const Tensor &tensor, Scale scale) {
  call.require(wideOf(tensor.element()) == Wide::Int, "has elements of type ",
               elementName(tensor.element()), ", expected integers");
  Reader<int64_t> from(tensor);
  std::vector<float> values(tensor.count());
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = float(from[i] - scale.zeroPoint) * scale.scale;
  return values;
}

Tensor &pim::onnx::setQuantized(Call &call, size_t index, const std::vector<float> &values,
                                const Shape &shape, ElementType element, Scale scale) {
  call.require(wideOf(element) == Wide::Int && elementBytes(element) <= 2,
               "gives elements of type ", elementName(element));
  Tensor &out = call.out(index, element, shape);
  Writer<int64_t> to(out);
  for (int64_t i = 0; i < out.count(); ++i)
    to[i] = quantize(values[i], scale.scale, scale.zeroPoint, element);
  return out;
}

std::vector<int32_t> pim::onnx::centered(const Call &call, const Tensor &tensor, size_t zeroPoint,
                                         int64_t axis) {
  call.require(elementBytes(tensor.element()) == 1 && wideOf(tensor.element()) == Wide::Int,
               "has operands of type ", elementName(tensor.element()), ", expected bytes");
  Reader<int64_t> from(tensor);
  std::vector<int32_t> values(from.begin(), from.end());
  if (!call.has(zeroPoint))
    return values;
  std::vector<int64_t> zeros = call.ints(zeroPoint);
  // A list has one row alone.
  AxisView view(tensor.rank() ? tensor.shape() : Shape{1}, std::max<int64_t>(axis, 0));
  call.require(zeros.size() == 1 || int64_t(zeros.size()) == view.size, "has ", zeros.size(),
               " zero points for ", view.size);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] -= int32_t(zeros[zeros.size() == 1 ? 0 : int64_t(i) / view.inner % view.size]);
  return values;
}

namespace {

/// Which scale belongs to which element: one for all, one for each index along `axis`, or (opset
/// 21) one for each block of neighbours along `axis`.
class ScaleMap {
public:
  ScaleMap(const Call &call, const Shape &shape) : shape(shape) {
    const Tensor &scale = call.in(1);
    if (scale.count() == 1 && scale.rank() <= 1) { // [] and [1] alike
      call.require(!call.has(2) || call.in(2).count() == 1,
                   "one scale has more than one zero point");
      return;
    }
    if (call.has(2))
      call.requireShape(call.in(2), scale.shape(), "the zero point");
    int64_t axis = call.axis(call.integer("axis", 1), int64_t(shape.size()));
    block = call.integer("block_size", 0);
    AxisView view(shape, axis);
    size = view.size;
    inner = view.inner;
    call.require(block >= 0, "attribute 'block_size' is ", block);
    if (block == 0) {
      call.requireShape(scale, {size}, "the scale");
      kind = Kind::PerAxis;
      return;
    }
    Shape expected = shape;
    expected[axis] = blocks = size / block + (size % block != 0);
    call.requireShape(scale, expected, "the scale");
    kind = Kind::Blocked;
  }

  int64_t operator[](int64_t element) const {
    switch (kind) {
    case Kind::One:
      return 0;
    case Kind::PerAxis:
      return element / inner % size;
    default:
      return (element / (inner * size) * blocks + element / inner % size / block) * inner +
             element % inner;
    }
  }

private:
  enum class Kind { One, PerAxis, Blocked } kind = Kind::One;
  const Shape &shape;
  int64_t size = 1, inner = 1, block = 0, blocks = 1;
};

} // namespace

/// Floats of 8 and 4 bits but scales.
static bool isByteFloat(ElementType element) {
  return elementBytes(element) == 1 && isSmallFloat(element) && element != ElementType::F8E8M0;
}

/// The quotient of a value and its scale, rounded as the attribute "precision" asks for.
class Quotient {
public:
  explicit Quotient(const Call &call) {
    if (int64_t wanted = call.integer("precision", 0))
      precision = call.elementOf(wanted);
    call.require(isSmallFloat(precision) || precision == ElementType::F32,
                 "divides in the precision of ", elementName(precision));
  }
  float operator()(float x, float scale) const {
    float quotient = x / scale;
    return precision == ElementType::F32 ? quotient
                                         : decodeFloat(precision, encodeFloat(precision, quotient));
  }

private:
  ElementType precision = ElementType::F32;
};

static void quantizeLinear(Call &call) {
  const Tensor &in = call.in(0);
  ElementType element = call.has(2) ? call.in(2).element()
                        : call.integer("output_dtype", 0)
                            ? call.elementOf(call.integer("output_dtype", 0))
                            : ElementType::U8;
  call.require((wideOf(element) == Wide::Int && elementBytes(element) <= 4) || isByteFloat(element),
               "quantizes to ", elementName(element));
  call.require(!in.isText() && !call.in(1).isText(), "has texts, expected numbers");
  ScaleMap map(call, in.shape());
  Quotient quotient(call);
  Tensor &out = call.out(0, element, in.shape());
  Reader<float> from(in), scale(call.in(1));
  if (isByteFloat(element)) {
    SmallFloatOptions options{.saturate = call.integer("saturate", 1) != 0};
    for (int64_t i = 0; i < in.count(); ++i)
      out.data<uint8_t>()[i] =
          uint8_t(encodeFloat(element, quotient(from[i], scale[map[i]]), options));
    return;
  }
  std::vector<int64_t> zeros = call.has(2) ? call.ints(2) : std::vector<int64_t>(scale.count(), 0);
  Writer<int64_t> to(out);
  for (int64_t i = 0; i < in.count(); ++i)
    to[i] = quantize(quotient(from[i], scale[map[i]]), 1, zeros[map[i]], element);
}

static void dequantizeLinear(Call &call) {
  const Tensor &in = call.in(0);
  if (call.has(2))
    call.requireSameElement(0, 2);
  ElementType element = call.in(1).element();
  if (int64_t wanted = call.integer("output_dtype", 0))
    element = call.elementOf(wanted);
  call.require(!in.isText() && isFloat(call.in(1).element()), "the scale is not of floats");
  call.require(isFloat(element) && elementBytes(element) > 1, "gives elements of type ",
               elementName(element), ", expected floats of 16 bits or more (output_dtype)");
  ScaleMap map(call, in.shape());
  Tensor &out = call.out(0, element, in.shape());
  Reader<float> scale(call.in(1));
  Writer<float> to(out);
  if (isFloat(in.element())) {
    Reader<float> from(in);
    for (int64_t i = 0; i < in.count(); ++i)
      to[i] = from[i] * scale[map[i]];
    return;
  }
  std::vector<int64_t> zeros = call.has(2) ? call.ints(2) : std::vector<int64_t>(scale.count(), 0);
  Reader<int64_t> from(in);
  for (int64_t i = 0; i < in.count(); ++i)
    to[i] = float(from[i] - zeros[map[i]]) * scale[map[i]];
}

/// To unsigned bytes, with scale and zero point of the range of the elements, which holds zero.
static void dynamicQuantizeLinear(Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.element() == ElementType::F32, "operand 0 is not of f32");
  float least = 0, greatest = 0;
  for (int64_t i = 0; i < in.count(); ++i) {
    least = std::min(least, in.data<float>()[i]);
    greatest = std::max(greatest, in.data<float>()[i]);
  }
  float scale = (greatest - least) / 255;
  // All zeros have the scale 0 in the operator's body; they are 0 under any scale.
  float zero = scale == 0 ? 0 : std::nearbyint(std::clamp(0 - least / scale, 0.0f, 255.0f));
  Tensor &out = call.out(0, ElementType::U8, in.shape());
  for (int64_t i = 0; i < in.count(); ++i)
    out.data<uint8_t>()[i] = uint8_t(
        quantize(in.data<float>()[i], scale == 0 ? 1 : scale, int64_t(zero), ElementType::U8));
  call.out(1, ElementType::F32, {}).data<float>()[0] = scale;
  call.out(2, ElementType::U8, {}).data<uint8_t>()[0] = uint8_t(zero);
}

void pim::onnx::addQuantization(Registry &registry) {
  registry.add("DequantizeLinear", dequantizeLinear, 10);
  registry.add("DynamicQuantizeLinear", dynamicQuantizeLinear, 11);
  registry.add("QuantizeLinear", quantizeLinear, 10);
  registry.add(microsoftDomain, "DequantizeLinear", dequantizeLinear);
  registry.add(microsoftDomain, "QuantizeLinear", quantizeLinear);
}
