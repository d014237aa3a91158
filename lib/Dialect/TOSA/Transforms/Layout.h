//===- Layout.h - ops whose layout can change --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_TOSA_TRANSFORMS_LAYOUT_H
#define PIM_LIB_DIALECT_TOSA_TRANSFORMS_LAYOUT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Rewrite/FrozenRewritePatternSet.h"
#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"

namespace mlir::pim {

/// True if each element of the op's one result depends on the elements at the same place of its
/// operands (broadcast) alone, so that the dimensions of all of them can be permuted together.
bool isElementwise(Operation *op);

/// True if the op is elementwise with one operand, quant casts per tensor included.
bool isUnaryElementwise(Operation *op);

/// True if each element of the op's one result depends on the element at the same place of its
/// first operand and on its channel, the last dimension: unary elementwise ops, and what integers
/// have.
bool isChannelwise(Operation *op);

/// True for a clamp of floats from zero upwards.
bool isRelu(Operation *op);

/// True for a convolution of either kind; false for null.
bool isConvolution(Operation *op);

/// The output and the input channel of element `index` of the weights, of `shape`, of a conv2d or
/// depthwise_conv2d.
int64_t outputChannelOf(Operation *convolution, int64_t index, ArrayRef<int64_t> shape);
int64_t inputChannelOf(Operation *convolution, int64_t index, ArrayRef<int64_t> shape);

/// The operands of an elementwise op that are laid out like its result.
OperandRange layoutOperands(Operation *op);

/// The permutation of a transposition.
SmallVector<int64_t> permutationOf(tosa::TransposeOp op);

/// True if permuting a tensor of `shape` leaves its elements in their order: only dimensions of one
/// move.
bool movesOnlyUnits(ArrayRef<int64_t> shape, ArrayRef<int64_t> permutation);

/// True if `to` is `from` with dimensions of one added or dropped.
bool differsInUnits(ArrayRef<int64_t> from, ArrayRef<int64_t> to);

/// The same op on other operands, with a result of another shape.
Value cloneWithShape(TosaBuilder &builder, Operation *op, ValueRange layoutOperands,
                     ArrayRef<int64_t> shape);

/// Applies `patterns` until nothing changes, without the folders of the ops: that of quant.dcast
/// drops the quant.qcast before it, although the two together round.
LogicalResult applyWithoutFolding(func::FuncOp function, const FrozenRewritePatternSet &patterns);

/// Reshapes of reshapes and to the same shape; transpositions of transpositions, of constants, by
/// the identity, and of dimensions of one alone.
void populateCancelPatterns(RewritePatternSet &patterns);

/// Moves transpositions that reach their value through elementwise ops from an argument up to it.
void hoistTransposes(Block &block, OpBuilder &builder);

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_TOSA_TRANSFORMS_LAYOUT_H
