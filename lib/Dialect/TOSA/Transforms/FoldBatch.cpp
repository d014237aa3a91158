//===- FoldBatch.cpp - several images as the rows of one ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-fold-batch; tested by test/Dialect/TOSA/fold-batch.mlir.
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMFOLDBATCHPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimFoldBatchPass : mlir::pim::impl::PimFoldBatchPassBase<PimFoldBatchPass> {
  void runOnOperation() override;
};
} // namespace

/// Rows of `image` [1, H, W, C] cut off or rows of `fill` added at its end, so that there are
/// `rows`.
static Value withRows(TosaBuilder &builder, Value image, int64_t rows, double fill) {
  SmallVector<int64_t> size(shapeOf(image)), none(4, 0);
  if (size[1] < rows)
    return builder.pad(image, none, {0, rows - size[1], 0, 0}, fill);
  size[1] = rows;
  return builder.slice(image, none, size);
}

/// A convolution of N images becomes one of an image that holds them one below the other. Each
/// begins at a multiple of the stride and is followed by as many rows of zeros as padding needs
/// above or below it; rows of the result that mix two images are cut out. One set of weights serves
/// all.
template <typename ConvOp> struct FoldConvolution : OpRewritePattern<ConvOp> {
  using OpRewritePattern<ConvOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvOp op, PatternRewriter &rewriter) const override {
    SmallVector<int64_t> input(shapeOf(op.getInput())), output(shapeOf(op.getOutput()));
    FailureOr<int64_t> zeroPoint = op.getInputZeroPoint();
    if (input.size() != 4 || input[0] < 2 || failed(zeroPoint) || input[1] * input[0] == 0)
      return failure();
    ArrayRef<int64_t> kernel = shapeOf(op.getWeight()), pad = op.getPad();
    int64_t taps = std::is_same_v<ConvOp, tosa::Conv2DOp> ? kernel[1] : kernel[0];
    int64_t reach = (taps - 1) * op.getDilation()[0] + 1, stride = op.getStride()[0];
    // Rows from one image to the next: room for the padding between them and for all results.
    int64_t images = input[0];
    int64_t period =
        llvm::alignTo(std::max(input[1] + std::max(pad[0], pad[1]), output[1] * stride), stride);

    TosaBuilder builder(rewriter, op.getLoc());
    auto zero = double(*zeroPoint);
    Value spaced = builder.pad(op.getInput(), {0, 0, 0, 0}, {0, period - input[1], 0, 0}, zero);
    Value stacked = builder.reshape(spaced, {1, images * period, input[2], input[3]});
    // The window ends where the last result's window ends; pad below only what is not there.
    int64_t rows = images * period / stride;
    int64_t needed = (rows - 1) * stride + reach - pad[0];
    int64_t below = std::max<int64_t>(0, needed - images * period);
    if (needed < images * period)
      stacked = withRows(builder, stacked, needed, zero);
    Operation *clone = rewriter.clone(*op.getOperation());
    auto folded = cast<ConvOp>(clone);
    folded.getInputMutable().assign(stacked);
    folded.setPad({pad[0], below, pad[2], pad[3]});
    folded.getResult().setType(
        cast<RankedTensorType>(op.getType()).clone({1, rows, output[2], output[3]}));
    // What follows a convolution elementwise stays next to it, where one rescale does both.
    Operation *last = op;
    Value result = folded.getResult();
    for (; last->hasOneUse() && isChannelwise(*last->user_begin()); last = *last->user_begin())
      result = cloneWithShape(builder, *last->user_begin(), result, shapeOf(result));
    Value apart = builder.reshape(result, {images, period / stride, output[2], output[3]});
    rewriter.replaceOp(last, builder.slice(apart, {0, 0, 0, 0}, output));
    return success();
  }
};

/// A pooling has no weights to share: one for each image.
template <typename PoolOp> struct SplitPool : OpRewritePattern<PoolOp> {
  using OpRewritePattern<PoolOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(PoolOp op, PatternRewriter &rewriter) const override {
    SmallVector<int64_t> size(shapeOf(op.getInput())), start(4, 0), one(shapeOf(op.getOutput()));
    int64_t images = size[0];
    if (images < 2)
      return failure();
    TosaBuilder builder(rewriter, op.getLoc());
    size[0] = one[0] = 1;
    SmallVector<Value> parts;
    for (start[0] = 0; start[0] < images; ++start[0])
      parts.push_back(cloneWithShape(builder, op, builder.slice(op.getInput(), start, size), one));
    rewriter.replaceOp(op, builder.concat(parts, 0));
    return success();
  }
};

void PimFoldBatchPass::runOnOperation() {
  RewritePatternSet patterns(&getContext());
  patterns.add<FoldConvolution<tosa::Conv2DOp>, FoldConvolution<tosa::DepthwiseConv2DOp>,
               SplitPool<tosa::MaxPool2dOp>, SplitPool<tosa::AvgPool2dOp>>(&getContext());
  if (failed(applyWithoutFolding(getOperation(), std::move(patterns))))
    signalPassFailure();
}
