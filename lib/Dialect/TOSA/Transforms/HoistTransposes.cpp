//===- HoistTransposes.cpp - transpositions up to arguments -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout.h"

using namespace mlir;
using namespace mlir::pim;

/// The elementwise ops from an argument down to `value`, first op first, each the only user of what
/// it reads apart from constants and the argument itself; nothing if `value` has another origin.
static std::optional<SmallVector<Operation *>> chainFromArgument(Value value) {
  SmallVector<Operation *> chain;
  while (!isa<BlockArgument>(value)) {
    Operation *op = value.getDefiningOp();
    if (!value.hasOneUse() || !isElementwise(op))
      return std::nullopt;
    Value next;
    for (Value operand : layoutOperands(op)) {
      if (isConstantLike(operand))
        continue;
      if (next)
        return std::nullopt;
      next = operand;
    }
    // An operand that is broadcast has another shape than the result.
    if (!next || shapeOf(next) != shapeOf(value))
      return std::nullopt;
    chain.push_back(op);
    value = next;
  }
  return SmallVector<Operation *>(llvm::reverse(chain));
}

static void hoist(tosa::TransposeOp op, ArrayRef<Operation *> chain, OpBuilder &builder) {
  SmallVector<int64_t> permutation = permutationOf(op);
  Value value;
  for (Operation *link : chain) {
    builder.setInsertionPoint(link);
    TosaBuilder tosa(builder, link->getLoc());
    SmallVector<Value> operands;
    for (Value operand : layoutOperands(link)) {
      bool isPrevious = value && !isConstantLike(operand);
      operands.push_back(isPrevious ? value : tosa.transpose(operand, permutation));
    }
    value = cloneWithShape(tosa, link, operands, shapeOf(op));
  }
  op.replaceAllUsesWith(value);
  op.erase();
  for (Operation *link : llvm::reverse(chain))
    link->erase();
}

void mlir::pim::hoistTransposes(Block &block, OpBuilder &builder) {
  SmallVector<tosa::TransposeOp> transposes(block.getOps<tosa::TransposeOp>());
  for (tosa::TransposeOp op : transposes) {
    auto chain = chainFromArgument(op.getInput1());
    if (chain && !chain->empty())
      hoist(op, *chain, builder);
  }
}
