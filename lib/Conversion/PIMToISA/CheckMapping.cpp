//===- CheckMapping.cpp - can it become a program --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckMapping.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"

using namespace mlir;
using namespace mlir::pim;

/// Global memory holds tensors of these alone.
static LogicalResult checkType(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (type && type.hasStaticShape() && type.getElementType().isIntOrFloat() &&
      llvm::is_contained({1, 8, 16, 32, 64}, type.getElementTypeBitWidth()))
    return success();
  return emitError(value.getLoc()) << "has type " << value.getType()
                                   << ", expected a static tensor of 1, 8, 16, 32 or 64 bits";
}

static LogicalResult checkTypes(Block &block) {
  for (BlockArgument argument : block.getArguments())
    if (failed(checkType(argument)))
      return failure();
  for (Operation &op : block.without_terminator())
    for (Value value : llvm::concat<Value>(op.getOperands(), op.getResults()))
      if (!mlir::isa<tosa::shapeType>(value.getType()) && failed(checkType(value)))
        return failure();
  return success();
}

/// Checks that a part's own arrays and those that it shares are of its core.
static LogicalResult checkArrays(LayerOp layer, PartAttr part, const MappingTarget &target) {
  DenseI64ArrayAttr shared = part.getShared();
  auto isOutside = [&](int64_t array) { return array >= target.arraysPerCore; };
  if (part.getArrays() > target.arraysPerCore - part.getFirstArray() ||
      (shared && llvm::any_of(shared.asArrayRef(), isOutside)))
    return layer.emitOpError() << "'" << layer.getName() << "' has arrays on core "
                               << part.getCore() << " beyond the " << target.arraysPerCore
                               << " of target '" << target.name << "'";
  return success();
}

static LogicalResult checkTiles(LayerOp layer, const MappingTarget &target) {
  TilingAttr tiling = layer.getTiling();
  Conv2DOp matrix = layer.getMatrixOp();
  int64_t slices = matrix ? int64_t(matrix.getSlicingAttr().getSliceCount()) : 2;
  bool fits =
      tiling.hasStacks() ||
      (tiling.getTileRows() <= target.matrixRows && tiling.getTileCols() <= target.matrixColumns &&
       tiling.getTileCols() * slices / tiling.getPlanes() <= target.matrixColumns);
  for (StackAttr stack : tiling.getStacks())
    for (TileAttr tile : stack.getTiles())
      fits &= tile.getRowOffset() + tile.getRowCount() <= target.matrixRows &&
              tile.getColOffset() <= target.matrixColumns &&
              tile.getColOffset() + tile.getOutputCount() * tile.getSliceCount() <=
                  target.matrixColumns;
  if (!fits)
    return layer.emitOpError() << "'" << layer.getName() << "' has a tile outside the arrays of "
                               << "target '" << target.name << "', " << target.matrixRows << "x"
                               << target.matrixColumns;
  if (matrix && matrix.getSlicingAttr().getCellBits() != target.cellBits)
    return layer.emitOpError() << "'" << layer.getName() << "' stores "
                               << matrix.getSlicingAttr().getCellBits()
                               << " bits in a cell, those of target '" << target.name << "' hold "
                               << target.cellBits;
  return success();
}

LogicalResult mlir::pim::checkMapping(func::FuncOp function, const MappingTarget &target) {
  if (!function.getBody().hasOneBlock())
    return function.emitError() << "has " << function.getBody().getBlocks().size()
                                << " blocks, expected one";
  for (auto layer : function.getBody().front().getOps<LayerOp>()) {
    bool hasArrays = layer.getMatrixOp() || layer.getAnalogOp();
    if (!layer.getPlacementAttr() || !layer.getScheduleAttr() || (hasArrays && !layer.getTiling()))
      return layer.emitOpError() << "'" << layer.getName()
                                 << "' is not mapped: run pim-bit-slice, pim-tile, pim-place "
                                 << "and pim-schedule first";
    for (PartAttr part : layer.getPlacementAttr().getParts())
      if (part.getCore() >= target.cores())
        return layer.emitOpError() << "'" << layer.getName() << "' is on core " << part.getCore()
                                   << ", target '" << target.name << "' has " << target.cores();
    for (PartAttr part : layer.getPlacementAttr().getParts())
      if (failed(checkArrays(layer, part, target)))
        return failure();
    if (hasArrays && failed(checkTiles(layer, target)))
      return failure();
  }
  for (Operation &op : function.getBody().front().without_terminator())
    if (!mlir::isa<LayerOp, tosa::ConstOp, tosa::ConstShapeOp, tosa::ReshapeOp>(op))
      return op.emitOpError("is outside of any layer: run pim-form-layers first");
  return checkTypes(function.getBody().front());
}
