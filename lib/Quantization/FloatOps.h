//===- FloatOps.h - what quantization knows of float TOSA ops --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The facts that placing casts (pim-insert-quantization) and computing in integers (pim-quantize)
// must agree on.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_FLOATOPS_H
#define PIM_LIB_QUANTIZATION_FLOATOPS_H

#include "mlir/IR/Operation.h"

#include <optional>
#include <vector>

namespace mlir::pim {

/// True for ops that only move elements: reshape, transpose, slice, identity, reverse, tile.
bool isMovement(Operation *op);

/// True for a reshape that keeps the last dimension, so that channels stay channels.
bool keepsChannels(Operation *op);

/// True for a convolution or product whose weights are constant; operand 0 is the activation.
bool isLinear(Operation *op);

/// True if nothing but constants per channel, clamps and movement lies between a linear op, or with
/// `means` a sum or mean over rows and columns, and `value`: integers of more than 8 bits make it.
bool endsInSums(Value value, bool means);

/// The dimension of the weights (operand 1) of a linear op that counts its outputs.
int64_t outputAxis(Operation *op);

/// Bits of the weights of a linear op: its own attribute, else those of the module.
int64_t weightBitsOf(Operation *op, int64_t moduleBits);

/// An addition, subtraction or product with a constant: the result is factor * value + offset, each
/// of one element or one per channel (the last dimension).
struct ChannelAffine {
  Value value;
  std::vector<double> factor{1.0};
  std::vector<double> offset{0.0};
};
std::optional<ChannelAffine> matchChannelAffine(Operation *op);

/// The part of a float range that a clamp keeps.
struct ClampBounds {
  double low, high;
};
std::optional<ClampBounds> matchClamp(Operation *op);

/// A sum over one dimension that pooling can do: elements outside it lie further in, and none
/// further out.
bool isPoolableSum(Operation *op);

/// True for tosa.pad with zeros.
bool isZeroPad(Operation *op);

/// True for tosa.maximum and tosa.minimum with a constant that varies along the last dimension at
/// most.
bool isChannelBound(Operation *op);

/// Ops whose integer result can have the scale and zero point of their operand 0 without loss.
bool keepsParameters(Operation *op);

/// True if `op` has an integer form whenever its operands that are not constant are integers.
bool hasIntegerForm(Operation *op);

/// The operands of `op` that carry data, constants among them: all but zero points, shapes and the
/// like.
OperandRange dataOperands(Operation *op);

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_FLOATOPS_H
