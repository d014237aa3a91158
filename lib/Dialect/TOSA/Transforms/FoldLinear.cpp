//===- FoldLinear.cpp - scales and biases into convolutions ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-fold-linear; tested by test/Dialect/TOSA/fold-linear.mlir.
//
//===----------------------------------------------------------------------===//

#include "FoldLinear.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMFOLDLINEARPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimFoldLinearPass : mlir::pim::impl::PimFoldLinearPassBase<PimFoldLinearPass> {
  void runOnOperation() override;
};
} // namespace

std::optional<Convolution> Convolution::get(Value value) {
  Operation *op = value.getDefiningOp();
  if (!isConvolution(op) || !value.hasOneUse() || !elementTypeOf(value).isF32())
    return std::nullopt;
  return Convolution{op};
}

/// The input of a clamp from zero upwards, or null.
static Value inputOfRelu(Value value) {
  Operation *op = value.getDefiningOp();
  return op && isRelu(op) ? op->getOperand(0) : Value();
}

Value mlir::pim::scalableConvolution(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto convolution = Convolution::get(value))
      return convolution->weight() && convolution->bias() ? value : Value();
    if (!value.hasOneUse() ||
        (!inputOfRelu(value) && !isa<tosa::MaxPool2dOp, tosa::AvgPool2dOp>(op)))
      return {};
    value = op->getOperand(0);
  }
  return {};
}

namespace {

/// conv(x) * c: both weights and bias are multiplied.
struct MergeScale : OpRewritePattern<tosa::MulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::MulOp op, PatternRewriter &rewriter) const override {
    auto [value, factor] = valueAndConstant(op);
    auto convolution = Convolution::get(value);
    std::optional<Elements> factors = getTosaConstant(factor);
    if (!convolution || !factors || value.getType() != op.getType() ||
        !isPerChannel(shapeOf(factor), shapeOf(value)))
      return failure();
    std::optional<Elements> weight = convolution->weight(), bias = convolution->bias();
    if (!weight || !bias)
      return failure();
    std::vector<double> scale = channelValues(*factors, convolution->channels());
    std::vector<double> weights = weight->getReals(), biases = channelValues(*bias, scale.size());
    for (auto [index, real] : llvm::enumerate(weights))
      real *= scale[convolution->channelOf(int64_t(index), *weight)];
    for (auto [real, by] : llvm::zip_equal(biases, scale))
      real *= by;
    rewriter.setInsertionPoint(convolution->op);
    auto constant = [&](unsigned index, RankedTensorType type, const std::vector<double> &reals) {
      return TosaBuilder(rewriter, convolution->op->getOperand(index).getLoc())
          .constant(Elements::fromReals(type, reals));
    };
    Value newWeight = constant(Convolution::weightIndex, weight->getType(), weights);
    Value newBias =
        constant(Convolution::biasIndex, weight->getType().clone({int64_t(scale.size())}), biases);
    rewriter.modifyOpInPlace(convolution->op, [&] {
      convolution->op->setOperand(Convolution::weightIndex, newWeight);
      convolution->op->setOperand(Convolution::biasIndex, newBias);
    });
    rewriter.replaceOp(op, value);
    return success();
  }
};

/// conv(x) + c or conv(x) - c: the bias changes.
template <typename Op> struct MergeBias : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    auto [value, addend] = valueAndConstant(op);
    auto convolution = Convolution::get(value);
    if (!convolution || !isConstantLike(addend) || value.getType() != op.getType() ||
        !isPerChannel(shapeOf(addend), shapeOf(value)))
      return failure();
    std::optional<Elements> bias = convolution->bias(), added = getTosaConstant(addend);
    if (!bias)
      return failure();
    int64_t channels = convolution->channels();
    std::vector<double> biases = channelValues(*bias, channels);
    rewriter.setInsertionPoint(convolution->op);
    Value newBias;
    if (added) {
      double sign = std::is_same_v<Op, tosa::SubOp> ? -1 : 1;
      for (auto [real, by] : llvm::zip_equal(biases, channelValues(*added, channels)))
        real += sign * by;
      newBias = TosaBuilder(rewriter, addend.getLoc())
                    .constant(Elements::fromReals(bias->getType().clone({channels}), biases));
    } else {
      // A bias kept as integers can only take the place of none.
      bool isZero = llvm::all_of(biases, [](double real) { return real == 0; });
      if (!isZero || std::is_same_v<Op, tosa::SubOp> || shapeOf(addend).back() != channels)
        return failure();
      newBias = TosaBuilder(rewriter, addend.getLoc()).reshape(addend, {channels});
      if (!isConstantLike(newBias))
        return failure();
    }
    rewriter.modifyOpInPlace(convolution->op,
                             [&] { convolution->op->setOperand(Convolution::biasIndex, newBias); });
    rewriter.replaceOp(op, value);
    return success();
  }
};

/// relu(x) * c, pool(x) * c with c > 0: relu(x * c), pool(x * c).
struct RaiseScale : OpRewritePattern<tosa::MulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::MulOp op, PatternRewriter &rewriter) const override {
    auto [value, factor] = valueAndConstant(op);
    std::optional<Elements> factors = getTosaConstant(factor);
    if (!factors || value.getType() != op.getType() ||
        !isPerChannel(shapeOf(factor), shapeOf(value)) ||
        !llvm::all_of(factors->getReals(), [](double real) { return real > 0; }))
      return failure();
    Value source = scalableConvolution(value);
    if (!source || source == value)
      return failure();
    Operation *above = value.getDefiningOp();
    TosaBuilder builder(rewriter, op.getLoc());
    Value scaled =
        cloneWithShape(builder, op, {above->getOperand(0), factor}, shapeOf(above->getOperand(0)));
    rewriter.replaceOp(op, cloneWithShape(builder, above, scaled, shapeOf(value)));
    return success();
  }
};

