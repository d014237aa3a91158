//===- ISADialect.h - the isa dialect ---------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialect of the compiled program and its attributes. Beware of the names: this is
// mlir::pim::isa; the codec that knows no MLIR is ::pim::isa. Inside mlir::pim the function
// template isa<> must be written llvm::isa<>. Tested by test/Dialect/ISA.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ISA_IR_ISADIALECT_H
#define PIM_DIALECT_ISA_IR_ISADIALECT_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"

#include "pim/Dialect/ISA/IR/ISADialect.h.inc"
#include "pim/Dialect/ISA/IR/ISAEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "pim/Dialect/ISA/IR/ISAAttrs.h.inc"

#endif // PIM_DIALECT_ISA_IR_ISADIALECT_H
