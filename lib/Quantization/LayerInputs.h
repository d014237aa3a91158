//===- LayerInputs.h - what layers see of samples --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_LAYERINPUTS_H
#define PIM_LIB_QUANTIZATION_LAYERINPUTS_H

#include "InputMoments.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Elements/Elements.h"
#include "pim/Quantization/Calibration.h"

#include <optional>

namespace mlir::pim {

/// An integer convolution with constant weights whose result one rescale uses.
struct CodedConvolution {
  Operation *op;
  LinearShape shape;
  tosa::RescaleOp rescale;
  int64_t inputZeroPoint = 0, weightZeroPoint = 0;
  std::optional<Elements> weights, bias;

  /// Nothing if `op` is none.
  static std::optional<CodedConvolution> of(Operation *op);

  /// The weights of an output without their zero point.
  std::vector<float> weightsOf(int64_t output) const;
};

/// Moments of what each convolution sees of the calibration data of `options`, less the zero point,
/// in the order of `convolutions`. Without data they have seen nothing. Throws pim::Error where the
/// data do not fit the model.
FailureOr<std::vector<InputMoments>> collectMoments(func::FuncOp function,
                                                    ArrayRef<CodedConvolution> convolutions,
                                                    const CalibrationOptions &options);

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_LAYERINPUTS_H
