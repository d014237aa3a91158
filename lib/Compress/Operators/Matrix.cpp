//===- Matrix.cpp - Gemm, MatMul ------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

namespace pim::compress {

static std::vector<Tensor> gemm(Call &call) {
  Tensor a = call.input(0), b = call.input(1);
  if (a.dim() != 2 || b.dim() != 2)
    call.node.fail("inputs have ", a.dim(), " and ", b.dim(), " dimensions, expected 2");
  if (call.node.integer("transA", 0))
    a = a.t();
  if (call.node.integer("transB", 0))
    b = b.t();
  double alpha = call.node.real("alpha", 1), beta = call.node.real("beta", 1);
  Tensor product;
  if (call.has(2) && alpha == 1 && beta == 1 && call.inputs[2].dim() == 1)
    return {at::addmm(call.inputs[2], a, b)};
  product = at::matmul(a, b);
  if (alpha != 1)
    product = product * alpha;
  if (call.has(2))
    product = product + (beta == 1 ? call.inputs[2] : call.inputs[2] * beta);
  return {product};
}

static std::vector<Tensor> matMul(Call &call) { return {at::matmul(call.input(0), call.input(1))}; }

std::span<const OperatorEntry> matrixOperators() {
  static const OperatorEntry entries[] = {{"Gemm", gemm}, {"MatMul", matMul}};
  return entries;
}

} // namespace pim::compress
