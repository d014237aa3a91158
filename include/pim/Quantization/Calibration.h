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
#include "pim/Support/LayerSelector.h"

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
  Mse,        ///< the range with the least mean squared error of rounding and clipping together
  Entropy     ///< the range whose rounded distribution diverges least from the one seen
};

/// How weights are rounded.
enum class Rounding {
  Auto,     ///< adaptive where there are calibration data, else nearest
  Nearest,  ///< each weight on its own
  Adaptive, ///< the rest of an output's weights makes up for the error of each (GPTQ)
};

/// "auto", "nearest", "adaptive"; nothing for any other text.
std::optional<Rounding> parseRounding(llvm::StringRef text);

/// "min-max", "percentile", "mse", "entropy"; nothing for any other text.
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

/// What became of a layer's weights, for reports.
struct WeightChoice {
  std::string layer;
  unsigned bits = 8;
  bool adaptive = false;
  int64_t weights = 0;
  /// Energy of the layer's output over that of its error, in dB, on the calibration data; of the
  /// weights themselves where they were rounded to nearest.
  double signalToNoise = 0;
};

/// What giving a layer alone fewer bits costs, for reports.
struct BitSensitivity {
  std::string layer;
  unsigned bits = 8;
  double accuracyLoss = 0; ///< points of top-1 that the noise in the outputs is expected to turn
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
  unsigned weightBits = 8; ///< 1..8
  /// Bits of layers that differ, by name or position (pim/Support/LayerSelector.h).
  ::pim::LayerTable<unsigned> layerWeightBits;
  /// So many layers at either end have eight bits, unless layerWeightBits says otherwise.
  int64_t keepFirstLast = 0;
  /// Choose the bits of each other layer: as few as `maxAccuracyLoss` points of top-1 allow.
  bool automaticWeightBits = false;
  double maxAccuracyLoss = 0.5;
  Rounding rounding = Rounding::Auto;
  /// Move what adaptive rounding adds to the mean of an output into its bias.
  bool biasCorrection = true;
  unsigned activationBits = 8; ///< 1..8
  /// Results of the last matrix ops have `activationBits` too; else they stay sums of 32 bits.
  bool narrowResults = false;
  /// What a matrix op gives a sum of two tensors alone stays 32 bits; else it has `activationBits`.
  bool wideSums = false;
  uint64_t seed = 1;
  /// Called after every sample that is read with the number done and the number in all: each is
  /// read once, or twice where biases are to make up for what the inputs are off by.
  std::function<void(int64_t done, int64_t total)> progress;
  /// Called before the weights are rounded, and after every layer, with the weights done and in
  /// all.
  std::function<void(int64_t done, int64_t total)> roundingProgress;
  /// Called after every inference of automaticWeightBits with the number done and in all. Both
  /// begin anew where the weights that were chosen are confirmed.
  std::function<void(int64_t done, int64_t total)> searchProgress;
  /// Called for every linear layer once its weights are chosen, and before that for every trial of
  /// automaticWeightBits.
  std::function<void(const WeightChoice &choice)> weightsChosen;
  std::function<void(const BitSensitivity &trial)> sensitivityMeasured;
};

/// Calibrates the public functions of `module` (float TOSA, or Q/DQ: values that have casts already
/// are left as they are) and inserts quant.qcast/quant.dcast. Sets the module attributes
/// `pim.weight_bits` and `pim.activation_bits`. On failure errors were emitted: no data, data of
/// another shape than the model's, values that are not finite.
LogicalResult calibrateAndInsertQuantization(ModuleOp module, const CalibrationOptions &options);

/// "4", "conv1=8,#-1=8,4", ...: bits from 1 to 8, or "auto", into `options`. Throws pim::Error.
void parseWeightBits(llvm::StringRef text, CalibrationOptions &options);

/// True if `module` computes floats and has neither casts nor integers that are rescaled, so that
/// it needs calibration before it can become integers.
bool needsCalibration(ModuleOp module);

} // namespace mlir::pim

#endif // PIM_QUANTIZATION_CALIBRATION_H
