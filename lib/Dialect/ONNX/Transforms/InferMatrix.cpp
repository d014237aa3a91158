//===- InferMatrix.cpp - products and reductions ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

static LogicalResult expectFloats(const NodeBinder &binder, unsigned count) {
  Type first = cast<RankedTensorType>(binder.getInput(0).getType()).getElementType();
  for (unsigned index = 0; index < count; ++index) {
    auto type = cast<RankedTensorType>(binder.getInput(index).getType());
    if (type.getElementType() != first || !isa<FloatType>(first))
      return binder.fail("input ") << index << " has elements of type " << type.getElementType()
                                   << ", expected floats, the same for all inputs";
  }
  return success();
}

static LogicalResult inferGemm(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(2, 3)))
    return failure();
  auto a = binder.getInputType(0, 2, 2);
  auto b = failed(a) ? MaybeType() : binder.getInputType(1, 2, 2);
  if (failed(b) || failed(expectFloats(binder, 2)))
    return failure();
  auto transA = binder.getInt("transA", 0);
  auto transB = failed(transA) ? MaybeInt() : binder.getInt("transB", 0);
  if (failed(transB))
    return failure();
  int64_t rows = a->getDimSize(*transA ? 1 : 0), inner = a->getDimSize(*transA ? 0 : 1);
  int64_t columns = b->getDimSize(*transB ? 0 : 1);
  if (b->getDimSize(*transB ? 1 : 0) != inner)
    return binder.fail("inputs of shape ") << shapeText(a->getShape()) << " and "
                                           << shapeText(b->getShape()) << " cannot be multiplied";
  if (binder.hasInput(2)) {
    auto c = binder.getInputType(2, 0, 2);
    if (failed(c))
      return failure();
    auto shape = broadcastShapes(binder, c->getShape(), {rows, columns});
    if (failed(shape))
      return failure();
    if (*shape != SmallVector<int64_t>{rows, columns})
      return binder.fail("input 2 of shape ")
             << shapeText(c->getShape()) << " does not broadcast to " << shapeText({rows, columns});
  }
  auto type = binder.makeType({rows, columns}, a->getElementType());
  if (failed(type))
    return failure();
  results.push_back(*type);
  return success();
}

static LogicalResult inferMatMul(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(2, 2)))
    return failure();
  auto a = binder.getInputType(0, 1, 16);
  auto b = failed(a) ? MaybeType() : binder.getInputType(1, 1, 16);
  if (failed(b) || failed(expectFloats(binder, 2)))
    return failure();
  // Vectors count as a row on the left and a column on the right; that dimension is dropped from
  // the result.
  SmallVector<int64_t> left(a->getShape()), right(b->getShape());
  if (left.size() == 1)
    left.insert(left.begin(), 1);
  if (right.size() == 1)
    right.push_back(1);
  if (left.back() != right[right.size() - 2])
    return binder.fail("inputs of shape ") << shapeText(a->getShape()) << " and "
                                           << shapeText(b->getShape()) << " cannot be multiplied";
  auto shape = broadcastShapes(binder, ArrayRef(left).drop_back(2), ArrayRef(right).drop_back(2));
  if (failed(shape))
    return failure();
  if (a->getRank() > 1)
    shape->push_back(left[left.size() - 2]);
  if (b->getRank() > 1)
    shape->push_back(right.back());
  auto type = binder.makeType(*shape, a->getElementType());
  if (failed(type))
    return failure();
  results.push_back(*type);
  return success();
}

static LogicalResult inferReduction(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 2)))
    return failure();
  auto type = binder.getInputType(0);
  auto given = failed(type) ? MaybeIntsOrNone() : binder.getIntsOrInput("axes", 1);
  auto keep = failed(given) ? MaybeInt() : binder.getInt("keepdims", 1);
  auto noop = failed(keep) ? MaybeInt() : binder.getInt("noop_with_empty_axes", 0);
  if (failed(noop))
    return failure();
  auto axes = binder.normalizeAxes(given->value_or(SmallVector<int64_t>()), type->getRank());
  if (failed(axes))
    return failure();
  bool reducesAll = axes->empty() && *noop == 0;
  SmallVector<int64_t> shape;
  for (int64_t dim = 0; dim < type->getRank(); ++dim) {
    if (!reducesAll && !llvm::is_contained(*axes, dim))
      shape.push_back(type->getDimSize(dim));
    else if (*keep)
      shape.push_back(1);
  }
  results.push_back(type->clone(shape, type->getElementType()));
  return success();
}

ArrayRef<OperatorInference> mlir::pim::onnx::matrixInference() {
  static const OperatorInference entries[] = {
      {"Gemm", inferGemm, nullptr, 7},     {"MatMul", inferMatMul},
      {"ReduceMax", inferReduction},       {"ReduceMean", inferReduction},
      {"ReduceMin", inferReduction},       {"ReduceProd", inferReduction},
      {"ReduceSum", inferReduction},       {"ReduceL1", inferReduction},
      {"ReduceL2", inferReduction},        {"ReduceLogSum", inferReduction},
      {"ReduceLogSumExp", inferReduction}, {"ReduceSumSquare", inferReduction},
  };
  return entries;
}
