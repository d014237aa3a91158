//===- WeightRounder.h - the weights of all linear layers ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses bits, scales and rounding of the constant weights of a function, and writes them into it
// as casts. Calibration feeds it the inputs of the layers where the rounding wants them.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_WEIGHTROUNDER_H
#define PIM_LIB_QUANTIZATION_WEIGHTROUNDER_H

#include "Constants.h"
#include "InputMoments.h"
#include "pim/Quantization/Calibration.h"

#include <memory>

namespace mlir::pim {

/// Weights on their levels.
struct RoundedWeights {
  SmallVector<double> scales; ///< one for each index of the output axis
  std::vector<float> values;  ///< in the order of the constant
  double signalToNoise = 0;   ///< as in WeightChoice
};

class WeightRounder {
public:
  WeightRounder(ArrayRef<Operation *> ops, const CalibrationOptions &options, bool hasData);

  /// Reads the weights and decides the bits. On failure errors were emitted.
  LogicalResult load();

  size_t count() const { return layers.size(); }
  Operation *op(size_t layer) const { return layers[layer].op; }
  const std::string &name(size_t layer) const { return layers[layer].name; }
  int64_t weightCount(size_t layer) const { return layers[layer].weightCount; }
  unsigned bits(size_t layer) const { return layers[layer].bits; }
  void setBits(size_t layer, unsigned bits) { layers[layer].bits = bits; }
  /// True where --weight-bits auto may choose.
  bool isFree(size_t layer) const { return layers[layer].isFree; }

  /// True if a layer wants its inputs seen.
  bool wantsInputs(size_t layer) const { return layers[layer].moments != nullptr; }
  void addInput(size_t layer, std::span<const float> input) { layers[layer].moments->add(input); }

  /// True if setInputError() is of use: biases make up for what inputs are off by.
  bool wantsInputErrors() const { return isAdaptive() && options.biasCorrection; }
  /// Says by how much the integers of an argument of the function are too large on average.
  void setInputError(Value argument, double error) { inputErrors[argument] = error; }

  /// The weights of a layer at some number of bits.
  RoundedWeights round(size_t layer, unsigned bits) const;

  /// Writes the weights, rounded, with their casts into the function.
  void insertCasts();

private:
  struct Layer {
    Operation *op;
    std::string name;
    LinearShape shape;
    int64_t weightCount;
    unsigned bits;
    bool isFree;
    std::unique_ptr<InputMoments> moments;
  };

  bool isAdaptive() const;
  RoundedWeights round(const Layer &layer, const RealConstant &weights, unsigned bits) const;
  void roundAdaptively(const Layer &layer, const RealConstant &weights, unsigned bits,
                       RoundedWeights &rounded) const;
  double inputError(const Layer &layer) const;
  void correctBias(const Layer &layer, const RealConstant &weights, const RoundedWeights &rounded);

  const CalibrationOptions &options;
  bool hasData;
  SmallVector<Operation *> ops;
  std::vector<Layer> layers;
  DenseMap<Value, double> inputErrors;
};

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_WEIGHTROUNDER_H
