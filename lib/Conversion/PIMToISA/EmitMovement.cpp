//===- EmitMovement.cpp - copies inside global memory ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Concatenation, slice, padding and transposition are strided copies, each the same few
// instructions whatever the size.
//
//===----------------------------------------------------------------------===//

#include "EmitLayer.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::pim;

namespace {
class MovementEmitter {
public:
  MovementEmitter(LayerOp layer, CoreBuilder &core)
      : core(core), result(layer.getResultType()),
        whole(TensorDescriptor::global(result, placeOfResult(layer))) {}

  LogicalResult emit(Operation *op, ArrayRef<TensorDescriptor> inputs);

private:
  /// Dimensions of the tensor stand at the end of the four of a descriptor.
  size_t place(int64_t dim) const { return size_t(4 - result.getRank() + dim); }
  void copy(const TensorDescriptor &to, const TensorDescriptor &from) {
    core.emit(inst::DmaCopy{core.tensor(to), 0, core.tensor(from), 0});
  }
  LogicalResult concat(tosa::ConcatOp op, ArrayRef<TensorDescriptor> inputs);
  LogicalResult slice(tosa::SliceOp op, TensorDescriptor from);
  LogicalResult pad(tosa::PadOp op, const TensorDescriptor &from);
  LogicalResult transpose(tosa::TransposeOp op, const TensorDescriptor &from);

  CoreBuilder &core;
  RankedTensorType result;
  TensorDescriptor whole;
};
} // namespace

LogicalResult MovementEmitter::concat(tosa::ConcatOp op, ArrayRef<TensorDescriptor> inputs) {
  size_t dim = place(op.getAxis());
  TensorDescriptor to = whole;
  for (const TensorDescriptor &from : inputs) {
    to.sizes = from.sizes;
    copy(to, from);
    to.base += from.sizes[dim] * to.strides[dim];
  }
  return success();
}

LogicalResult MovementEmitter::slice(tosa::SliceOp op, TensorDescriptor from) {
  std::optional<SmallVector<int64_t>> start = readIntegers(op.getStart());
  if (!start || int64_t(start->size()) != result.getRank())
    return op.emitOpError("has a start that is not constant");
  for (auto [dim, offset] : llvm::enumerate(*start)) {
    if (offset < 0 || offset + whole.sizes[place(dim)] > from.sizes[place(dim)])
      return op.emitOpError() << "leaves its operand in dimension " << dim;
    from.base += offset * from.strides[place(dim)];
  }
  from.sizes = whole.sizes;
  copy(whole, from);
  return success();
}

LogicalResult MovementEmitter::pad(tosa::PadOp op, const TensorDescriptor &from) {
  std::optional<SmallVector<int64_t>> padding = readIntegers(op.getPadding());
  std::optional<int64_t> value = readScalar(op.getPadConst());
  if (!padding || !value || int64_t(padding->size()) != 2 * result.getRank())
    return op.emitOpError("has a padding that is not constant");
  core.emit(inst::DmaFill{core.tensor(whole), 0, int32_t(*value)});
  TensorDescriptor to = whole;
  to.sizes = from.sizes;
  for (int64_t dim = 0; dim < result.getRank(); ++dim) {
    int64_t before = (*padding)[2 * dim];
    if (before < 0 || (*padding)[2 * dim + 1] < 0)
      return op.emitOpError("has a negative padding, expected a slice for that");
    to.base += before * to.strides[place(dim)];
  }
  copy(to, from);
  return success();
}

LogicalResult MovementEmitter::transpose(tosa::TransposeOp op, const TensorDescriptor &from) {
  TensorDescriptor permuted = from;
  permuted.sizes = whole.sizes;
  for (auto [dim, source] : llvm::enumerate(op.getPerms()))
    permuted.strides[place(int64_t(dim))] = from.strides[place(source)];
  copy(whole, permuted);
  return success();
}

LogicalResult MovementEmitter::emit(Operation *op, ArrayRef<TensorDescriptor> inputs) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](tosa::ConcatOp concatOp) { return concat(concatOp, inputs); })
      .Case([&](tosa::SliceOp sliceOp) { return slice(sliceOp, inputs.front()); })
      .Case([&](tosa::PadOp padOp) { return pad(padOp, inputs.front()); })
      .Case([&](tosa::TransposeOp transposeOp) { return transpose(transposeOp, inputs.front()); })
      .Default([](Operation *other) {
        return other->emitOpError("is no data movement that the DMA unit can do");
      });
}

LogicalResult mlir::pim::emitMovement(LayerOp layer, PlaceOf placeOf, CoreBuilder &core) {
  Operation *op = layer.getAnchor();
  // A descriptor has four dimensions.
  auto fits = [](Value value) { return cast<RankedTensorType>(value.getType()).getRank() <= 4; };
  if (op->getNumOperands() == 0 || !mlir::isa<BlockArgument>(op->getOperand(0)) ||
      (mlir::isa<tosa::ConcatOp>(op) &&
       !llvm::all_of(op->getOperands(), llvm::IsaPred<BlockArgument>)) ||
      !fits(layer.getResult(0)) || !llvm::all_of(layer.getInputs(), fits))
    return op->emitOpError("is no data movement that the DMA unit can do");
  // An operand may be named twice, so the operands of the op count, not the inputs of the layer.
  SmallVector<TensorDescriptor> inputs;
  for (Value operand : op->getOperands()) {
    auto argument = dyn_cast<BlockArgument>(operand);
    if (!argument)
      continue;
    FailureOr<GlobalPlace> place = placeOf(layer.getInputs()[argument.getArgNumber()]);
    if (failed(place))
      return failure();
    inputs.push_back(TensorDescriptor::global(cast<RankedTensorType>(operand.getType()), *place));
  }
  return MovementEmitter(layer, core).emit(op, inputs);
}
