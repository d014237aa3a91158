//===- BoxChecks.h - what instructions require of boxes ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PIM_LIB_DIALECT_ISA_IR_BOXCHECKS_H
#define PIM_LIB_DIALECT_ISA_IR_BOXCHECKS_H

#include "pim/Dialect/ISA/IR/ISAOps.h"

namespace mlir::pim::isa {

// Each emits an error at instruction `op` where a box that it names is not as required.

LogicalResult requireSameSizes(Operation *op, TensorOp a, TensorOp b);
/// `tensor` holds integers of one of `widths` bits.
LogicalResult requireElement(Operation *op, TensorOp tensor, ArrayRef<unsigned> widths);
LogicalResult requireSizes(Operation *op, TensorOp tensor, ArrayRef<int64_t> sizes);
/// The elements of `tensor` can hold `min` to `max`.
LogicalResult requireRange(Operation *op, TensorOp tensor, int64_t min, int64_t max);

} // namespace mlir::pim::isa

#endif // PIM_LIB_DIALECT_ISA_IR_BOXCHECKS_H
