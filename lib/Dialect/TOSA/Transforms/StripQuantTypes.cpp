//===- StripQuantTypes.cpp - quantized types as the integers they are -----===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-strip-quant-types; tested by test/Dialect/TOSA/strip-quant-types.mlir.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"
#include "pim/Elements/Ports.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMSTRIPQUANTTYPESPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimStripQuantTypesPass
    : mlir::pim::impl::PimStripQuantTypesPassBase<PimStripQuantTypesPass> {
  void runOnOperation() override;
};
} // namespace

/// The tensor of integers that a tensor of quantized ones is stored as; null for other types.
static ShapedType storageOf(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  auto quantized =
      shaped ? dyn_cast<quant::QuantizedType>(shaped.getElementType()) : quant::QuantizedType();
  if (!quantized)
    return {};
  unsigned width = quantized.getStorageTypeIntegralWidth();
  return shaped.clone(IntegerType::get(type.getContext(), width));
}

static bool isQuantOp(Operation *op) { return isa<quant::QuantDialect>(op->getDialect()); }

/// Keeps what the integers of an argument or a result stand for where the attribute has a form for
/// it: signed, one scale.
static TypeAttr meaningOf(Type type) {
  auto quantized = dyn_cast<quant::UniformQuantizedType>(cast<ShapedType>(type).getElementType());
  return quantized && quantized.isSigned() && quantized.getStorageTypeIntegralWidth() == 8
             ? TypeAttr::get(quantized)
             : TypeAttr();
}

/// Casts of the quant dialect keep their types: what they read and what reads them is cast between
/// the two.
static void castBorders(Operation *op, const DenseMap<Value, Type> &stripped) {
  OpBuilder builder(op);
  for (OpOperand &operand : op->getOpOperands()) {
    Value value = operand.get();
    auto before = stripped.find(value);
    Type wanted = isQuantOp(op) ? (before == stripped.end() ? Type() : before->second)
                                : Type(storageOf(value.getType()));
    if (wanted)
      operand.set(quant::StorageCastOp::create(builder, op->getLoc(), wanted, value));
  }
}

void PimStripQuantTypesPass::runOnOperation() {
  func::FuncOp function = getOperation();
  DenseMap<Value, Type> stripped;
  auto strip = [&](Value value) {
    if (ShapedType storage = storageOf(value.getType())) {
      stripped[value] = value.getType();
      value.setType(storage);
    }
  };
  auto record = [](Type type, TypeAttr own, function_ref<void(TypeAttr)> set) {
    if (TypeAttr meaning = storageOf(type) && !own ? meaningOf(type) : TypeAttr())
      set(meaning);
  };
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
    record(type, function.getArgAttrOfType<TypeAttr>(index, quantAttrName),
           [&](TypeAttr meaning) { function.setArgAttr(index, quantAttrName, meaning); });
  for (auto [index, type] : llvm::enumerate(function.getResultTypes()))
    record(type, function.getResultAttrOfType<TypeAttr>(index, quantAttrName),
           [&](TypeAttr meaning) { function.setResultAttr(index, quantAttrName, meaning); });

  function.walk([&](Block *block) { llvm::for_each(block->getArguments(), strip); });
  function.walk([&](Operation *op) {
    if (!isQuantOp(op))
      llvm::for_each(op->getResults(), strip);
  });
  function.walk([&](Operation *op) { castBorders(op, stripped); });
  if (function.isExternal())
    return;
  Operation *terminator = function.getBody().back().getTerminator();
  function.setType(FunctionType::get(&getContext(), function.getBody().getArgumentTypes(),
                                     terminator->getOperandTypes()));
}
