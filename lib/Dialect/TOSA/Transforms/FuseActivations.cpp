//===- FuseActivations.cpp - bounds into one clamp, next to its op --===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-fuse-activations; tested by test/Dialect/TOSA/fuse-activations.mlir.
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"

#include <cfloat>
#include <cmath>

namespace mlir::pim {
#define GEN_PASS_DEF_PIMFUSEACTIVATIONSPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimFuseActivationsPass
    : mlir::pim::impl::PimFuseActivationsPassBase<PimFuseActivationsPass> {
  void runOnOperation() override;
};

struct Bounds {
  double low, high;
};
} // namespace

/// The bounds of a clamp of floats that lets NaN through, as ONNX does.
static std::optional<Bounds> boundsOf(tosa::ClampOp op) {
  auto low = dyn_cast<FloatAttr>(op.getMinVal()), high = dyn_cast<FloatAttr>(op.getMaxVal());
  if (!low || !high || op.getNanMode() != tosa::NanPropagationMode::PROPAGATE)
    return std::nullopt;
  return Bounds{low.getValueAsDouble(), high.getValueAsDouble()};
}

/// The one value of all elements of a float constant.
static std::optional<double> splatOf(Value value) {
  std::optional<Elements> constant = getTosaConstant(value);
  if (!constant || constant->getCount() == 0 || !constant->getElementType().isF32())
    return std::nullopt;
  std::vector<double> reals = constant->getReals();
  bool isSplat = llvm::all_of(reals, [&](double real) { return real == reals.front(); });
  return isSplat ? std::optional(reals.front()) : std::nullopt;
}

namespace {

/// clamp(clamp(x)): one pair of bounds. Those of the outer one win where the two do not meet.
struct MergeClamps : OpRewritePattern<tosa::ClampOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::ClampOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<tosa::ClampOp>();
    std::optional<Bounds> outerBounds = boundsOf(op), innerBounds;
    if (inner)
      innerBounds = boundsOf(inner);
    if (!outerBounds || !innerBounds)
      return failure();
    auto within = [&](double bound) {
      return std::min(std::max(bound, outerBounds->low), outerBounds->high);
    };
    rewriter.replaceOp(
        op, TosaBuilder(rewriter, op.getLoc())
                .clamp(inner.getInput(), within(innerBounds->low), within(innerBounds->high)));
    return success();
  }
};

/// maximum(x, c) and minimum(x, c) with one number c.
template <typename Op> struct BoundToClamp : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    std::optional<double> left = splatOf(op.getInput1()), right = splatOf(op.getInput2());
    Value value = right ? op.getInput1() : op.getInput2();
    std::optional<double> bound = right ? right : left;
    if (!bound || (left && right) || value.getType() != op.getType() || std::isnan(*bound) ||
        op.getNanMode() != tosa::NanPropagationMode::PROPAGATE)
      return failure();
    // Infinity has no form in a clamp of TOSA; no float lies beyond its largest one.
    double inside = std::min(std::max(*bound, double(-FLT_MAX)), double(FLT_MAX));
    bool isLow = std::is_same_v<Op, tosa::MaximumOp>;
    rewriter.replaceOp(op, TosaBuilder(rewriter, op.getLoc())
                               .clamp(value, isLow ? inside : -FLT_MAX, isLow ? FLT_MAX : inside));
    return success();
  }
};

/// clamp(max_pool(x)): either order gives the same, and before the pooling the clamp joins the op
/// that makes x.
struct RaiseAboveMaxPool : OpRewritePattern<tosa::ClampOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::ClampOp op, PatternRewriter &rewriter) const override {
    auto pool = op.getInput().getDefiningOp<tosa::MaxPool2dOp>();
    std::optional<Bounds> bounds = boundsOf(op);
    if (!pool || !bounds || !pool->hasOneUse() || isa<BlockArgument>(pool.getInput()))
      return failure();
    TosaBuilder builder(rewriter, op.getLoc());
    Value clamped = builder.clamp(pool.getInput(), bounds->low, bounds->high);
    Value result = cloneWithShape(builder, pool, clamped, shapeOf(pool));
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void PimFuseActivationsPass::runOnOperation() {
  RewritePatternSet patterns(&getContext());
  patterns.add<MergeClamps, BoundToClamp<tosa::MaximumOp>, BoundToClamp<tosa::MinimumOp>,
               RaiseAboveMaxPool>(&getContext());
  if (failed(applyWithoutFolding(getOperation(), std::move(patterns))))
    signalPassFailure();
}
