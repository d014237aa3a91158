//===- WeightCoding.h - weights on the levels of a code --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounds the weights of an integer model to codes that leave bit planes empty: fewer bits, windows
// of bits, powers of two (pim/Codes/LevelSet.h). The scale of each output is chosen anew and goes
// into its rescale; the error of each weight is made good by those that follow it, as far as the
// inputs of the layer are correlated, and what is left on average goes into the bias.
//
// Sources: bit-sparse codes of SME; rounding with error feedback after Frantar et al., "GPTQ"
// (2022). Tested by test/Tools/pimc/recorded-codes.mlir and
// test/e2e/run_layers.py; docs/quantization.md.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_QUANTIZATION_WEIGHTCODING_H
#define PIM_QUANTIZATION_WEIGHTCODING_H

#include "mlir/IR/BuiltinOps.h"
#include "pim/Quantization/Calibration.h"

#include <string>

namespace mlir::pim {

struct WeightCodeOptions {
  /// Codes by layer ("window:3;conv1=fixed:8;#-1=fixed:8"), or "auto": for each layer the one of
  /// least bits whose error is within the budget. Empty: weights stay as they are; those on the
  /// levels of `recorded` are marked so.
  std::string codes;
  /// For "auto": squared error of a layer's results over their squares.
  double errorBudget = 0.01;
  /// The codes by layer that the model's file records; empty: none.
  std::string recorded;
};

/// Codes the weights of the integer convolutions of `module` (integer TOSA) whose result only a
/// rescale uses; others keep theirs. Sets `pim.weight_bits` and `pim.weight_code` on each. The
/// inputs come from `calibration`; without data all inputs of a layer count alike. Fails with an
/// error at the module where a code or a layer is unknown or a code needs more than 8 bits. Warns
/// of weights that are not on their recorded levels, which then keep eight bits.
LogicalResult codeWeights(ModuleOp module, const WeightCodeOptions &options,
                          const CalibrationOptions &calibration);

} // namespace mlir::pim

#endif // PIM_QUANTIZATION_WEIGHTCODING_H