/// relu(conv(x)) + c and - c: maximum(conv(x) + c, c). The sum is the convolution's bias, and what
/// bounds it needs no scale of its own.
template <typename Op> struct RaiseBias : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    auto [value, addend] = valueAndConstant(op);
    std::optional<Elements> added = getTosaConstant(addend);
    Value source = inputOfRelu(value);
    if (!added || !source || !value.hasOneUse() || value.getType() != op.getType() ||
        !isPerChannel(shapeOf(addend), shapeOf(value)))
      return failure();
    auto convolution = Convolution::get(source);
    if (!convolution || !convolution->weight() || !convolution->bias())
      return failure();
    std::vector<double> bounds = channelValues(*added, shapeOf(value).back());
    if (std::is_same_v<Op, tosa::SubOp>)
      for (double &bound : bounds)
        bound = -bound;
    SmallVector<int64_t> shape(shapeOf(value).size(), 1);
    shape.back() = shapeOf(value).back();
    TosaBuilder builder(rewriter, op.getLoc());
    Value bound = builder.constant(Elements::fromReals(added->getType().clone(shape), bounds));
    rewriter.replaceOp(op, builder.maximum(builder.add(source, bound), bound));
    return success();
  }
};

/// op(concat(conv, conv, ...), c) along the channels, as grouped convolutions leave it: each part
/// gets its share.
template <typename Op> struct SplitAtConcat : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    auto [value, constant] = valueAndConstant(op);
    auto concat = value.template getDefiningOp<tosa::ConcatOp>();
    if (!concat || !value.hasOneUse() || !getTosaConstant(constant) ||
        value.getType() != op.getType() || !isPerChannel(shapeOf(constant), shapeOf(value)) ||
        concat.getAxis() + 1 != shapeOf(value).size() ||
        !llvm::all_of(concat.getInput1(),
                      [](Value part) { return Convolution::get(part).has_value(); }))
      return failure();
    TosaBuilder builder(rewriter, op.getLoc());
    SmallVector<Value> parts;
    SmallVector<int64_t> start(shapeOf(value).size(), 0), size(start.size(), 1);
    for (Value part : concat.getInput1()) {
      Value share = constant;
      if (shapeOf(constant).back() != 1) {
        size.back() = shapeOf(part).back();
        share = builder.slice(constant, start, size);
        start.back() += size.back();
      }
      parts.push_back(cloneWithShape(builder, op, {part, share}, shapeOf(part)));
    }
    rewriter.replaceOp(op, builder.concat(parts, concat.getAxis()));
    return success();
  }
};

/// op(reshape(x), c) with c per channel and the channels innermost on both sides: the reshape moves
/// below.
template <typename Op> struct RaiseChannelOp : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    auto [value, constant] = valueAndConstant(op);
    auto reshape = value.template getDefiningOp<tosa::ReshapeOp>();
    if (!reshape || !value.hasOneUse() || !isConstantLike(constant) ||
        value.getType() != op.getType() || !isPerChannel(shapeOf(constant), shapeOf(value)))
      return failure();
    Value source = reshape.getInput1();
    if (!isConvolution(source.getDefiningOp()) || shapeOf(source).back() != shapeOf(value).back())
      return failure();
    TosaBuilder builder(rewriter, op.getLoc());
    SmallVector<int64_t> shape(shapeOf(source).size(), 1);
    shape.back() = shapeOf(constant).back();
    Value moved = builder.reshape(constant, shape);
    Value result = cloneWithShape(builder, op, {source, moved}, shapeOf(source));
    rewriter.replaceOp(op, builder.reshape(result, shapeOf(value)));
    return success();
  }
};

/// op(reshape(x)) where the reshape only adds or drops dimensions of one: it moves below.
struct SinkUnitReshape : RewritePattern {
  SinkUnitReshape(MLIRContext *context) : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isUnaryElementwise(op))
      return failure();
    auto reshape = op->getOperand(0).getDefiningOp<tosa::ReshapeOp>();
    if (!reshape || isa<BlockArgument>(reshape.getInput1()) ||
        !differsInUnits(shapeOf(reshape.getInput1()), shapeOf(reshape)))
      return failure();
    TosaBuilder builder(rewriter, op->getLoc());
    Value result = cloneWithShape(builder, op, reshape.getInput1(), shapeOf(reshape.getInput1()));
    rewriter.replaceOp(op, builder.reshape(result, shapeOf(op->getResult(0))));
    return success();
  }
};

} // namespace

void PimFoldLinearPass::runOnOperation() {
  RewritePatternSet patterns(&getContext());
  populateCancelPatterns(patterns);
  populateFoldInputPatterns(patterns);
  patterns.add<MergeScale, RaiseScale, MergeBias<tosa::AddOp>, MergeBias<tosa::SubOp>,
               RaiseBias<tosa::AddOp>, RaiseBias<tosa::SubOp>, SinkUnitReshape>(&getContext());
  patterns
      .add<SplitAtConcat<tosa::AddOp>, SplitAtConcat<tosa::SubOp>, SplitAtConcat<tosa::MulOp>,
           RaiseChannelOp<tosa::AddOp>, RaiseChannelOp<tosa::SubOp>, RaiseChannelOp<tosa::MulOp>>(
          &getContext());
  if (failed(applyWithoutFolding(getOperation(), std::move(patterns))))
    signalPassFailure();
}
