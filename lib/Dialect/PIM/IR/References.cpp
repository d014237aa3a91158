//===- References.cpp - what results are checked against ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/References.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Operation.h"

using namespace mlir;
using namespace mlir::pim;

StringRef mlir::pim::referenceOf(Value value) {
  auto result = dyn_cast<OpResult>(value);
  auto names =
      result ? result.getOwner()->getAttrOfType<ArrayAttr>(referenceAttrName) : ArrayAttr();
  if (!names || result.getResultNumber() >= names.size())
    return {};
  auto name = dyn_cast<StringAttr>(names[result.getResultNumber()]);
  return name ? name.getValue() : StringRef();
}

void mlir::pim::setReferences(Operation *op, ArrayRef<StringRef> references) {
  if (!llvm::all_of(references, [](StringRef name) { return name.empty(); }))
    op->setAttr(referenceAttrName, Builder(op->getContext()).getStrArrayAttr(references));
}
