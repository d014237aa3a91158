//===- WeightBits.h - bits of weights under a budget of accuracy -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_WEIGHTBITS_H
#define PIM_LIB_QUANTIZATION_WEIGHTBITS_H

#include "SampleSource.h"
#include "WeightRounder.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "pim/TosaToGraph/TosaToGraph.h"

namespace mlir::pim {

/// Gives every free layer of `weights` the fewest bits such that options.maxAccuracyLoss is
/// expected to hold. docs/quantization.md says how it is expected. Emits an error if the model has
/// no scores to tell classes by. Throws pim::Error as the evaluator does.
LogicalResult chooseWeightBits(func::FuncOp function, const ::pim::graph::Graph &graph,
                               const TensorOfValue &tensors, SampleSource &samples,
                               const CalibrationOptions &options, WeightRounder &weights);

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_WEIGHTBITS_H
