//===- OutputOrder.h - which outputs should share arrays -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_OUTPUTORDER_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_OUTPUTORDER_H

#include "pim/Dialect/PIM/IR/PIMDialect.h"

#include <vector>

namespace mlir::pim {

/// An order of outputs in which those that weigh the same rows are neighbours; nothing where it
/// would take longer than `mostSteps` word operations to find one.
std::vector<int64_t> clusterOutputs(Conv2DOp op, ArrayRef<char> weights, int64_t tileCols,
                                    int64_t mostSteps);

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_OUTPUTORDER_H
