//===- QuantizedOperators.cpp - operators on quantized tensors ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Those of ai.onnx, and those of com.microsoft that the quantizer of ONNX Runtime makes. Sums are
// of 32 bits; they are scaled in float, as ONNX Runtime does.
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Binary.h"
#include "Convolution.h"
#include "Quantization.h"

#include <algorithm>
#include <numeric>

using namespace pim;
using namespace pim::onnx;

static void convInteger(Call &call) {
  const Tensor &input = call.in(0), &weights = call.in(1);
  Convolution convolution(call, input.shape(), weights.shape());
  Tensor &out = call.out(0, ElementType::I32, convolution.resultShape());
  convolution.run(centered(call, input, 2, 0).data(), centered(call, weights, 3, 0).data(),
                  out.data<int32_t>());
}

namespace {
/// Operand 0, an image, with its channels second: operators of com.microsoft may have them last.
struct Image {
  bool isLast;
  Tensor tensor;

  explicit Image(const Call &call)
      : isLast(call.integer("channels_last", 0) != 0), tensor(call.in(0)) {
    if (!isLast)
      return;
    call.require(tensor.rank() >= 3, "operand 0 of shape ", shapeText(tensor.shape()),
                 " is no image");
    std::vector<int64_t> order(tensor.rank());
    std::iota(order.begin(), order.end(), 0);
    std::rotate(order.begin() + 1, order.end() - 1, order.end());
    tensor = transposed(tensor, order);
  }

  /// Result 0 as `result`, which has its channels second, laid out like the operand.
  void setResult(Call &call, const Tensor &result) const {
    if (!isLast)
      return;
    std::vector<int64_t> order(result.rank());
    std::iota(order.begin(), order.end(), 0);
    std::rotate(order.begin() + 1, order.begin() + 2, order.end());
    call.set(0, transposed(result, order));
  }
};
} // namespace

/// The factors of the sums: scale of a * scale of b / scale of the result, one for each of `count`
/// places or one for all.
static std::vector<float> factorsOf(const Call &call, size_t a, size_t b, size_t result,
                                    int64_t count) {
  float left = float(call.number(a, 1)), down = float(call.number(result, 1));
  const Tensor &right = call.in(b);
  call.require((right.count() == 1 || right.count() == count) && !right.isText(), "has ",
               right.count(), " scales for ", count);
  std::vector<float> factors(right.count());
  loadElements(right, factors.data());
  for (float &factor : factors)
    factor = left * factor / down;
  factors.resize(count, factors.empty() ? 1 : factors[0]);
  return factors;
}

/// Result 0: sums[i] * factors[i / inner % size] + zero point, saturated.
static Tensor &setScaled(Call &call, const Tensor &sums, const std::vector<float> &factors,
                         int64_t inner, size_t zeroPoint) {
  ElementType element = call.in(zeroPoint).element();
  int64_t zero = call.integerInput(zeroPoint, 0);
  call.require(wideOf(element) == Wide::Int && elementBytes(element) == 1,
               "gives elements of type ", elementName(element));
  Tensor &out = call.out(0, element, sums.shape());
  Writer<int64_t> to(out);
  int64_t size = std::max<int64_t>(int64_t(factors.size()), 1);
  for (int64_t i = 0; i < sums.count(); ++i)
    to[i] = quantize(float(sums.data<int32_t>()[i]) * factors[i / inner % size], 1, zero, element);
  return out;
}

/// x, its scale and zero point, w, its scale and zero point, those of the result, bias.
static void qlinearConv(Call &call) {
  const Image image(call);
  const Tensor &input = image.tensor, &weights = call.in(3);
  Convolution convolution(call, input.shape(), weights.shape());
  Tensor sums(ElementType::I32, convolution.resultShape());
  convolution.run(centered(call, input, 2, 0).data(), centered(call, weights, 5, 0).data(),
                  sums.data<int32_t>());
  int64_t channels = convolution.outputs, size = convolution.windows.outputs();
  if (call.has(8)) {
    std::vector<int64_t> bias = call.ints(8);
    call.require(int64_t(bias.size()) == channels, "has ", bias.size(), " biases for ", channels,
                 " channels");
    for (int64_t i = 0; i < sums.count(); ++i) {
      int32_t &sum = sums.data<int32_t>()[i];
      sum = int32_t(uint32_t(sum) + uint32_t(bias[i / size % channels]));
    }
  }
  image.setResult(call, setScaled(call, sums, factorsOf(call, 1, 4, 6, channels),
                                  std::max<int64_t>(size, 1), 7));
}

