//===- Layout.cpp - ops whose layout can change ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cfloat>

using namespace mlir;
using namespace mlir::pim;

static bool isPerAxis(Type type) {
  return isa<quant::UniformQuantizedPerAxisType>(cast<RankedTensorType>(type).getElementType());
}

static bool isTensorOp(Operation *op) {
  auto isStatic = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.hasStaticShape();
  };
  return op->getNumResults() == 1 && op->getNumOperands() > 0 &&
         llvm::all_of(op->getOperandTypes(), isStatic) && isStatic(op->getResult(0).getType());
}

bool mlir::pim::isUnaryElementwise(Operation *op) {
  if (!isTensorOp(op))
    return false;
  if (isa<quant::QuantizeCastOp, quant::DequantizeCastOp, quant::StorageCastOp>(op))
    return !isPerAxis(op->getOperand(0).getType()) && !isPerAxis(op->getResult(0).getType());
  return isa<tosa::AbsOp, tosa::CastOp, tosa::CeilOp, tosa::ClampOp, tosa::ErfOp, tosa::ExpOp,
             tosa::FloorOp, tosa::IdentityOp, tosa::LogOp, tosa::ReciprocalOp, tosa::RsqrtOp,
             tosa::SigmoidOp, tosa::TanhOp>(op);
}

bool mlir::pim::isElementwise(Operation *op) {
  return isUnaryElementwise(op) ||
         (isTensorOp(op) &&
          isa<tosa::AddOp, tosa::SubOp, tosa::MulOp, tosa::MaximumOp, tosa::MinimumOp, tosa::PowOp,
              tosa::SelectOp, tosa::GreaterOp, tosa::GreaterEqualOp, tosa::EqualOp>(op));
}

bool mlir::pim::isChannelwise(Operation *op) {
  return isUnaryElementwise(op) || isa<tosa::RescaleOp, tosa::TableOp>(op);
}

bool mlir::pim::isRelu(Operation *op) {
  auto clamp = dyn_cast<tosa::ClampOp>(op);
  if (!clamp)
    return false;
  auto low = dyn_cast<FloatAttr>(clamp.getMinVal()), high = dyn_cast<FloatAttr>(clamp.getMaxVal());
  return low && high && low.getValueAsDouble() == 0 && high.getValueAsDouble() >= FLT_MAX;
}

bool mlir::pim::isConvolution(Operation *op) {
  return isa_and_nonnull<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(op);
}

int64_t mlir::pim::outputChannelOf(Operation *convolution, int64_t index, ArrayRef<int64_t> shape) {
  if (isa<tosa::Conv2DOp>(convolution)) // [outputs, rows, columns, inputs]
    return index / (shape[1] * shape[2] * shape[3]);
  return index % (shape[2] * shape[3]); // [rows, columns, inputs, multiplier]
}

int64_t mlir::pim::inputChannelOf(Operation *convolution, int64_t index, ArrayRef<int64_t> shape) {
  if (isa<tosa::Conv2DOp>(convolution))
    return index % shape[3];
  return index / shape[3] % shape[2];
}

OperandRange mlir::pim::layoutOperands(Operation *op) {
  // The last operand of tosa.mul is a shift.
  return isa<tosa::MulOp>(op) ? op->getOperands().drop_back() : op->getOperands();
}

SmallVector<int64_t> mlir::pim::permutationOf(tosa::TransposeOp op) {
  return SmallVector<int64_t>(op.getPerms().begin(), op.getPerms().end());
}

bool mlir::pim::movesOnlyUnits(ArrayRef<int64_t> shape, ArrayRef<int64_t> permutation) {
  int64_t last = -1;
  for (int64_t from : permutation) {
    if (shape[from] == 1)
      continue;
    if (from < last)
      return false;
    last = from;
  }
  return true;
}

bool mlir::pim::differsInUnits(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  auto isNotOne = [](int64_t dim) { return dim != 1; };
  return llvm::equal(llvm::make_filter_range(from, isNotOne),
                     llvm::make_filter_range(to, isNotOne));
}

Value mlir::pim::cloneWithShape(TosaBuilder &builder, Operation *op, ValueRange layoutOperands,
                                ArrayRef<int64_t> shape) {
  Operation *clone = builder.getBuilder().clone(*op);
  for (auto [index, operand] : llvm::enumerate(layoutOperands))
    clone->setOperand(index, operand);
  clone->getResult(0).setType(cast<RankedTensorType>(op->getResult(0).getType()).clone(shape));
  return clone->getResult(0);
}

LogicalResult mlir::pim::applyWithoutFolding(func::FuncOp function,
                                             const FrozenRewritePatternSet &patterns) {
  return applyPatternsGreedily(function, patterns, GreedyRewriteConfig().enableFolding(false));
}
