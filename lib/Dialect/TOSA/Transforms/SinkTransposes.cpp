//===- SinkTransposes.cpp - transpositions down to where they cancel --===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-sink-transposes; tested by test/Dialect/TOSA/sink-transposes.mlir.
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMSINKTRANSPOSESPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimSinkTransposesPass : mlir::pim::impl::PimSinkTransposesPassBase<PimSinkTransposesPass> {
  void runOnOperation() override;
};
} // namespace

/// The transposition that makes `value`, if it may move: one of an argument stays where it is.
static tosa::TransposeOp movableTranspose(Value value) {
  auto op = value.getDefiningOp<tosa::TransposeOp>();
  return op && !isa<BlockArgument>(op.getInput1()) ? op : tosa::TransposeOp();
}

/// The first permutation that `values` share, if undoing it on the others costs nothing: they are
/// transposed by it too, constant, arguments, or in the same order either way.
static std::optional<SmallVector<int64_t>> commonPermutation(ValueRange values) {
  tosa::TransposeOp first;
  for (Value value : values)
    if (!first)
      first = movableTranspose(value);
  if (!first)
    return std::nullopt;
  SmallVector<int64_t> permutation = permutationOf(first);
  SmallVector<int64_t> inverse = invertPermutation(permutation);
  for (Value value : values) {
    if (shapeOf(value).size() != permutation.size())
      return std::nullopt;
    auto op = value.getDefiningOp<tosa::TransposeOp>();
    bool isFree = isConstantLike(value) || isa<BlockArgument>(value) ||
                  (op && permutationOf(op) == permutation) ||
                  movesOnlyUnits(shapeOf(value), inverse);
    if (!isFree)
      return std::nullopt;
  }
  return permutation;
}

/// `value` before it was transposed by `permutation`.
static Value untransposed(TosaBuilder &builder, Value value, ArrayRef<int64_t> permutation) {
  auto op = value.getDefiningOp<tosa::TransposeOp>();
  if (op && ArrayRef<int64_t>(permutationOf(op)) == permutation)
    return op.getInput1();
  return builder.transpose(value, invertPermutation(permutation));
}

namespace {

struct SinkThroughElementwise : RewritePattern {
  SinkThroughElementwise(MLIRContext *context) : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isElementwise(op))
      return failure();
    auto permutation = commonPermutation(layoutOperands(op));
    if (!permutation)
      return failure();
    TosaBuilder builder(rewriter, op->getLoc());
    SmallVector<Value> operands;
    for (Value operand : layoutOperands(op))
      operands.push_back(untransposed(builder, operand, *permutation));
    SmallVector<int64_t> inverse = invertPermutation(*permutation);
    Value result =
        cloneWithShape(builder, op, operands, permuted(shapeOf(op->getResult(0)), inverse));
    rewriter.replaceOp(op, builder.transpose(result, *permutation));
    return success();
  }
};

struct SinkThroughConcat : OpRewritePattern<tosa::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::ConcatOp op, PatternRewriter &rewriter) const override {
    auto permutation = commonPermutation(op.getInput1());
    if (!permutation)
      return failure();
    TosaBuilder builder(rewriter, op.getLoc());
    SmallVector<Value> operands;
    for (Value operand : op.getInput1())
      operands.push_back(untransposed(builder, operand, *permutation));
    Value result = builder.concat(operands, (*permutation)[op.getAxis()]);
    rewriter.replaceOp(op, builder.transpose(result, *permutation));
    return success();
  }
};

/// Reductions and tosa.reverse: one operand and an axis.
template <typename Op> struct SinkThroughAxisOp : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    tosa::TransposeOp transpose = movableTranspose(op->getOperand(0));
    if (!transpose)
      return failure();
    SmallVector<int64_t> permutation = permutationOf(transpose);
    TosaBuilder builder(rewriter, op.getLoc());
    Value result =
        cloneWithShape(builder, op, transpose.getInput1(),
                       permuted(shapeOf(op->getResult(0)), invertPermutation(permutation)));
    cast<Op>(result.getDefiningOp()).setAxis(uint32_t(permutation[op.getAxis()]));
    rewriter.replaceOp(op, builder.transpose(result, permutation));
    return success();
  }
};

