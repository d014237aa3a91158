//===- Decomposition.h - what the error of the scores is of ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A calibrated module with one thing at a time left in floats, so that the error that quantization
// makes can be told apart.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_BENCH_QUANTIZATION_DECOMPOSITION_H
#define PIM_BENCH_QUANTIZATION_DECOMPOSITION_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::pim {

/// Calls `visit` with each variant of `calibrated`, which calibration made of `original` (float
/// TOSA): all weights and biases in floats; all activations, so that nothing but the weights is
/// rounded; then the activations by what makes them: inputs, results, sums of two tensors, all
/// others. With `each` every activation alone follows, named after its layer.
void visitRelaxed(ModuleOp original, ModuleOp calibrated, bool each,
                  llvm::function_ref<void(llvm::StringRef name, ModuleOp relaxed)> visit);

} // namespace mlir::pim

#endif // PIM_BENCH_QUANTIZATION_DECOMPOSITION_H
