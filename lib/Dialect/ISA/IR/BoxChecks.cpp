//===- BoxChecks.cpp - what instructions require of boxes ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BoxChecks.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::pim::isa;

/// What instructions call `tensor`: its position among the tensors of its core.
static int64_t indexOf(TensorOp tensor) {
  auto tensors = tensor->getBlock()->getOps<TensorOp>();
  return std::distance(tensors.begin(), llvm::find(tensors, tensor));
}

LogicalResult mlir::pim::isa::requireSameSizes(Operation *op, TensorOp a, TensorOp b) {
  if (a.getSizes() == b.getSizes())
    return success();
  return op->emitOpError("has boxes of different sizes: [")
         << a.getSizes() << "] of tensor " << indexOf(a) << " and [" << b.getSizes()
         << "] of tensor " << indexOf(b);
}

LogicalResult mlir::pim::isa::requireElement(Operation *op, TensorOp tensor,
                                             ArrayRef<unsigned> widths) {
  if (tensor.getElement().isInteger() &&
      llvm::is_contained(widths, tensor.getElement().getIntOrFloatBitWidth()))
    return success();
  InFlightDiagnostic diagnostic = op->emitOpError("has a box with elements of type ")
                                  << tensor.getElement() << " in tensor " << indexOf(tensor)
                                  << ", expected ";
  llvm::interleave(
      widths, [&](unsigned width) { diagnostic << "i" << width; }, [&] { diagnostic << " or "; });
  return diagnostic;
}

LogicalResult mlir::pim::isa::requireSizes(Operation *op, TensorOp tensor,
                                           ArrayRef<int64_t> sizes) {
  if (tensor.getSizes() == sizes)
    return success();
  return op->emitOpError("writes a box of sizes [")
         << tensor.getSizes() << "] in tensor " << indexOf(tensor) << ", expected [" << sizes
         << "]";
}

LogicalResult mlir::pim::isa::requireRange(Operation *op, TensorOp tensor, int64_t min,
                                           int64_t max) {
  unsigned width = tensor.getElement().getIntOrFloatBitWidth();
  if (llvm::isIntN(width, min) && llvm::isIntN(width, max))
    return success();
  return op->emitOpError("writes values from ")
         << min << " to " << max << " to tensor " << indexOf(tensor) << " with elements of type "
         << tensor.getElement();
}
