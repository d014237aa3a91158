//===- Products.cpp - matrix products of numbers in memory ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Products.h"

#include <algorithm>
#include <oneapi/dnnl/dnnl.h>

using namespace pim;
using namespace pim::onnx;

/// Rows of `b` are added to the row of the result: all accesses are to neighbours.
template <typename T>
static void multiplyPlainly(int64_t rows, int64_t columns, int64_t depth, Matrix<const T> a,
                            Matrix<const T> b, Matrix<T> result) {
  for (int64_t i = 0; i < rows; ++i) {
    T *to = result.data + i * result.rowStep;
    std::fill_n(to, columns, T(0));
    for (int64_t k = 0; k < depth; ++k) {
      T factor = a.data[i * a.rowStep + k];
      const T *from = b.data + k * b.rowStep;
      for (int64_t j = 0; j < columns; ++j)
        to[j] += factor * from[j];
    }
  }
}

/// Signed integers wrap, which their unsigned kin do without undefined behaviour.
template <typename U, typename T>
static void multiplyWrapping(int64_t rows, int64_t columns, int64_t depth, Matrix<const T> a,
                             Matrix<const T> b, Matrix<T> result) {
  multiplyPlainly<U>(rows, columns, depth, {reinterpret_cast<const U *>(a.data), a.rowStep},
                     {reinterpret_cast<const U *>(b.data), b.rowStep},
                     {reinterpret_cast<U *>(result.data), result.rowStep});
}

void pim::onnx::multiply(int64_t rows, int64_t columns, int64_t depth, Matrix<const float> a,
                         Matrix<const float> b, Matrix<float> result) {
  bool fits = rows > 0 && columns > 0 && depth > 0;
  if (!fits || dnnl_sgemm('N', 'N', rows, columns, depth, 1, a.data, a.rowStep, b.data, b.rowStep,
                          0, result.data, result.rowStep) != dnnl_success)
    multiplyPlainly(rows, columns, depth, a, b, result);
}

void pim::onnx::multiply(int64_t rows, int64_t columns, int64_t depth, Matrix<const double> a,
                         Matrix<const double> b, Matrix<double> result) {
  multiplyPlainly(rows, columns, depth, a, b, result);
}

void pim::onnx::multiply(int64_t rows, int64_t columns, int64_t depth, Matrix<const int32_t> a,
                         Matrix<const int32_t> b, Matrix<int32_t> result) {
  multiplyWrapping<uint32_t>(rows, columns, depth, a, b, result);
}

void pim::onnx::multiply(int64_t rows, int64_t columns, int64_t depth, Matrix<const int64_t> a,
                         Matrix<const int64_t> b, Matrix<int64_t> result) {
  multiplyWrapping<uint64_t>(rows, columns, depth, a, b, result);
}

void pim::onnx::multiply(int64_t rows, int64_t columns, int64_t depth, Matrix<const uint64_t> a,
                         Matrix<const uint64_t> b, Matrix<uint64_t> result) {
  multiplyPlainly(rows, columns, depth, a, b, result);
}

BatchedProduct::BatchedProduct(const Call &call, const Shape &a, const Shape &b) {
  call.require(!a.empty() && !b.empty(), "multiplies a scalar");
  Shape left = a, right = b;
  if (a.size() == 1)
    left.insert(left.begin(), 1);
  if (b.size() == 1)
    right.push_back(1);
  rows = left[left.size() - 2];
  depth = left.back();
  columns = right.back();
  call.require(right[right.size() - 2] == depth, "cannot multiply ", shapeText(a), " and ",
               shapeText(b));
  Shape aBatches(left.begin(), left.end() - 2), bBatches(right.begin(), right.end() - 2);
  batches = broadcastShape(call, aBatches, bBatches);
  aStrides = broadcastStrides(aBatches, batches);
  bStrides = broadcastStrides(bBatches, batches);
  for (int64_t &stride : aStrides)
    stride *= rows * depth;
  for (int64_t &stride : bStrides)
    stride *= depth * columns;
  shape = batches;
  if (a.size() > 1)
    shape.push_back(rows);
  if (b.size() > 1)
    shape.push_back(columns);
}

std::pair<Tensor, Tensor> pim::onnx::turnedMatrices(const Call &call, size_t left, size_t right) {
  Tensor a = call.in(left), b = call.in(right);
  call.require(a.rank() == 2 && b.rank() == 2 && !a.isText() && !b.isText(), "operands of shapes ",
               shapeText(a.shape()), " and ", shapeText(b.shape()), " are no matrices");
  if (call.integer("transA", 0))
    a = transposed(a, {1, 0});
  if (call.integer("transB", 0))
    b = transposed(b, {1, 0});
  return {std::move(a), std::move(b)};
}
