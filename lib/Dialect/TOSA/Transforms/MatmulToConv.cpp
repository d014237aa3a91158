//===- MatmulToConv.cpp - integer products with constants -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-matmul-to-conv; tested by test/Dialect/TOSA/matmul-to-conv.mlir.
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMMATMULTOCONVPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimMatmulToConvPass : mlir::pim::impl::PimMatmulToConvPassBase<PimMatmulToConvPass> {
  void runOnOperation() override;
};

/// [1, M, K] times a constant [1, K, N], in integers, is a convolution of an image of M rows and
/// one column by a window of one element.
struct MatmulToConv : OpRewritePattern<tosa::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::MatMulOp op, PatternRewriter &rewriter) const override;
};
} // namespace

/// The op after `value` that adds a constant to each of its last dimension's elements; null if
/// there is none.
static tosa::AddOp findBias(Value value) {
  auto add = value.hasOneUse() ? dyn_cast<tosa::AddOp>(*value.user_begin()) : nullptr;
  if (!add || add.getType() != value.getType())
    return nullptr;
  Value other = add.getInput1() == value ? add.getInput2() : add.getInput1();
  std::optional<Elements> constant = getTosaConstant(other);
  bool isOfOutputs = constant && constant->getCount() == constant->getShape().back();
  return isOfOutputs ? add : nullptr;
}

LogicalResult MatmulToConv::matchAndRewrite(tosa::MatMulOp op, PatternRewriter &rewriter) const {
  std::optional<Elements> weights = getTosaConstant(op.getB());
  Type sum = elementTypeOf(op.getOutput());
  if (!weights || !sum.isInteger(32) || shapeOf(op.getB())[0] != 1)
    return failure();
  int64_t rows = shapeOf(op.getA())[1], outputs = shapeOf(op.getB())[2];
  TosaBuilder builder(rewriter, op.getLoc());

  Operation *last = op;
  Value bias;
  if (tosa::AddOp add = findBias(op.getOutput())) {
    bool isSecond = add.getInput1() == op.getOutput();
    std::optional<Elements> constant =
        getTosaConstant(isSecond ? add.getInput2() : add.getInput1());
    bias = builder.constant(constant->reshaped({constant->getCount()}));
    last = add;
  } else {
    bias = builder.splat(0, {outputs}, sum);
  }
  Elements turned = weights->permuted({2, 0, 1}).reshaped({outputs, 1, 1, shapeOf(op.getB())[1]});
  Value image = builder.reshape(op.getA(), {1, rows, 1, shapeOf(op.getA())[2]});
  SmallVector<int64_t> shape{1, rows, 1, outputs};
  Window2d window;
  Value result = tosa::Conv2DOp::create(
      rewriter, op.getLoc(), cast<RankedTensorType>(op.getType()).clone(shape), image,
      builder.constant(turned), bias, op.getAZp(), op.getBZp(),
      rewriter.getDenseI64ArrayAttr(window.pad), rewriter.getDenseI64ArrayAttr(window.stride),
      rewriter.getDenseI64ArrayAttr(window.dilation), TypeAttr::get(sum));
  // What a layer does with its sums stays next to them.
  for (; last->hasOneUse() && isChannelwise(*last->user_begin()); last = *last->user_begin())
    result = cloneWithShape(builder, *last->user_begin(), result, shape);
  rewriter.replaceOp(last, builder.reshape(result, shapeOf(last->getResult(0))));
  return success();
}

void PimMatmulToConvPass::runOnOperation() {
  RewritePatternSet patterns(&getContext());
  patterns.add<MatmulToConv>(&getContext());
  if (failed(applyWithoutFolding(getOperation(), std::move(patterns))))
    signalPassFailure();
}
