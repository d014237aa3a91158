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

/// Whether a calibration sample is for trying bits, and so kept from the rounding that is tried:
/// every second one, if there are several.
inline bool isForTrials(int64_t sample, int64_t samples) { return samples == 1 || sample % 2 == 1; }

/// Gives every free layer of `weights` the fewest bits such that options.maxAccuracyLoss is
/// holds on the samples for trials. docs/quantization.md says how they are found. Emits an error if
/// the model has no scores to tell classes by. Throws pim::Error as the evaluator does.
LogicalResult chooseWeightBits(func::FuncOp function, const ::pim::graph::Graph &graph,
                               const TensorOfValue &tensors, SampleSource &samples,
                               const CalibrationOptions &options, WeightRounder &weights);

/// Gives all free layers a step more of bits as long as the weights, as they will be rounded, lose
/// more than options.maxAccuracyLoss on the samples for trials.
void confirmWeightBits(const ::pim::graph::Graph &graph, const TensorOfValue &tensors,
                       SampleSource &samples, const CalibrationOptions &options,
                       WeightRounder &weights);

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_WEIGHTBITS_H
