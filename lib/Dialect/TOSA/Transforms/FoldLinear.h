//===- FoldLinear.h - what merging into convolutions shares -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_TOSA_TRANSFORMS_FOLDLINEAR_H
#define PIM_LIB_DIALECT_TOSA_TRANSFORMS_FOLDLINEAR_H

#include "ChannelConstants.h"
#include "Layout.h"

namespace mlir::pim {

/// A convolution of floats whose result has one use, with the operands that merging changes.
struct Convolution {
  Operation *op;
  static constexpr unsigned weightIndex = 1, biasIndex = 2;

  static std::optional<Convolution> get(Value value);

  std::optional<Elements> weight() const { return getTosaConstant(op->getOperand(weightIndex)); }
  std::optional<Elements> bias() const { return getTosaConstant(op->getOperand(biasIndex)); }

  int64_t channelOf(int64_t index, const Elements &weight) const {
    return outputChannelOf(op, index, weight.getShape());
  }

  int64_t channels() const { return shapeOf(op->getResult(0)).back(); }
};

/// The value that a product with positive numbers may move up to from `value`: through pooling and
/// clamps from zero upwards that nothing else uses. Null if that is no convolution with float
/// weights.
Value scalableConvolution(Value value);

/// Scales and sums before a convolution, merged into it.
void populateFoldInputPatterns(RewritePatternSet &patterns);

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_TOSA_TRANSFORMS_FOLDLINEAR_H
