//===- PruneWeights.h - zeros in a pattern by magnitude --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Projects the weights of a float model to the nearest ones whose zeros follow a pattern, before
// anything is quantized: what `pimc --prune` does. Without retraining this costs accuracy, soon a
// lot; pim-compress trains around it. Tested by test/Quantization/prune.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_QUANTIZATION_PRUNEWEIGHTS_H
#define PIM_QUANTIZATION_PRUNEWEIGHTS_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::pim {

/// Projects the weights of the convolutions and products with constant weights in `module` (float
/// TOSA, or with Q/DQ) by `patterns` ("filter=0.5,column=0.3" by layer;
/// pim/Sparsity/PatternSpec.h); nothing if it is empty. Patterns without a meaning for a layer's
/// shape are left out there, with a warning where a clause names the layer. Fails with an error at
/// the module where the text is wrong or names a layer that does not exist.
LogicalResult pruneWeights(ModuleOp module, llvm::StringRef patterns);

} // namespace mlir::pim

#endif // PIM_QUANTIZATION_PRUNEWEIGHTS_H
