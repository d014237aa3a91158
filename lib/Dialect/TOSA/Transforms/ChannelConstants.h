//===- ChannelConstants.h - constants of one value per channel --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_TOSA_TRANSFORMS_CHANNELCONSTANTS_H
#define PIM_LIB_DIALECT_TOSA_TRANSFORMS_CHANNELCONSTANTS_H

#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"

namespace mlir::pim {

/// True if `shape` broadcasts one value, or one per innermost element, to `target` and adds nothing
/// to it.
bool isPerChannel(ArrayRef<int64_t> shape, ArrayRef<int64_t> target);

/// One value per channel.
std::vector<double> channelValues(const Elements &constant, int64_t channels);

/// The operands of a binary op, a constant one last: op(value, constant).
std::pair<Value, Value> valueAndConstant(Operation *op);

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_TOSA_TRANSFORMS_CHANNELCONSTANTS_H
