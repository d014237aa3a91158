//===- ReshapePatterns.cpp - reshapes and transpositions that vanish ---===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace mlir::pim;

namespace {

struct CancelReshapes : OpRewritePattern<tosa::ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::ReshapeOp op, PatternRewriter &rewriter) const override {
    Value input = op.getInput1();
    if (input.getType() == op.getType()) {
      rewriter.replaceOp(op, input);
      return success();
    }
    auto inner = input.getDefiningOp<tosa::ReshapeOp>();
    if (!inner)
      return failure();
    TosaBuilder builder(rewriter, op.getLoc());
    rewriter.replaceOp(op, builder.reshape(inner.getInput1(), shapeOf(op)));
    return success();
  }
};

struct CancelTransposes : OpRewritePattern<tosa::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::TransposeOp op, PatternRewriter &rewriter) const override {
    Value input = op.getInput1();
    SmallVector<int64_t> permutation = permutationOf(op);
    TosaBuilder builder(rewriter, op.getLoc());
    if (isIdentityPermutation(permutation) || isConstantLike(input)) {
      rewriter.replaceOp(op, builder.transpose(input, permutation));
      return success();
    }
    if (auto inner = input.getDefiningOp<tosa::TransposeOp>()) {
      rewriter.replaceOp(
          op, builder.transpose(inner.getInput1(), permuted(permutationOf(inner), permutation)));
      return success();
    }
    if (movesOnlyUnits(shapeOf(input), permutation)) {
      rewriter.replaceOp(op, builder.reshape(input, shapeOf(op)));
      return success();
    }
    return failure();
  }
};

} // namespace

void mlir::pim::populateCancelPatterns(RewritePatternSet &patterns) {
  patterns.add<CancelReshapes, CancelTransposes>(patterns.getContext());
}
