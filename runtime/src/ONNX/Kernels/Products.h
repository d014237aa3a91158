//===- Products.h - matrix products of numbers in memory --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_KERNELS_PRODUCTS_H
#define PIM_RUNTIME_SRC_ONNX_KERNELS_PRODUCTS_H

#include "../Index.h"

#include <utility>

namespace pim::onnx {

/// A matrix in memory: element (i, j) is at i * rowStep + j.
template <typename T> struct Matrix {
  T *data;
  int64_t rowStep;
};

/// result[rows, columns] = a[rows, depth] * b[depth, columns], overwritten. Floats run in oneDNN;
/// int32_t wraps.
void multiply(int64_t rows, int64_t columns, int64_t depth, Matrix<const float> a,
              Matrix<const float> b, Matrix<float> result);
void multiply(int64_t rows, int64_t columns, int64_t depth, Matrix<const double> a,
              Matrix<const double> b, Matrix<double> result);
void multiply(int64_t rows, int64_t columns, int64_t depth, Matrix<const int32_t> a,
              Matrix<const int32_t> b, Matrix<int32_t> result);
void multiply(int64_t rows, int64_t columns, int64_t depth, Matrix<const int64_t> a,
              Matrix<const int64_t> b, Matrix<int64_t> result);
void multiply(int64_t rows, int64_t columns, int64_t depth, Matrix<const uint64_t> a,
              Matrix<const uint64_t> b, Matrix<uint64_t> result);

/// A product of NumPy's matmul: matrices in the last two dimensions, the others broadcast; a list
/// is a row on the left, a column on the right, and gives no dimension of the result.
struct BatchedProduct {
  Shape shape;              ///< of the result
  Shape batches;            ///< its leading dimensions
  Shape aStrides, bStrides; ///< elements between neighbours along `batches`
  int64_t rows, columns, depth;

  /// Fails if the shapes do not fit.
  BatchedProduct(const Call &call, const Shape &a, const Shape &b);

  /// body(offset in a, offset in b, offset in the result) for each matrix.
  template <typename Body> void forEachMatrix(Body &&body) const {
    int64_t matrix = 0;
    forEachRow<2>(
        batches, {aStrides, bStrides}, [&](const auto &offsets, const auto &steps, int64_t size) {
          for (int64_t i = 0; i < size; ++i)
            body(offsets[0] + i * steps[0], offsets[1] + i * steps[1], matrix++ * rows * columns);
        });
  }

  template <typename T> void run(const T *a, const T *b, T *result) const {
    forEachMatrix([&](int64_t atA, int64_t atB, int64_t to) {
      multiply(rows, columns, depth, Matrix<const T>{a + atA, depth},
               Matrix<const T>{b + atB, columns}, Matrix<T>{result + to, columns});
    });
  }
};

/// Two operands that are matrices of numbers, turned where `transA` and `transB` say so. Fails if
/// they are not.
std::pair<Tensor, Tensor> turnedMatrices(const Call &call, size_t left, size_t right);

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_KERNELS_PRODUCTS_H
