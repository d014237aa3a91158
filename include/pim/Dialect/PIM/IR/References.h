//===- References.h - what results are checked against ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `pim-attach-reference` names, at each op, the tensors of the reference graph that its results
// are; passes hand the names on to the layers that make these values.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_IR_REFERENCES_H
#define PIM_DIALECT_PIM_IR_REFERENCES_H

#include "mlir/IR/Value.h"

namespace mlir::pim {

/// The names, one for each result of an op, empty where there is none.
constexpr llvm::StringLiteral referenceAttrName = "pim.reference";

/// That of one value; empty if it has none.
StringRef referenceOf(Value value);

/// Gives `op` those of its results; none if all are empty.
void setReferences(Operation *op, ArrayRef<StringRef> references);

} // namespace mlir::pim

#endif // PIM_DIALECT_PIM_IR_REFERENCES_H
