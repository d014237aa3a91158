//===- FoldPad.cpp - padding into the windows that read it ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-fold-pad; tested by test/Dialect/TOSA/fold-pad.mlir.
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"

#include <cfloat>

namespace mlir::pim {
#define GEN_PASS_DEF_PIMFOLDPADPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimFoldPadPass : mlir::pim::impl::PimFoldPadPassBase<PimFoldPadPass> {
  void runOnOperation() override;
};

/// A tosa.pad by a constant.
struct Padding {
  tosa::PadOp op;
  SmallVector<int64_t> amounts; ///< before and behind each dimension
  double fill;

  static std::optional<Padding> get(Value value) {
    auto op = value.getDefiningOp<tosa::PadOp>();
    Padding padding{op, {}, 0};
    std::optional<Elements> fill = op ? getTosaConstant(op.getPadConst()) : std::nullopt;
    if (!fill || fill->getCount() != 1 ||
        !tosa::getConstShapeValues(op.getPadding().getDefiningOp(), padding.amounts))
      return std::nullopt;
    padding.fill =
        isa<FloatType>(elementTypeOf(value)) ? fill->getReal(0) : double(fill->getInt(0));
    return padding;
  }

  /// True if only rows and columns of an NHWC image are padded.
  bool isSpatial() const {
    return amounts.size() == 8 && amounts[0] == 0 && amounts[1] == 0 && amounts[6] == 0 &&
           amounts[7] == 0;
  }
};
} // namespace

/// `pad` of a window (top, bottom, left, right) and that of `padding`; nothing if a window could
/// then lie outside the image altogether.
static std::optional<SmallVector<int64_t>> combined(ArrayRef<int64_t> pad, const Padding &padding,
                                                    int64_t height, int64_t width) {
  SmallVector<int64_t> sum;
  for (auto [own, added] : llvm::zip_equal(pad, ArrayRef(padding.amounts).slice(2, 4)))
    sum.push_back(own + added);
  bool isInside = llvm::all_of(llvm::seq<size_t>(4),
                               [&](size_t i) { return sum[i] < (i < 2 ? height : width); });
  return isInside ? std::optional(sum) : std::nullopt;
}

/// What no element of `type` is below.
static double lowestOf(Type type) {
  return isa<FloatType>(type) ? -FLT_MAX : -std::ldexp(1.0, int(type.getIntOrFloatBitWidth()) - 1);
}

/// True if no element of `value` is negative.
static bool isNonNegative(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto clamp = dyn_cast_or_null<tosa::ClampOp>(op)) {
    auto low = dyn_cast<FloatAttr>(clamp.getMinVal());
    return low && low.getValueAsDouble() >= 0;
  }
  return isa_and_nonnull<tosa::SigmoidOp, tosa::ExpOp, tosa::AbsOp>(op) ||
         (isa_and_nonnull<tosa::MaxPool2dOp, tosa::AvgPool2dOp>(op) &&
          isNonNegative(op->getOperand(0)));
}

namespace {

/// A convolution pads with zeros, or its zero point, itself.
template <typename ConvOp> struct FoldIntoConvolution : OpRewritePattern<ConvOp> {
  using OpRewritePattern<ConvOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvOp op, PatternRewriter &rewriter) const override {
    std::optional<Padding> padding = Padding::get(op.getInput());
    FailureOr<int64_t> zeroPoint = op.getInputZeroPoint();
    if (!padding || failed(zeroPoint) || padding->fill != double(*zeroPoint) ||
        !padding->isSpatial())
      return failure();
    ArrayRef<int64_t> kernel = shapeOf(op.getWeight());
    kernel = std::is_same_v<ConvOp, tosa::Conv2DOp> ? kernel.slice(1, 2) : kernel.take_front(2);
    ArrayRef<int64_t> dilation = op.getDilation();
    auto pad = combined(op.getPad(), *padding, (kernel[0] - 1) * dilation[0] + 1,
                        (kernel[1] - 1) * dilation[1] + 1);
    if (!pad)
      return failure();
    rewriter.modifyOpInPlace(op, [&] {
      op.setPad(*pad);
      op.getInputMutable().assign(padding->op.getInput1());
    });
    return success();
  }
};

/// A maximum leaves padding out: that is the same as padding with what no element is below.
struct FoldIntoMaxPool : OpRewritePattern<tosa::MaxPool2dOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::MaxPool2dOp op, PatternRewriter &rewriter) const override {
    std::optional<Padding> padding = Padding::get(op.getInput());
    if (!padding || !padding->isSpatial())
      return failure();
    Value source = padding->op.getInput1();
    bool isNeutral = padding->fill <= lowestOf(elementTypeOf(source)) ||
                     (padding->fill <= 0 && isNonNegative(source));
    auto pad = combined(op.getPad(), *padding, op.getKernel()[0], op.getKernel()[1]);
    if (!isNeutral || !pad)
      return failure();
    rewriter.modifyOpInPlace(op, [&] {
      op.setPad(*pad);
      op.getInputMutable().assign(source);
    });
    return success();
  }
};

/// Two that pad with the same become one.
struct MergePads : OpRewritePattern<tosa::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tosa::PadOp op, PatternRewriter &rewriter) const override {
    std::optional<Padding> outer = Padding::get(op.getOutput()),
                           inner = Padding::get(op.getInput1());
    if (!outer || !inner || outer->fill != inner->fill)
      return failure();
    SmallVector<int64_t> sum;
    for (auto [a, b] : llvm::zip_equal(outer->amounts, inner->amounts))
      sum.push_back(a + b);
    TosaBuilder builder(rewriter, op.getLoc());
    rewriter.replaceOpWithNewOp<tosa::PadOp>(op, op.getType(), inner->op.getInput1(),
                                             builder.shape(sum), op.getPadConst());
    return success();
  }
};

/// quant.qcast and quant.dcast of a tensor padded with zeros: zero keeps its value, so the padding
/// can come behind them, where a convolution finds it.
struct SinkThroughCasts : OpRewritePattern<quant::DequantizeCastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(quant::DequantizeCastOp op,
                                PatternRewriter &rewriter) const override {
    auto cast = op.getInput().getDefiningOp<quant::QuantizeCastOp>();
    std::optional<Padding> padding = cast ? Padding::get(cast.getInput()) : std::nullopt;
    auto type = cast ? dyn_cast<quant::UniformQuantizedType>(elementTypeOf(cast.getResult()))
                     : quant::UniformQuantizedType();
    if (!padding || padding->fill != 0 || !type || type.getZeroPoint() < type.getStorageTypeMin() ||
        type.getZeroPoint() > type.getStorageTypeMax())
      return failure();
    Value source = padding->op.getInput1();
    auto narrow = RankedTensorType::get(shapeOf(source), type);
    Value integers = quant::QuantizeCastOp::create(rewriter, cast.getLoc(), narrow, source);
    Value reals =
        quant::DequantizeCastOp::create(rewriter, op.getLoc(), source.getType(), integers);
    rewriter.replaceOpWithNewOp<tosa::PadOp>(op, op.getType(), reals, padding->op.getPadding(),
                                             padding->op.getPadConst());
    return success();
  }
};

} // namespace

void PimFoldPadPass::runOnOperation() {
  RewritePatternSet patterns(&getContext());
  patterns.add<FoldIntoConvolution<tosa::Conv2DOp>, FoldIntoConvolution<tosa::DepthwiseConv2DOp>,
               FoldIntoMaxPool, MergePads, SinkThroughCasts>(&getContext());
  if (failed(applyWithoutFolding(getOperation(), std::move(patterns))))
    signalPassFailure();
}
