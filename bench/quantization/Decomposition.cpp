//===- Decomposition.cpp - what the error of the scores is of --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decomposition.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace {

enum class Kind { Input, Result, Sum, Other };

func::FuncOp functionOf(ModuleOp module) { return *module.getOps<func::FuncOp>().begin(); }

bool isConstant(Value value) {
  Operation *op = value.getDefiningOp();
  return op && llvm::all_of(op->getOperands(), isConstant);
}

bool isReshape(Operation *op) { return isa<tosa::ReshapeOp, tosa::TransposeOp>(op); }

/// The casts of activations in the order of the function.
SmallVector<quant::QuantizeCastOp> activationCasts(ModuleOp module) {
  SmallVector<quant::QuantizeCastOp> casts;
  functionOf(module).walk([&](quant::QuantizeCastOp cast) {
    if (!isConstant(cast.getInput()))
      casts.push_back(cast);
  });
  return casts;
}

Kind kindOf(quant::QuantizeCastOp cast) {
  Value value = cast.getInput();
  if (isa<BlockArgument>(value))
    return Kind::Input;
  for (Value end = cast.getResult(); end.hasOneUse();) {
    Operation *user = *end.user_begin();
    if (isa<func::ReturnOp>(user))
      return Kind::Result;
    if (!isReshape(user) && !isa<quant::DequantizeCastOp>(user))
      break;
    end = user->getResult(0);
  }
  // A clamp belongs to the sum before it.
  while (isa_and_nonnull<tosa::ClampOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  auto add = value.getDefiningOp<tosa::AddOp>();
  bool isSum = add && !isConstant(add.getInput1()) && !isConstant(add.getInput2());
  return isSum ? Kind::Sum : Kind::Other;
}

std::string nameOf(quant::QuantizeCastOp cast) {
  std::string name;
  llvm::raw_string_ostream(name) << cast.getLoc();
  return name;
}

/// A copy of `calibrated` without the casts for which `isFree` holds.
OwningOpRef<ModuleOp> withoutCasts(ModuleOp calibrated, llvm::function_ref<bool(size_t)> isFree) {
  OwningOpRef<ModuleOp> copy(calibrated.clone());
  for (auto [index, cast] : llvm::enumerate(activationCasts(*copy))) {
    if (!isFree(index))
      continue;
    for (Operation *user : llvm::make_early_inc_range(cast->getUsers())) {
      user->getResult(0).replaceAllUsesWith(cast.getInput());
      user->erase();
    }
    cast.erase();
  }
  return copy;
}

/// A copy of `original` with the casts of the activations of `calibrated`.
OwningOpRef<ModuleOp> withoutWeightCasts(ModuleOp original, ModuleOp calibrated) {
  OwningOpRef<ModuleOp> copy(original.clone());
  copy.get()->setAttrs(calibrated->getAttrDictionary());
  auto opsOf = [](ModuleOp module) { // those that calibration neither adds nor replaces
    SmallVector<Operation *> ops;
    for (Operation &op : functionOf(module).getBody().front())
      if (!isa<quant::QuantizeCastOp, quant::DequantizeCastOp, tosa::ConstOp>(op))
        ops.push_back(&op);
    return ops;
  };
  IRMapping mapping;
  func::FuncOp from = functionOf(calibrated), to = functionOf(*copy);
  mapping.map(from.getArguments(), to.getArguments());
  for (auto [before, after] : llvm::zip_equal(opsOf(calibrated), opsOf(*copy)))
    mapping.map(before->getResults(), after->getResults());
  for (quant::QuantizeCastOp cast : activationCasts(calibrated)) {
    OpBuilder builder(original.getContext());
    Value value = mapping.lookup(cast.getInput());
    builder.setInsertionPointAfterValue(value);
    Value quantized = quant::QuantizeCastOp::create(builder, cast.getLoc(), cast.getType(), value);
    Value back =
        quant::DequantizeCastOp::create(builder, cast.getLoc(), value.getType(), quantized);
    value.replaceAllUsesExcept(back, quantized.getDefiningOp());
  }
  return copy;
}

} // namespace

void mlir::pim::visitRelaxed(ModuleOp original, ModuleOp calibrated, bool each,
                             llvm::function_ref<void(StringRef, ModuleOp)> visit) {
  SmallVector<Kind> kinds;
  SmallVector<std::string> names;
  for (quant::QuantizeCastOp cast : activationCasts(calibrated)) {
    kinds.push_back(kindOf(cast));
    names.push_back(nameOf(cast));
  }
  visit("weights", *withoutWeightCasts(original, calibrated));
  visit("activations", *withoutCasts(calibrated, [](size_t) { return true; }));
  std::pair<StringRef, Kind> groups[] = {{"inputs", Kind::Input},
                                         {"results", Kind::Result},
                                         {"sums", Kind::Sum},
                                         {"other activations", Kind::Other}};
  for (auto [name, kind] : groups)
    if (llvm::is_contained(kinds, kind))
      visit(name,
            *withoutCasts(calibrated, [&, kind = kind](size_t i) { return kinds[i] == kind; }));
  for (size_t index = 0; each && index < names.size(); ++index)
    visit(names[index], *withoutCasts(calibrated, [&](size_t i) { return i == index; }));
}
