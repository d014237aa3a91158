//===- SinkAffine.cpp - scales and sums behind means ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-sink-affine; tested by test/Dialect/TOSA/sink-affine.mlir.
//
//===----------------------------------------------------------------------===//

#include "ChannelConstants.h"
#include "Layout.h"
#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMSINKAFFINEPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimSinkAffinePass : mlir::pim::impl::PimSinkAffinePassBase<PimSinkAffinePass> {
  void runOnOperation() override;
};

/// value * constant, value + constant or value - constant, of floats, as large as `value`; nothing
/// else uses it.
struct Affine {
  Operation *op;
  Value value;
  Elements constant;

  bool isScale() const { return isa<tosa::MulOp>(op); }

  static std::optional<Affine> get(Value result) {
    Operation *op = result.getDefiningOp();
    if (!isa_and_nonnull<tosa::AddOp, tosa::SubOp, tosa::MulOp>(op) || !result.hasOneUse() ||
        !elementTypeOf(result).isF32())
      return std::nullopt;
    auto [value, operand] = valueAndConstant(op);
    std::optional<Elements> constant = getTosaConstant(operand);
    if (!constant || value.getType() != result.getType())
      return std::nullopt;
    return Affine{op, value, *constant};
  }

  /// True if one constant holds for all of the elements along `axes`.
  bool isAlike(ArrayRef<int64_t> axes) const {
    return llvm::all_of(axes, [&](int64_t axis) { return constant.getShape()[axis] == 1; });
  }

  /// The same of `moved`, which is `value` reduced, with the constant times `factor`.
  Value on(TosaBuilder &builder, Value moved, double factor = 1) const {
    std::vector<double> reals = constant.getReals();
    for (double &real : reals)
      real *= factor;
    Value operand = TosaBuilder(builder.getBuilder(), op->getLoc())
                        .constant(Elements::fromReals(constant.getType(), reals));
    bool isFirst = op->getOperand(0) == value;
    return cloneWithShape(builder, op,
                          isFirst ? ValueRange{moved, operand} : ValueRange{operand, moved},
                          shapeOf(moved));
  }
};
} // namespace

/// True if pim-fold-linear merges what is done to `value` into a convolution above.
static bool isMergedAbove(Value value) {
  while (std::optional<Affine> affine = Affine::get(value))
    value = affine->value;
  if (!value.hasOneUse())
    return false;
  if (auto reshape = value.getDefiningOp<tosa::ReshapeOp>())
    return isMergedAbove(reshape.getInput1());
  if (auto concat = value.getDefiningOp<tosa::ConcatOp>())
    return llvm::all_of(concat.getInput1(), isMergedAbove);
  return isConvolution(value.getDefiningOp());
}

namespace {

/// mean(x * c) and mean(x + c), c per channel, over windows: mean(x) * c and mean(x) + c. Padding
/// does not count in TOSA.
struct SinkBelowPool : OpRewritePattern<tosa::AvgPool2dOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::AvgPool2dOp op, PatternRewriter &rewriter) const override {
    std::optional<Affine> affine = Affine::get(op.getInput());
    if (!affine || !affine->isAlike({1, 2}) || isMergedAbove(affine->value) ||
        op.getType().getNumElements() > op.getInput().getType().getNumElements())
      return failure();
    TosaBuilder builder(rewriter, op.getLoc());
    Value mean = cloneWithShape(builder, op, affine->value, shapeOf(op));
    rewriter.replaceOp(op, affine->on(builder, mean));
    return success();
  }
};

/// sum(x * c) and sum(x + c), c alike along the axis: sum(x) * c and sum(x) + n * c.
struct SinkBelowSum : OpRewritePattern<tosa::ReduceSumOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::ReduceSumOp op, PatternRewriter &rewriter) const override {
    std::optional<Affine> affine = Affine::get(op.getInput());
    int64_t axis = op.getAxis();
    if (!affine || !affine->isAlike(axis) || isMergedAbove(affine->value))
      return failure();
    TosaBuilder builder(rewriter, op.getLoc());
    Value sum = cloneWithShape(builder, op, affine->value, shapeOf(op));
    double count = double(shapeOf(affine->value)[axis]);
    rewriter.replaceOp(op, affine->on(builder, sum, affine->isScale() ? 1 : count));
    return success();
  }
};

/// mean(pad(x * c)) with zeros, which count: pad(x) * c.
struct SinkBelowPad : OpRewritePattern<tosa::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::PadOp op, PatternRewriter &rewriter) const override {
    std::optional<Affine> affine = Affine::get(op.getInput1());
    std::optional<Elements> fill = getTosaConstant(op.getPadConst());
    SmallVector<int64_t> amounts;
    if (!affine || !affine->isScale() || !fill || fill->getReals().front() != 0 ||
        !op->hasOneUse() || !isa<tosa::AvgPool2dOp>(*op->user_begin()) ||
        isMergedAbove(affine->value) ||
        !tosa::getConstShapeValues(op.getPadding().getDefiningOp(), amounts))
      return failure();
    SmallVector<int64_t> padded;
    for (size_t index = 0; index < amounts.size(); ++index)
      if (amounts[index] != 0)
        padded.push_back(int64_t(index / 2));
    if (!affine->isAlike(padded))
      return failure();
    TosaBuilder builder(rewriter, op.getLoc());
    Value moved = cloneWithShape(builder, op, affine->value, shapeOf(op));
    rewriter.replaceOp(op, affine->on(builder, moved));
    return success();
  }
};

} // namespace

void PimSinkAffinePass::runOnOperation() {
  RewritePatternSet patterns(&getContext());
  patterns.add<SinkBelowPool, SinkBelowSum, SinkBelowPad>(&getContext());
  if (failed(applyWithoutFolding(getOperation(), std::move(patterns))))
    signalPassFailure();
}
