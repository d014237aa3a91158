//===- FloatOps.cpp - what quantization knows of float TOSA ops -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatOps.h"

#include "Constants.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Quantization/QuantParams.h"

using namespace mlir;
using namespace mlir::pim;

namespace {

RankedTensorType tensorType(Value value) { return cast<RankedTensorType>(value.getType()); }

/// True if `constant`, broadcast against a tensor of `shape`, varies along the last dimension at
/// most.
bool isPerChannel(const RealConstant &constant, ArrayRef<int64_t> shape) {
  if (constant.values.size() == 1)
    return true;
  return !shape.empty() && int64_t(constant.values.size()) == shape.back() &&
         constant.shape.back() == shape.back();
}

} // namespace

bool mlir::pim::isMovement(Operation *op) {
  return isa<tosa::ReshapeOp, tosa::TransposeOp, tosa::SliceOp, tosa::IdentityOp, tosa::ReverseOp,
             tosa::TileOp>(op);
}

bool mlir::pim::keepsChannels(Operation *op) {
  if (isa<tosa::IdentityOp>(op))
    return true;
  if (!isa<tosa::ReshapeOp>(op))
    return false;
  ArrayRef<int64_t> before = tensorType(op->getOperand(0)).getShape();
  ArrayRef<int64_t> after = tensorType(op->getResult(0)).getShape();
  return !before.empty() && !after.empty() && before.back() == after.back();
}

bool mlir::pim::isLinear(Operation *op) {
  if (isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(op))
    return isConstant(op->getOperand(1)) && isConstant(op->getOperand(2));
  if (auto product = dyn_cast<tosa::MatMulOp>(op))
    return isConstant(product.getB()) && !isConstant(product.getA()) &&
           tensorType(product.getB()).getShape()[0] == 1;
  return false;
}

int64_t mlir::pim::weightBitsOf(Operation *op, int64_t moduleBits) {
  auto own = op->getAttrOfType<IntegerAttr>(weightBitsAttrName);
  return own ? own.getInt() : moduleBits;
}

int64_t mlir::pim::outputAxis(Operation *op) {
  if (isa<tosa::Conv2DOp>(op))
    return 0;
  if (isa<tosa::MatMulOp>(op))
    return 2;
  // [KH, KW, C, M]: output c*M + m. One scale axis can say C or M; the other must then share.
  return tensorType(op->getOperand(1)).getShape()[2] == 1 ? 3 : 2;
}

std::optional<ChannelAffine> mlir::pim::matchChannelAffine(Operation *op) {
  if (!isa<tosa::AddOp, tosa::SubOp, tosa::MulOp>(op))
    return std::nullopt;
  Value left = op->getOperand(0), right = op->getOperand(1);
  bool constantLeft = isConstant(left), constantRight = isConstant(right);
  if (constantLeft == constantRight)
    return std::nullopt;
  ChannelAffine out;
  out.value = constantLeft ? right : left;
  auto constant = evaluateReals(constantLeft ? left : right);
  // The constant must not enlarge the value, as broadcasting may.
  if (!constant || tensorType(out.value).getShape() != tensorType(op->getResult(0)).getShape() ||
      !isPerChannel(*constant, tensorType(op->getResult(0)).getShape()))
    return std::nullopt;
  if (isa<tosa::MulOp>(op)) {
    out.factor.assign(constant->values.begin(), constant->values.end());
  } else if (isa<tosa::AddOp>(op) || constantLeft) {
    out.offset.assign(constant->values.begin(), constant->values.end());
    if (isa<tosa::SubOp>(op))
      out.factor = {-1.0};
  } else {
    out.offset.assign(constant->values.begin(), constant->values.end());
    for (double &offset : out.offset)
      offset = -offset;
  }
  return out;
}

std::optional<ClampBounds> mlir::pim::matchClamp(Operation *op) {
  auto clamp = dyn_cast<tosa::ClampOp>(op);
  if (!clamp)
    return std::nullopt;
  auto low = dyn_cast<FloatAttr>(clamp.getMinVal()), high = dyn_cast<FloatAttr>(clamp.getMaxVal());
  if (!low || !high)
    return std::nullopt;
  return ClampBounds{low.getValueAsDouble(), high.getValueAsDouble()};
}

bool mlir::pim::endsInSums(Value value, bool means) {
  Operation *op = value.getDefiningOp();
  while (op && !isLinear(op)) {
    if (means && (isPoolableSum(op) || isa<tosa::AvgPool2dOp>(op)))
      return true;
    auto affine = matchChannelAffine(op);
    if (!affine && !matchClamp(op) && !isMovement(op))
      return false;
    op = (affine ? affine->value : op->getOperand(0)).getDefiningOp();
  }
  return op;
}

bool mlir::pim::isPoolableSum(Operation *op) {
  auto sum = dyn_cast<tosa::ReduceSumOp>(op);
  if (!sum)
    return false;
  ArrayRef<int64_t> shape = tensorType(sum.getInput()).getShape();
  auto axis = int64_t(sum.getAxis());
  if (axis + 1 >= int64_t(shape.size()))
    return false;
  // NHWC images sum over their rows or columns; anything else must have nothing outside the
  // dimension.
  return (shape.size() == 4 && axis >= 1) ||
         llvm::all_of(shape.take_front(axis), [](int64_t size) { return size == 1; });
}

bool mlir::pim::isZeroPad(Operation *op) {
  auto pad = dyn_cast<tosa::PadOp>(op);
  if (!pad || !isConstant(pad.getPadConst()))
    return false;
  auto value = evaluateReals(pad.getPadConst());
  return value && value->values.size() == 1 && value->values[0] == 0;
}

bool mlir::pim::isChannelBound(Operation *op) {
  if (!isa_and_nonnull<tosa::MaximumOp, tosa::MinimumOp>(op) || !isConstant(op->getOperand(1)) ||
      isConstant(op->getOperand(0)))
    return false;
  auto constant = evaluateReals(op->getOperand(1));
  ArrayRef<int64_t> shape = tensorType(op->getResult(0)).getShape();
  return constant && tensorType(op->getOperand(0)).getShape() == shape &&
         isPerChannel(*constant, shape);
}

bool mlir::pim::keepsParameters(Operation *op) {
  return isMovement(op) || isa<tosa::MaxPool2dOp>(op) || matchClamp(op) || isZeroPad(op) ||
         isChannelBound(op);
}

bool mlir::pim::hasIntegerForm(Operation *op) {
  if (auto pad = dyn_cast<tosa::PadOp>(op))
    return isConstant(pad.getPadConst());
  return isLinear(op) || keepsParameters(op) || isPoolableSum(op) ||
         isa<tosa::AddOp, tosa::SubOp, tosa::MulOp, tosa::AvgPool2dOp, tosa::ConcatOp>(op);
}

OperandRange mlir::pim::dataOperands(Operation *op) {
  if (isa<tosa::ConcatOp>(op))
    return op->getOperands();
  bool binary = isa<tosa::AddOp, tosa::SubOp, tosa::MulOp>(op);
  return op->getOperands().take_front(binary ? 2 : std::min(1u, op->getNumOperands()));
}