static void qlinearMatMul(Call &call) {
  const Tensor &a = call.in(0), &b = call.in(3);
  BatchedProduct product(call, a.shape(), b.shape());
  Tensor sums(ElementType::I32, product.shape);
  product.run(centered(call, a, 2, a.rank() - 2).data(), centered(call, b, 5, b.rank() - 1).data(),
              sums.data<int32_t>());
  setScaled(call, sums, factorsOf(call, 1, 4, 6, product.columns), 1, 7);
}

/// a, its scale and zero point, b, its, bias of the sums, scale and zero point of the result;
/// floats where the result has no scale.
static void qgemm(Call &call) {
  const auto [a, b] = turnedMatrices(call, 0, 3);
  BatchedProduct product(call, a.shape(), b.shape());
  Tensor sums(ElementType::I32, product.shape);
  product.run(centered(call, a, 2, 0).data(), centered(call, b, 5, 1).data(), sums.data<int32_t>());
  if (call.has(6)) {
    std::vector<int64_t> bias = call.ints(6);
    int64_t count = int64_t(bias.size());
    call.require(count == 1 || count == product.columns || count == sums.count(), "has ", count,
                 " biases for ", product.columns, " columns");
    for (int64_t i = 0; i < sums.count(); ++i) {
      int32_t &sum = sums.data<int32_t>()[i];
      sum = int32_t(uint32_t(sum) + uint32_t(bias[i % count]));
    }
  }
  std::vector<float> factors = factorsOf(call, 1, 4, 7, product.columns);
  for (float &factor : factors)
    factor *= float(call.real("alpha", 1));
  if (call.has(7)) {
    setScaled(call, sums, factors, 1, 8);
    return;
  }
  Tensor &out = call.out(0, ElementType::F32, sums.shape());
  for (int64_t i = 0; i < sums.count(); ++i)
    out.data<float>()[i] = float(sums.data<int32_t>()[i]) * factors[i % product.columns];
}

/// QLinearAdd and QLinearMul: a, its scale and zero point, b, its, those of the result.
template <typename Function> static void qlinearBinary(Call &call, Function &&function) {
  const Tensor &a = call.in(0), &b = call.in(3);
  call.requireSameElement(0, 3);
  std::vector<float> left = dequantized(call, a, Scale(call, 1));
  std::vector<float> right = dequantized(call, b, Scale(call, 4));
  Tensor x(ElementType::F32, a.shape(), std::as_bytes(std::span(left)), nullptr);
  Tensor y(ElementType::F32, b.shape(), std::as_bytes(std::span(right)), nullptr);
  Shape shape = broadcastShape(call, a.shape(), b.shape());
  std::vector<float> values(checkedCount(shape, sizeof(float)));
  combine<float>(x, y, shape, values.data(), function);
  setQuantized(call, 0, values, shape, a.element(), Scale(call, 6));
}

static void qlinearAdd(Call &call) {
  qlinearBinary(call, [](float x, float y) { return x + y; });
}
static void qlinearMul(Call &call) {
  qlinearBinary(call, [](float x, float y) { return x * y; });
}

/// A function of one element: x, its scale and zero point, those of the result.
template <typename Function> static void qlinearUnary(Call &call, Function &&function) {
  const Tensor &in = call.in(0);
  std::vector<float> values = dequantized(call, in, Scale(call, 1));
  for (float &value : values)
    value = function(value);
  setQuantized(call, 0, values, in.shape(), in.element(), Scale(call, 3));
}

static void qlinearSigmoid(Call &call) {
  qlinearUnary(call, [](float x) { return 1 / (1 + std::exp(-x)); });
}
static void qlinearLeakyRelu(Call &call) {
  float alpha = float(call.real("alpha", 0.01));
  qlinearUnary(call, [=](float x) { return x < 0 ? alpha * x : x; });
}

