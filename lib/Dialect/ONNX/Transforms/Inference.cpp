//===- Inference.cpp - what is known about operators ----------------------===//
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

const OperatorInference *mlir::pim::onnx::lookupInference(StringRef name, int64_t opset) {
  for (ArrayRef<OperatorInference> family :
       {elementwiseInference(), matrixInference(), shapeInference(), windowInference()})
    for (const OperatorInference &entry : family)
      if (entry.name == name && entry.firstOpset <= opset && opset <= entry.lastOpset)
        return &entry;
  return nullptr;
}

FailureOr<SmallVector<int64_t>> mlir::pim::onnx::broadcastShapes(const NodeBinder &binder,
                                                                 ArrayRef<int64_t> a,
                                                                 ArrayRef<int64_t> b) {
  SmallVector<int64_t> result(std::max(a.size(), b.size()), 1);
  for (size_t back = 1; back <= result.size(); ++back) {
    int64_t left = back <= a.size() ? a[a.size() - back] : 1;
    int64_t right = back <= b.size() ? b[b.size() - back] : 1;
    if (left != right && left != 1 && right != 1)
      return binder.fail("inputs of shape ")
             << shapeText(a) << " and " << shapeText(b) << " do not broadcast";
    result[result.size() - back] = left == 1 ? right : left;
  }
  return result;
}

SmallVector<int64_t> mlir::pim::onnx::broadcastIndices(ArrayRef<int64_t> from,
                                                       ArrayRef<int64_t> to) {
  SmallVector<int64_t> strides(to.size(), 0);
  int64_t stride = 1;
  for (size_t back = 1; back <= from.size(); ++back) {
    int64_t size = from[from.size() - back];
    strides[to.size() - back] = size == 1 ? 0 : stride;
    stride *= size;
  }
  SmallVector<int64_t> result, position(to.size(), 0);
  int64_t count = *countElements(to), index = 0;
  result.reserve(count);
  for (int64_t n = 0; n < count; ++n) {
    result.push_back(index);
    for (int64_t dim = int64_t(to.size()) - 1; dim >= 0; --dim) {
      index += strides[dim];
      if (++position[dim] < to[dim])
        break;
      index -= strides[dim] * to[dim];
      position[dim] = 0;
    }
  }
  return result;
}