struct SinkThroughSlice : OpRewritePattern<tosa::SliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::SliceOp op, PatternRewriter &rewriter) const override {
    tosa::TransposeOp transpose = movableTranspose(op.getInput1());
    SmallVector<int64_t> start;
    if (!transpose || !tosa::getConstShapeValues(op.getStart().getDefiningOp(), start))
      return failure();
    SmallVector<int64_t> permutation = permutationOf(transpose);
    SmallVector<int64_t> inverse = invertPermutation(permutation);
    TosaBuilder builder(rewriter, op.getLoc());
    Value result = builder.slice(transpose.getInput1(), permuted(start, inverse),
                                 permuted(shapeOf(op), inverse));
    rewriter.replaceOp(op, builder.transpose(result, permutation));
    return success();
  }
};

struct SinkThroughPad : OpRewritePattern<tosa::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::PadOp op, PatternRewriter &rewriter) const override {
    tosa::TransposeOp transpose = movableTranspose(op.getInput1());
    SmallVector<int64_t> amounts;
    if (!transpose || !tosa::getConstShapeValues(op.getPadding().getDefiningOp(), amounts))
      return failure();
    SmallVector<int64_t> permutation = permutationOf(transpose);
    SmallVector<int64_t> inverse = invertPermutation(permutation), moved;
    for (int64_t from : inverse)
      moved.append({amounts[2 * from], amounts[2 * from + 1]});
    TosaBuilder builder(rewriter, op.getLoc());
    auto type = cast<RankedTensorType>(op.getType());
    Value result =
        tosa::PadOp::create(rewriter, op.getLoc(), type.clone(permuted(type.getShape(), inverse)),
                            transpose.getInput1(), builder.shape(moved), op.getPadConst());
    rewriter.replaceOp(op, builder.transpose(result, permutation));
    return success();
  }
};

/// A reshape that only adds or drops dimensions of one: the others keep their order below it, so
/// they can be brought into it there.
struct SinkThroughUnitReshape : OpRewritePattern<tosa::ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::ReshapeOp op, PatternRewriter &rewriter) const override {
    tosa::TransposeOp transpose = movableTranspose(op.getInput1());
    if (!transpose || !differsInUnits(shapeOf(op.getInput1()), shapeOf(op)))
      return failure();
    // Places of the other dimensions in the result, and where each comes from above the
    // transposition.
    SmallVector<int64_t> permutation = permutationOf(transpose), places, origins;
    for (auto [dim, size] : llvm::enumerate(shapeOf(op)))
      if (size != 1)
        places.push_back(int64_t(dim));
    for (int64_t from : permutation)
      if (shapeOf(transpose.getInput1())[from] != 1)
        origins.push_back(from);
    SmallVector<size_t> order = llvm::to_vector(llvm::seq<size_t>(places.size()));
    llvm::sort(order, [&](size_t a, size_t b) { return origins[a] < origins[b]; });
    SmallVector<int64_t> shape(shapeOf(op).size(), 1);
    SmallVector<int64_t> below = llvm::to_vector(llvm::seq<int64_t>(shape.size()));
    for (auto [place, source] : llvm::zip_equal(places, order)) {
      shape[place] = shapeOf(op)[places[source]];
      below[places[source]] = place;
    }
    TosaBuilder builder(rewriter, op.getLoc());
    rewriter.replaceOp(op, builder.transpose(builder.reshape(transpose.getInput1(), shape), below));
    return success();
  }
};