static void qlinearConcat(Call &call) {
  call.require(call.inputCount() >= 5 && (call.inputCount() - 2) % 3 == 0, "has ",
               call.inputCount(), " operands");
  ElementType element = call.in(1).element();
  int64_t axis = call.axis(call.integer("axis", 1), call.in(2).rank());
  Shape shape = call.in(2).shape();
  shape[axis] = 0;
  for (size_t i = 2; i < call.inputCount(); i += 3) {
    Shape other = call.in(i).shape();
    call.require(other.size() == shape.size(), "operand ", i, " has another rank");
    int64_t size = std::exchange(other[axis], shape[axis]);
    call.require(other == shape, "operand ", i, " does not fit the others");
    shape[axis] += size;
  }
  std::vector<float> values(checkedCount(shape, sizeof(float)));
  AxisView whole(shape, axis);
  int64_t start = 0;
  for (size_t i = 2; i < call.inputCount(); i += 3) {
    std::vector<float> part = dequantized(call, call.in(i), Scale(call, i + 1));
    int64_t size = call.in(i).size(axis) * whole.inner;
    for (int64_t o = 0; o < whole.outer; ++o)
      std::copy_n(part.begin() + o * size, size,
                  values.begin() + o * whole.size * whole.inner + start);
    start += size;
  }
  setQuantized(call, 0, values, shape, element, Scale(call, 0));
}

/// The averages as reals, and their shape.
static std::pair<std::vector<float>, Shape> averages(const Call &call, const Tensor &in,
                                                     const Windows &windows, bool countPadding) {
  std::vector<float> from = dequantized(call, in, Scale(call, 1));
  Shape shape{in.size(0), in.size(1)};
  shape.insert(shape.end(), windows.output.begin(), windows.output.end());
  std::vector<float> values(checkedCount(shape, sizeof(float)));
  int64_t count = windows.outputs(), size = windows.inputs();
  for (int64_t window = 0; window < count; ++window) {
    std::vector<int64_t> offsets = windows.offsets(window, window + 1);
    std::erase(offsets, -1);
    int64_t divisor = countPadding ? windows.paddedTaps(window) : int64_t(offsets.size());
    for (int64_t image = 0; image < in.size(0) * in.size(1); ++image) {
      float sum = 0;
      for (int64_t offset : offsets)
        sum += from[image * size + offset];
      values[image * count + window] = sum / float(divisor);
    }
  }
  return {std::move(values), std::move(shape)};
}

/// The zero point is added before rounding, as onnxruntime does here alone: where it is odd, halves
/// fall the other way.
static void qlinearAveragePool(Call &call) {
  const Image image(call);
  const Tensor &in = image.tensor;
  auto [values, shape] =
      averages(call, in, bindWindows(call, in.shape(), kernelShape(call, in.rank() - 2)),
               call.integer("count_include_pad", 0));
  Scale to(call, 3);
  for (float &value : values)
    value = value / to.scale + float(to.zeroPoint);
  to.scale = 1;
  to.zeroPoint = 0;
  image.setResult(call, setQuantized(call, 0, values, shape, in.element(), to));
}

static void qlinearGlobalAveragePool(Call &call) {
  const Image image(call);
  const Tensor &in = image.tensor;
  call.require(in.rank() >= 3, "operand 0 of shape ", shapeText(in.shape()), " is no image");
  auto [values, shape] = averages(call, in, wholeImage(in.shape()), false);
  image.setResult(call, setQuantized(call, 0, values, shape, in.element(), Scale(call, 3)));
}

/// The mean over `axes`: x, its scale and zero point, those of the result.
static void qlinearReduceMean(Call &call) {
  const Tensor &in = call.in(0);
  std::vector<float> from = dequantized(call, in, Scale(call, 1));
  std::vector<int64_t> axes = call.axes(call.intList("axes"), in.rank());
  bool keep = call.integer("keepdims", 1) != 0;
  Shape result, kept;
  for (int64_t d = 0; d < in.rank(); ++d) {
    bool isFolded = axes.empty() || std::find(axes.begin(), axes.end(), d) != axes.end();
    kept.push_back(isFolded ? 1 : in.size(d));
    if (!isFolded || keep)
      result.push_back(kept.back());
  }
  std::vector<double> sums(checkedCount(kept, sizeof(double)));
  Shape strides = rowMajorStrides(in.shape()), to = rowMajorStrides(kept);
  for (int64_t i = 0; i < in.count(); ++i) {
    int64_t place = 0;
    for (int64_t d = 0; d < in.rank(); ++d)
      place += kept[d] == 1 ? 0 : i / strides[d] % in.size(d) * to[d];
    sums[place] += from[i];
  }
  double count = sums.empty() ? 1 : double(in.count()) / double(sums.size());
  std::vector<float> means(sums.size());
  std::transform(sums.begin(), sums.end(), means.begin(),
                 [count](double sum) { return float(sum / count); });
  setQuantized(call, 0, means, result, in.element(), Scale(call, 3));
}

