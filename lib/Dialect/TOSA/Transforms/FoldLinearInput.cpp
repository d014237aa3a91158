//===- FoldLinearInput.cpp - scales and sums before convolutions ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Patterns of pim-fold-linear; tested by test/Dialect/TOSA/fold-linear.mlir.
//
//===----------------------------------------------------------------------===//

#include "FoldLinear.h"

using namespace mlir;
using namespace mlir::pim;

static bool hasPadding(Operation *convolution) {
  return llvm::any_of(convolution->getAttrOfType<DenseI64ArrayAttr>("pad").asArrayRef(),
                      [](int64_t amount) { return amount != 0; });
}

/// True if nothing but convolutions reads `result`, all of which can merge a product that it is, or
/// a sum (`isSum`): its padding would be of the sum's constant.
static bool isReadByConvolutions(Value result, bool isSum) {
  return llvm::all_of(result.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (!isConvolution(user) || use.getOperandNumber() != 0 || (isSum && hasPadding(user)))
      return false;
    std::optional<Elements> weight = getTosaConstant(user->getOperand(Convolution::weightIndex));
    return weight && weight->getElementType().isF32() &&
           getTosaConstant(user->getOperand(Convolution::biasIndex));
  });
}

namespace {

/// conv(x * c): the weights of each input are multiplied.
template <typename ConvOp> struct MergeInputScale : OpRewritePattern<ConvOp> {
  using OpRewritePattern<ConvOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvOp op, PatternRewriter &rewriter) const override {
    auto product = op.getInput().template getDefiningOp<tosa::MulOp>();
    if (!product || !isReadByConvolutions(product, false))
      return failure();
    auto [value, factor] = valueAndConstant(product);
    std::optional<Elements> factors = getTosaConstant(factor);
    // The convolution before comes first: its results then have one scale in all channels.
    if (!factors || value.getType() != product.getType() || scalableConvolution(value) ||
        !isPerChannel(shapeOf(factor), shapeOf(value)))
      return failure();
    std::vector<double> scale = channelValues(*factors, shapeOf(value).back());
    std::optional<Elements> weight = getTosaConstant(op.getWeight());
    std::vector<double> weights = weight->getReals();
    for (auto [index, real] : llvm::enumerate(weights))
      real *= scale[inputChannelOf(op, int64_t(index), weight->getShape())];
    TosaBuilder builder(rewriter, op.getWeight().getLoc());
    Value changed = builder.constant(Elements::fromReals(weight->getType(), weights));
    rewriter.modifyOpInPlace(op, [&, source = value] {
      op.getWeightMutable().assign(changed);
      op.getInputMutable().assign(source);
    });
    return success();
  }
};

/// conv(x + c) and conv(x - c) without padding, which would be of c: the bias takes what the
/// weights make of c.
template <typename ConvOp, typename SumOp> struct MergeInputBias : OpRewritePattern<ConvOp> {
  using OpRewritePattern<ConvOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvOp op, PatternRewriter &rewriter) const override {
    auto sum = op.getInput().template getDefiningOp<SumOp>();
    if (!sum || !isReadByConvolutions(sum, true))
      return failure();
    auto [value, addend] = valueAndConstant(sum);
    std::optional<Elements> addends = getTosaConstant(addend);
    if (!addends || value.getType() != sum.getType() ||
        !isPerChannel(shapeOf(addend), shapeOf(value)) ||
        Convolution::get(value)) // its own bias takes it
      return failure();
    std::optional<Elements> weight = getTosaConstant(op.getWeight()),
                            bias = getTosaConstant(op.getBias());
    std::vector<double> added = channelValues(*addends, shapeOf(value).back());
    int64_t channels = shapeOf(op.getOutput()).back();
    std::vector<double> biases = channelValues(*bias, channels);
    double sign = std::is_same_v<SumOp, tosa::SubOp> ? -1 : 1;
    for (auto [index, real] : llvm::enumerate(weight->getReals())) {
      int64_t output = outputChannelOf(op, int64_t(index), weight->getShape());
      biases[output] += sign * real * added[inputChannelOf(op, int64_t(index), weight->getShape())];
    }
    TosaBuilder builder(rewriter, op.getBias().getLoc());
    Value changed =
        builder.constant(Elements::fromReals(bias->getType().clone({channels}), biases));
    rewriter.modifyOpInPlace(op, [&, source = value] {
      op.getBiasMutable().assign(changed);
      op.getInputMutable().assign(source);
    });
    return success();
  }
};

/// conv(reshape(op(x, c))) with c per channel and the channels innermost on both sides: the reshape
/// moves above.
struct SinkChannelOp : OpRewritePattern<tosa::ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::ReshapeOp reshape, PatternRewriter &rewriter) const override {
    Value result = reshape.getInput1();
    Operation *op = result.getDefiningOp();
    if (!isa_and_nonnull<tosa::AddOp, tosa::SubOp, tosa::MulOp>(op) || !result.hasOneUse() ||
        !isReadByConvolutions(reshape, !isa<tosa::MulOp>(op)))
      return failure();
    auto [value, constant] = valueAndConstant(op);
    if (!getTosaConstant(constant) || value.getType() != result.getType() ||
        !elementTypeOf(value).isF32() || !isPerChannel(shapeOf(constant), shapeOf(value)) ||
        shapeOf(value).back() != shapeOf(reshape).back() || scalableConvolution(value) ||
        isConvolution(value.getDefiningOp()))
      return failure();
    TosaBuilder builder(rewriter, op->getLoc());
    SmallVector<int64_t> shape(shapeOf(reshape).size(), 1);
    shape.back() = shapeOf(constant).back();
    Value moved = builder.reshape(value, shapeOf(reshape));
    rewriter.replaceOp(
        reshape,
        cloneWithShape(builder, op, {moved, builder.reshape(constant, shape)}, shapeOf(reshape)));
    return success();
  }
};

} // namespace

void mlir::pim::populateFoldInputPatterns(RewritePatternSet &patterns) {
  patterns
      .add<MergeInputScale<tosa::Conv2DOp>, MergeInputScale<tosa::DepthwiseConv2DOp>,
           MergeInputBias<tosa::Conv2DOp, tosa::AddOp>, MergeInputBias<tosa::Conv2DOp, tosa::SubOp>,
           MergeInputBias<tosa::DepthwiseConv2DOp, tosa::AddOp>,
           MergeInputBias<tosa::DepthwiseConv2DOp, tosa::SubOp>, SinkChannelOp>(
          patterns.getContext());
}
