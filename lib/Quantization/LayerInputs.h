//===- LayerInputs.h - what layers see of samples --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_LAYERINPUTS_H
#define PIM_LIB_QUANTIZATION_LAYERINPUTS_H

#include "ErrorFeedback.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Elements/Elements.h"
#include "pim/Quantization/Calibration.h"

#include <optional>

namespace mlir::pim {

/// An integer convolution with constant weights whose result one rescale uses.
struct CodedConvolution {
  Operation *op = nullptr;
  tosa::RescaleOp rescale;
  bool isDepthwise = false;
  int64_t outputs = 0, taps = 0, channels = 0, multiplier = 1; ///< channels of a group
  int64_t inputZeroPoint = 0, weightZeroPoint = 0;
  SmallVector<int64_t> pad, stride, dilation, kernel;
  std::optional<Elements> weights, bias;

  /// Nothing if `op` is none.
  static std::optional<CodedConvolution> of(Operation *op);

  int64_t rows() const { return taps * (isDepthwise ? 1 : channels); }
  /// Matrices that see inputs of their own: one, or one for each channel.
  int64_t matrices() const { return isDepthwise ? channels : 1; }
  int64_t matrixOf(int64_t output) const { return isDepthwise ? output / multiplier : 0; }
  /// Where the weight of an output in a row of its matrix lies in the constant.
  int64_t indexOf(int64_t output, int64_t row) const {
    return isDepthwise ? row * outputs + output : output * rows() + row;
  }
};

/// Moments of the inputs of each matrix of each convolution over the calibration data of `options`,
/// in the order of `convolutions`. Without data they are empty. Throws pim::Error where the data do
/// not fit the model.
FailureOr<std::vector<std::vector<VectorMoments>>>
collectMoments(func::FuncOp function, ArrayRef<CodedConvolution> convolutions,
               const CalibrationOptions &options);

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_LAYERINPUTS_H
