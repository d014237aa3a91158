//===- Calibration.h - post-training quantization on data ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a float TOSA function on sample inputs, collects the distribution of every value that will
// be an integer, and writes the chosen scales and zero points into the function as
// quant.qcast/quant.dcast. docs/quantization.md says where casts are placed and how ranges are
// chosen.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_QUANTIZATION_CALIBRATION_H
#define PIM_QUANTIZATION_CALIBRATION_H

#include "mlir/IR/BuiltinOps.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mlir::pim {

/// How the range of a tensor is chosen from its distribution.
enum class RangeMethod {
  MinMax,     ///< everything seen
  Percentile, ///< all but the outermost values
  Mse         ///< the range with the least mean squared error of rounding and clipping together
};

/// "min-max", "percentile", "mse"; nothing for any other text.
std::optional<RangeMethod> parseRangeMethod(llvm::StringRef text);
llvm::StringRef rangeMethodName(RangeMethod method);

/// How raw bytes become the model's input: (byte * scale - mean) / std, per channel where several
/// are given. Float data are taken as they are. Layout is "nhwc", "nchw" or empty where the file or
/// the model says it.
struct CalibrationPreprocess {
  double scale = 1;
  std::vector<double> mean;
  std::vector<double> std;
  std::string layout;
};

struct CalibrationOptions {
  /// Data files, each "PATH" (inputs in order) or "NAME=PATH". Empty: seeded random inputs, with a
  /// warning.
  std::vector<std::string> data;
  CalibrationPreprocess preprocess;
  /// How many samples are used at most.
  int64_t samples = 256;
  RangeMethod method = RangeMethod::Mse;
  /// Of 100: the part of the values that RangeMethod::Percentile keeps.
  double percentile = 99.99;
  unsigned weightBits = 8;     ///< 1..8
  unsigned activationBits = 8; ///< 1..8
  uint64_t seed = 1;
  /// Called after every sample with the number done and the number in all.
  std::function<void(int64_t done, int64_t total)> progress;
};

/// Calibrates the public functions of `module` (float TOSA, or Q/DQ: values that have casts already
/// are left as they are) and inserts quant.qcast/quant.dcast. Sets the module attributes
/// `pim.weight_bits` and `pim.activation_bits`. On failure errors were emitted: no data, data of
/// another shape than the model's, values that are not finite.
LogicalResult calibrateAndInsertQuantization(ModuleOp module, const CalibrationOptions &options);

/// True if `module` has no cast at all, so that it needs calibration before it can become integers.
bool needsCalibration(ModuleOp module);

} // namespace mlir::pim

#endif // PIM_QUANTIZATION_CALIBRATION_H
