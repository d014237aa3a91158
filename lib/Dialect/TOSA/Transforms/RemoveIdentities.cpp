//===- RemoveIdentities.cpp - ops that change nothing ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-remove-identities; tested by test/Dialect/TOSA/remove-identities.mlir.
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cfloat>

namespace mlir::pim {
#define GEN_PASS_DEF_PIMREMOVEIDENTITIESPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimRemoveIdentitiesPass
    : mlir::pim::impl::PimRemoveIdentitiesPassBase<PimRemoveIdentitiesPass> {
  void runOnOperation() override;
};
} // namespace

/// True if every element of the constant `value` is `real`; the sign of a zero does not count.
static bool isAll(Value value, double real) {
  std::optional<Elements> constant = getTosaConstant(value);
  return constant && constant->getCount() > 0 &&
         llvm::all_of(constant->getReals(), [real](double element) { return element == real; });
}

/// The operand that a binary op with the neutral element `neutral` passes on.
static Value passedOn(Operation *op, double neutral, bool isCommutative) {
  if (isAll(op->getOperand(1), neutral))
    return op->getOperand(0);
  return isCommutative && isAll(op->getOperand(0), neutral) ? op->getOperand(1) : Value();
}

static bool isWindowOfOne(ArrayRef<int64_t> kernel, ArrayRef<int64_t> stride,
                          ArrayRef<int64_t> pad) {
  auto isOne = [](int64_t number) { return number == 1; };
  return llvm::all_of(kernel, isOne) && llvm::all_of(stride, isOne) &&
         llvm::all_of(pad, [](int64_t number) { return number == 0; });
}

static bool isUnbounded(tosa::ClampOp op) {
  auto low = dyn_cast<FloatAttr>(op.getMinVal()), high = dyn_cast<FloatAttr>(op.getMaxVal());
  return low && high && low.getValueAsDouble() <= -FLT_MAX && high.getValueAsDouble() >= FLT_MAX;
}

static bool isZeroPadding(tosa::PadOp op) {
  SmallVector<int64_t> amounts;
  return tosa::getConstShapeValues(op.getPadding().getDefiningOp(), amounts) &&
         llvm::all_of(amounts, [](int64_t amount) { return amount == 0; });
}

/// What `op`, of one result, passes on unchanged, if its types agree; null if there is nothing.
static Value identityOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([](tosa::IdentityOp op) { return op->getOperand(0); })
      .Case<tosa::AddOp>([](auto op) { return passedOn(op, 0, true); })
      .Case<tosa::SubOp>([](auto op) { return passedOn(op, 0, false); })
      .Case<tosa::PowOp>([](auto op) { return passedOn(op, 1, false); })
      .Case([](tosa::MulOp op) {
        // The shift of integers divides.
        return isAll(op.getShift(), 0) ? passedOn(op, 1, true) : Value();
      })
      .Case([](tosa::ClampOp op) { return isUnbounded(op) ? op.getInput() : Value(); })
      .Case([](tosa::PadOp op) { return isZeroPadding(op) ? op.getInput1() : Value(); })
      .Case([](tosa::ConcatOp op) {
        return op.getInput1().size() == 1 ? op.getInput1().front() : Value();
      })
      .Case<tosa::MaxPool2dOp, tosa::AvgPool2dOp>([](auto op) {
        return isWindowOfOne(op.getKernel(), op.getStride(), op.getPad()) ? op->getOperand(0)
                                                                          : Value();
      })
      // Of one type before and after, these move nothing and cut nothing off.
      .Case<tosa::SliceOp, tosa::TileOp, tosa::CastOp, tosa::ReduceMaxOp, tosa::ReduceMinOp,
            tosa::ReduceSumOp, tosa::ReduceProductOp>([](auto op) { return op->getOperand(0); })
      .Default([](Operation *) { return Value(); });
}

namespace {
struct RemoveIdentity : RewritePattern {
  RemoveIdentity(MLIRContext *context) : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (op->getNumResults() != 1)
      return failure();
    Value value = identityOf(op);
    // A type of its own is a broadcast, or rounding.
    if (!value || value.getType() != op->getResult(0).getType())
      return failure();
    rewriter.replaceOp(op, value);
    return success();
  }
};
} // namespace

void PimRemoveIdentitiesPass::runOnOperation() {
  RewritePatternSet patterns(&getContext());
  populateCancelPatterns(patterns);
  patterns.add<RemoveIdentity>(&getContext());
  if (failed(applyWithoutFolding(getOperation(), std::move(patterns))))
    signalPassFailure();
}