/// The order of a flattened transposed image does not matter to elementwise ops: these go before
/// the reshape, where the transposition can pass them.
struct RaiseAboveReshape : RewritePattern {
  RaiseAboveReshape(MLIRContext *context) : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isUnaryElementwise(op))
      return failure();
    auto reshape = op->getOperand(0).getDefiningOp<tosa::ReshapeOp>();
    if (!reshape || !movableTranspose(reshape.getInput1()))
      return failure();
    TosaBuilder builder(rewriter, op->getLoc());
    Value result = cloneWithShape(builder, op, reshape.getInput1(), shapeOf(reshape.getInput1()));
    rewriter.replaceOp(op, builder.reshape(result, shapeOf(op->getResult(0))));
    return success();
  }
};

/// A fully connected layer on a flattened transposed image: its weights are permuted instead.
struct PermuteWeights : OpRewritePattern<tosa::Conv2DOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::Conv2DOp op, PatternRewriter &rewriter) const override {
    auto reshape = op.getInput().getDefiningOp<tosa::ReshapeOp>();
    auto transpose =
        reshape ? reshape.getInput1().getDefiningOp<tosa::TransposeOp>() : tosa::TransposeOp();
    Value weight = op.getWeight();
    ArrayRef<int64_t> kernel = shapeOf(weight);
    if (!transpose || kernel[1] != 1 || kernel[2] != 1 || !isConstantLike(weight))
      return failure();
    ArrayRef<int64_t> image = shapeOf(transpose);
    SmallVector<int64_t> permutation = permutationOf(transpose);
    // Leading dimensions that stay in place are rows; what is behind them is flattened into a row.
    size_t first = 0;
    int64_t columns = *countElements(image);
    while (first < image.size() && columns > kernel[3] && permutation[first] == int64_t(first))
      columns /= image[first++];
    while (first < image.size() && image[first] == 1 && permutation[first] == int64_t(first))
      ++first;
    if (columns != kernel[3])
      return failure();
    SmallVector<int64_t> split = {kernel[0]}, moved = {0};
    llvm::append_range(split, image.drop_front(first));
    SmallVector<int64_t> inverse = invertPermutation(permutation);
    for (int64_t from : ArrayRef(inverse).drop_front(first))
      moved.push_back(from - int64_t(first) + 1);
    TosaBuilder builder(rewriter, op.getLoc());
    Value spread = builder.reshape(weight, split);
    if (!isConstantLike(spread))
      return failure(); // scales per input, which flattening mixes
    Value changed = builder.reshape(builder.transpose(spread, moved), kernel);
    Value input = builder.reshape(transpose.getInput1(), shapeOf(reshape));
    rewriter.modifyOpInPlace(op, [&] {
      op.getWeightMutable().assign(changed);
      op.getInputMutable().assign(input);
    });
    return success();
  }
};

} // namespace

void PimSinkTransposesPass::runOnOperation() {
  MLIRContext *context = &getContext();
  RewritePatternSet patterns(context);
  populateCancelPatterns(patterns);
  patterns.add<SinkThroughElementwise, SinkThroughConcat, SinkThroughSlice, SinkThroughPad,
               SinkThroughUnitReshape, RaiseAboveReshape, PermuteWeights>(context);
  patterns.add<SinkThroughAxisOp<tosa::ReduceMaxOp>, SinkThroughAxisOp<tosa::ReduceMinOp>,
               SinkThroughAxisOp<tosa::ReduceSumOp>, SinkThroughAxisOp<tosa::ReverseOp>>(context);
  FrozenRewritePatternSet frozen(std::move(patterns));
  if (failed(applyWithoutFolding(getOperation(), frozen)))
    return signalPassFailure();

  // Equal casts of one argument become one, so that what is left can move up to it.
  IRRewriter rewriter(context);
  DominanceInfo dominance(getOperation());
  eliminateCommonSubExpressions(rewriter, dominance, getOperation());
  for (Block &block : getOperation().getBody())
    hoistTransposes(block, rewriter);
  if (failed(applyWithoutFolding(getOperation(), frozen)))
    return signalPassFailure();
}
