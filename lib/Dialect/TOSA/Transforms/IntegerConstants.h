//===- IntegerConstants.h - integer TOSA of constants ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What integer elementwise ops make of constants. Used by pim-remove-channels.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_TOSA_TRANSFORMS_INTEGERCONSTANTS_H
#define PIM_LIB_DIALECT_TOSA_TRANSFORMS_INTEGERCONSTANTS_H

#include "mlir/Dialect/Tosa/IR/TosaOps.h"

#include <functional>
#include <optional>

namespace mlir::pim {

/// The values of a tosa.const of integers up to 64 bits, splats expanded.
std::optional<SmallVector<int64_t>> readConstant(Value value);

struct ElementFunction {
  SmallVector<Value> operands; ///< that are tensors of activations
  /// The result in channel `channel` for one element of each operand; nothing if it is not known.
  std::function<std::optional<int64_t>(int64_t channel, ArrayRef<int64_t> inputs)> apply;
};

/// What `op` (rescale, clamp, table, add, sub, mul, maximum, minimum) computes of each element;
/// nothing for other ops.
std::optional<ElementFunction> elementFunction(Operation *op);

/// TOSA's apply_scale_32; nothing where TOSA does not define it.
std::optional<int64_t> applyScale32(int64_t value, int64_t multiplier, int64_t shift,
                                    bool doubleRound);

/// INEXACT_ROUND as docs/numerics.md defines it; nothing where TOSA defines no scaling, or where
/// the result leaves 32 bits.
std::optional<int64_t> applyScaleFloat(int64_t value, int64_t multiplier, int64_t shift);

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_TOSA_TRANSFORMS_INTEGERCONSTANTS_H
