//===- Normalization.cpp - BatchNormalization -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "mlir/IR/Diagnostics.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;

/// y = x * scale + shift per channel; pim-fold-linear merges both into a convolution before them.
static FailureOr<Value> convertBatchNormalization(NodeConverter &node) {
  if (failed(node.expectInputs(5, 5)))
    return failure();
  auto type = node.getInputType(0, 2, 16);
  auto epsilon = failed(type) ? FailureOr<double>() : node.getReal("epsilon", 1e-5);
  auto training = failed(epsilon) ? onnx::MaybeInt() : node.getInt("training_mode", 0);
  auto spatial = failed(training) ? onnx::MaybeInt() : node.getInt("spatial", 1);
  if (failed(spatial))
    return failure();
  if (*training != 0 || *spatial == 0)
    return node.fail("is in training mode or normalizes per activation, which is not supported");
  int64_t channels = type->getDimSize(1);
  std::vector<double> parameters[4]; // gamma, beta, mean, variance
  for (unsigned index : {0u, 1u, 2u, 3u}) {
    std::optional<Elements> constant = node.getConstant(index + 1);
    if (!constant)
      return node.fail("input ") << index + 1 << " is not constant, which is not supported";
    if (constant->getCount() != channels || !isa<FloatType>(constant->getElementType()))
      return node.fail("input ") << index + 1 << " has type " << constant->getType()
                                 << ", expected " << channels << " floats";
    parameters[index] = constant->getReals();
  }
  std::vector<double> scale(channels), shift(channels);
  for (int64_t channel = 0; channel < channels; ++channel) {
    double variance = parameters[3][channel] + *epsilon;
    if (!(variance > 0))
      return node.fail("the variance of channel ") << channel << " is not positive";
    scale[channel] = parameters[0][channel] / std::sqrt(variance);
    shift[channel] = parameters[1][channel] - parameters[2][channel] * scale[channel];
  }
  FailureOr<Value> value = node.getFloatOperand(0);
  if (failed(value))
    return failure();
  TosaBuilder &tosa = node.tosa;
  SmallVector<int64_t> shape(type->getRank(), 1);
  shape[1] = channels;
  auto constantType = RankedTensorType::get(shape, elementTypeOf(*value));
  Value scaled = tosa.mul(*value, tosa.constant(Elements::fromReals(constantType, scale)));
  return tosa.add(scaled, tosa.constant(Elements::fromReals(constantType, shift)));
}

ArrayRef<OperatorHandler> mlir::pim::normalizationHandlers() {
  static const OperatorHandler handlers[] = {
      {"BatchNormalization", 7, anyOpset, convertBatchNormalization,
       "inference only; constant parameters", "normalization.mlir"},
  };
  return handlers;
}
