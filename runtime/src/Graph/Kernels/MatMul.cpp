//===- MatMul.cpp - matmul and transpose_conv2d ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "Products.h"

#include <algorithm>
#include <memory>

using namespace pim;
using namespace pim::graph;

namespace {

/// [N, H, C] x [N, C, W] -> [N, H, W]; N of either operand may be 1.
template <typename Element> struct MatMul {
  using Operand = typename Wide<Element>::Operand;
  using Sum = typename Wide<Element>::Sum;
  using Result = typename Wide<Element>::Result;

  int64_t batch, rows, inner, cols;
  int64_t strideA, strideB;
  std::vector<Operand> row;       ///< of a
  std::vector<Operand> transpose; ///< b, columns contiguous

  void run(const Buffers &buffers) {
    Element zeroA = *buffers.in<Element>(2), zeroB = *buffers.in<Element>(3);
    Result *out = buffers.out<Result>();
    for (int64_t n = 0; n < batch; ++n) {
      const Element *a = buffers.in<Element>(0) + n * strideA;
      const Element *b = buffers.in<Element>(1) + n * strideB;
      if (n == 0 || strideB != 0)
        for (int64_t k = 0; k < inner; ++k)
          for (int64_t w = 0; w < cols; ++w)
            transpose[w * inner + k] =
                static_cast<Operand>(static_cast<Operand>(b[k * cols + w]) - zeroB);
      for (int64_t h = 0; h < rows; ++h) {
        widen(a + h * inner, zeroA, row.data(), inner);
        for (int64_t w = 0; w < cols; ++w)
          *out++ = static_cast<Result>(
              dot<Operand, Sum>(row.data(), transpose.data() + w * inner, inner));
      }
    }
  }
};

} // namespace

Step pim::graph::prepareMatMul(const Binding &op) {
  op.expectOperands(4);
  op.expectRank(0, 3);
  op.expectRank(1, 3);
  op.expectScalar(2);
  op.expectScalar(3);
  ElementType element = op.input(0).element;
  op.expectElement(op.input(1), element, "operand 1");
  op.expectElement(op.input(2), element, "zero point of a");
  op.expectElement(op.input(3), element, "zero point of b");
  const Shape &a = op.input(0).shape, &b = op.input(1).shape;
  if (a[2] != b[1] || (a[0] != b[0] && a[0] != 1 && b[0] != 1))
    op.fail("operands ", shapeText(a), " and ", shapeText(b), " do not fit");
  int64_t batch = std::max(a[0], b[0]);
  op.expectOutputShape({batch, a[1], b[2]});
  auto make = [&]<typename Element>(Element, ElementType result) -> Step {
    op.expectElement(op.output(), result, "the result");
    auto product = std::make_shared<MatMul<Element>>();
    product->batch = batch;
    product->rows = a[1];
    product->inner = a[2];
    product->cols = b[2];
    product->strideA = a[0] == 1 ? 0 : a[1] * a[2];
    product->strideB = b[0] == 1 ? 0 : b[1] * b[2];
    product->row.resize(a[2]);
    product->transpose.resize(b[1] * b[2]);
    return [product](const Buffers &buffers) { product->run(buffers); };
  };
  switch (element) {
  case ElementType::I8:
    return make(int8_t(), ElementType::I32);
  case ElementType::I16:
    return make(int16_t(), ElementType::I64);
  case ElementType::F32:
    return make(float(), ElementType::F32);
  default:
    op.failElement();
  }
}

/// Every input element adds its products to the outputs that its kernel reaches.
Step pim::graph::prepareTransposeConv2d(const Binding &op) {
  op.expectOperands(5);
  op.expectRank(0, 4);
  op.expectRank(1, 4);
  const Shape input = op.input(0).shape, weight = op.input(1).shape;
  bindConvolution(op, weight[0]);
  std::vector<int64_t> pad = op.integers("out_pad", 4), stride = op.integers("stride", 2);
  if (weight[3] != input[3])
    op.fail("weight ", shapeText(weight), " does not fit the channels of the input ",
            shapeText(input));
  constexpr int64_t limit = 1 << 24;
  for (int i = 0; i < 4; ++i)
    if (pad[i] <= -weight[1 + i / 2] || pad[i] > limit || stride[i / 2] < 1 ||
        stride[i / 2] > limit)
      op.fail("out_pad ", shapeText(pad), " or stride ", shapeText(stride), " is impossible");
  Shape output = {input[0], (input[1] - 1) * stride[0] + pad[0] + pad[1] + weight[1],
                  (input[2] - 1) * stride[1] + pad[2] + pad[3] + weight[2], weight[0]};
  op.expectOutputShape(output);
  bool biasPerChannel = elementCount(op.input(2).shape) != 1;
  return dispatchElement(op, [&]<typename Element, typename Weight>(Element, Weight) -> Step {
    return [=](const Buffers &buffers) {
      using Sum = typename Wide<Element>::Sum;
      using Result = typename Wide<Element>::Result;
      Sum zeroPoint = *buffers.in<Element>(3), weightZeroPoint = *buffers.in<Weight>(4);
      std::vector<Sum> sums(elementCount(output));
      for (size_t i = 0; i < sums.size(); ++i)
        sums[i] = buffers.in<Result>(2)[biasPerChannel ? i % output[3] : 0];
      const Element *in = buffers.in<Element>(0);
      for (int64_t n = 0; n < input[0]; ++n)
        for (int64_t iy = 0; iy < input[1]; ++iy)
          for (int64_t ix = 0; ix < input[2]; ++ix, in += input[3])
            for (int64_t o = 0; o < weight[0]; ++o)
              for (int64_t ky = 0; ky < weight[1]; ++ky)
                for (int64_t kx = 0; kx < weight[2]; ++kx) {
                  int64_t y = iy * stride[0] + pad[0] + ky, x = ix * stride[1] + pad[2] + kx;
                  if (y < 0 || y >= output[1] || x < 0 || x >= output[2])
                    continue;
                  const Weight *taps =
                      buffers.in<Weight>(1) + ((o * weight[1] + ky) * weight[2] + kx) * weight[3];
                  Sum &sum = sums[((n * output[1] + y) * output[2] + x) * output[3] + o];
                  for (int64_t c = 0; c < input[3]; ++c)
                    sum = addBias<Sum>(sum, (in[c] - zeroPoint) * (taps[c] - weightZeroPoint));
                }
      for (size_t i = 0; i < sums.size(); ++i)
        buffers.out<Result>()[i] = static_cast<Result>(sums[i]);
    };
  });
}
