//===- Matrix.cpp - MatMul, Gemm and their integer kin --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Binary.h"
#include "Products.h"
#include "Quantization.h"

#include <cmath>

using namespace pim;
using namespace pim::onnx;

static void matMul(Call &call) {
  call.requireSameElement(0, 1);
  const Tensor &a = call.in(0), &b = call.in(1);
  call.require(!a.isText(), "has no meaning for texts");
  BatchedProduct product(call, a.shape(), b.shape());
  Tensor &out = call.out(0, a.element(), product.shape);
  visitWide(a.element(), [&]<typename W>(W) {
    Reader<W> left(a), right(b);
    Writer<W> to(out);
    product.run(left.data(), right.data(), to.data());
  });
}

/// alpha * A * B + beta * C, with A and B turned if so wished.
static void gemm(Call &call) {
  call.requireSameElement(0, 1);
  const auto [a, b] = turnedMatrices(call, 0, 1);
  BatchedProduct product(call, a.shape(), b.shape());
  double alpha = call.real("alpha", 1), beta = call.real("beta", 1);
  Tensor &out = call.out(0, a.element(), product.shape);
  visitWide(a.element(), [&]<typename W>(W) {
    Reader<W> left(a), right(b);
    Writer<W> to(out);
    product.run(left.data(), right.data(), to.data());
    if (alpha != 1)
      for (int64_t i = 0; i < out.count(); ++i)
        to[i] = W(W(alpha) * to[i]);
    if (!call.has(2) || beta == 0)
      return;
    const Tensor &c = call.in(2);
    call.require(broadcastShape(call, c.shape(), out.shape()) == out.shape(), "operand 2 of shape ",
                 shapeText(c.shape()), " does not broadcast to ", shapeText(out.shape()));
    call.requireSameElement(0, 2);
    Tensor products(nativeType<W>(), out.shape(),
                    std::as_bytes(std::span<const W>(to.data(), size_t(out.count()))), nullptr);
    combine<W>(products, c, out.shape(), to.data(), [=](W x, W y) { return W(x + W(beta) * y); });
  });
}

static void matMulInteger(Call &call) {
  const Tensor &a = call.in(0), &b = call.in(1);
  BatchedProduct product(call, a.shape(), b.shape());
  Tensor &out = call.out(0, ElementType::I32, product.shape);
  product.run(centered(call, a, 2, a.rank() - 2).data(), centered(call, b, 3, b.rank() - 1).data(),
              out.data<int32_t>());
}

/// The determinant of each matrix, by elimination with the largest pivot.
static void det(Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.rank() >= 2 && in.size(in.rank() - 1) == in.size(in.rank() - 2) &&
                   isFloat(in.element()),
               "operand 0 of shape ", shapeText(in.shape()), " holds no square matrices");
  int64_t n = in.size(in.rank() - 1);
  Tensor &out = call.out(0, in.element(), Shape(in.shape().begin(), in.shape().end() - 2));
  std::vector<double> values(in.count());
  loadElements(in, values.data());
  Writer<double> to(out);
  for (int64_t matrix = 0; matrix < out.count(); ++matrix) {
    double *m = values.data() + matrix * n * n, result = 1;
    for (int64_t k = 0; k < n && result != 0; ++k) {
      int64_t pivot = k;
      for (int64_t i = k + 1; i < n; ++i)
        if (std::fabs(m[i * n + k]) > std::fabs(m[pivot * n + k]))
          pivot = i;
      if (pivot != k) {
        std::swap_ranges(m + k * n, m + k * n + n, m + pivot * n);
        result = -result;
      }
      result *= m[k * n + k];
      for (int64_t i = k + 1; i < n && result != 0; ++i) {
        double factor = m[i * n + k] / m[k * n + k];
        for (int64_t j = k; j < n; ++j)
          m[i * n + j] -= factor * m[k * n + j];
      }
    }
    to[matrix] = result;
  }
}

void pim::onnx::addMatrix(Registry &registry) {
  registry.add("Det", det, 11);
  registry.add("Gemm", gemm);
  registry.add("MatMul", matMul);
  registry.add("MatMulInteger", matMulInteger, 10);
}