static void qlinearSoftmax(Call &call) {
  const Tensor &in = call.in(0);
  int64_t axis = call.axis(call.integer("axis", -1), in.rank());
  AxisView view(in.shape(), axis);
  // Of an operator set before 13 the rows are all dimensions from `axis` on.
  if (call.integer("softmax_opset", 13) < 13) {
    view.size *= view.inner;
    view.inner = 1;
  }
  std::vector<float> values = dequantized(call, in, Scale(call, 1));
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < view.inner; ++i) {
      float *row = values.data() + o * view.size * view.inner + i;
      float largest = -std::numeric_limits<float>::infinity(), total = 0;
      for (int64_t j = 0; j < view.size; ++j)
        largest = std::max(largest, row[j * view.inner]);
      for (int64_t j = 0; j < view.size; ++j)
        total += row[j * view.inner] = std::exp(row[j * view.inner] - largest);
      for (int64_t j = 0; j < view.size; ++j)
        row[j * view.inner] /= total;
    }
  setQuantized(call, 0, values, in.shape(), in.element(), Scale(call, 3));
}

/// Integer product of two quantized matrices, scaled to floats, plus a bias: a, b, their scales,
/// their zero points, bias.
static void matMulIntegerToFloat(Call &call) {
  const Tensor &a = call.in(0), &b = call.in(1);
  BatchedProduct product(call, a.shape(), b.shape());
  Tensor sums(ElementType::I32, product.shape);
  product.run(centered(call, a, 4, a.rank() - 2).data(), centered(call, b, 5, b.rank() - 1).data(),
              sums.data<int32_t>());
  float left = float(call.number(2, 1));
  std::vector<float> right(call.in(3).count());
  call.require(right.size() == 1 || int64_t(right.size()) == product.columns, "has ", right.size(),
               " scales for ", product.columns, " columns");
  loadElements(call.in(3), right.data());
  std::vector<float> bias(product.columns, 0);
  if (call.has(6)) {
    call.require(call.in(6).count() == product.columns, "has ", call.in(6).count(), " biases for ",
                 product.columns, " columns");
    loadElements(call.in(6), bias.data());
  }
  Tensor &out = call.out(0, ElementType::F32, product.shape);
  for (int64_t i = 0; i < out.count(); ++i) {
    int64_t column = i % product.columns;
    out.data<float>()[i] =
        float(sums.data<int32_t>()[i]) * (left * right[right.size() == 1 ? 0 : column]) +
        bias[column];
  }
}

void pim::onnx::addQuantizedOperators(Registry &registry) {
  registry.add("ConvInteger", convInteger, 10);
  registry.add("QLinearConv", qlinearConv, 10);
  registry.add("QLinearMatMul", qlinearMatMul, 10);
  registry.add(microsoftDomain, "MatMulIntegerToFloat", matMulIntegerToFloat);
  registry.add(microsoftDomain, "QGemm", qgemm);
  registry.add(microsoftDomain, "QLinearAdd", qlinearAdd);
  registry.add(microsoftDomain, "QLinearAveragePool", qlinearAveragePool);
  registry.add(microsoftDomain, "QLinearConcat", qlinearConcat);
  registry.add(microsoftDomain, "QLinearConv", qlinearConv);
  registry.add(microsoftDomain, "QLinearGlobalAveragePool", qlinearGlobalAveragePool);
  registry.add(microsoftDomain, "QLinearLeakyRelu", qlinearLeakyRelu);
  registry.add(microsoftDomain, "QLinearMul", qlinearMul);
  registry.add(microsoftDomain, "QLinearReduceMean", qlinearReduceMean);
  registry.add(microsoftDomain, "QLinearSigmoid", qlinearSigmoid);
  registry.add(microsoftDomain, "QLinearSoftmax", qlinearSoftmax);
}
