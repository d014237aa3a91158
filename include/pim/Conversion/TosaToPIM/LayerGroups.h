//===- LayerGroups.h - which ops make up a layer ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The grouping behind pim-form-layers, and the queries about single ops that it rests on.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_CONVERSION_TOSATOPIM_LAYERGROUPS_H
#define PIM_CONVERSION_TOSATOPIM_LAYERGROUPS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"

#include <string>
#include <vector>

namespace mlir::pim {

struct LayerGroup {
  LayerKind kind;
  /// In the order of the block. Constants that only parametrize an op are not listed.
  SmallVector<Operation *> ops;
  /// Values made in the group and used outside, in order.
  SmallVector<Value> outputs;
  /// Unique in the function.
  std::string name;
};

/// The groups of `function`, which has one block, ordered by their last op.
std::vector<LayerGroup> groupLayers(func::FuncOp function);

/// Whether operand `index` of `op` only parametrizes it (zero point, shift, shape, table, ...), so
/// that the constant behind it belongs into the layer. For other operands it is a tensor in global
/// memory.
bool isParameterOperand(Operation *op, unsigned index);

/// Whether `op` only renames its operand: a reshape, an identity, or a transposition that moves no
/// element.
bool isAliasOp(Operation *op);

/// The argument of the function whose layout `op`, a transposition, can be folded into; nothing if
/// there is none.
std::optional<BlockArgument> foldsIntoArgument(Operation *op);
/// Whether `op`, a transposition, makes nothing but results of the function.
bool foldsIntoResult(Operation *op);

} // namespace mlir::pim

#endif // PIM_CONVERSION_TOSATOPIM_LAYERGROUPS_H
