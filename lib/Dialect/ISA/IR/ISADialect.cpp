//===- ISADialect.cpp - the isa dialect -------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registers the ops and attributes. Tested by test/Dialect/ISA.
//
//===----------------------------------------------------------------------===//
#include "pim/Dialect/ISA/IR/ISADialect.h"

#include "mlir/IR/DialectImplementation.h"
#include "pim/Dialect/ISA/IR/ISAOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::pim::isa;

#include "pim/Dialect/ISA/IR/ISADialect.cpp.inc"
#include "pim/Dialect/ISA/IR/ISAEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "pim/Dialect/ISA/IR/ISAAttrs.cpp.inc"

#define GET_OP_CLASSES
#include "pim/Dialect/ISA/IR/ISAOps.cpp.inc"

void ISADialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "pim/Dialect/ISA/IR/ISAAttrs.cpp.inc"
      >();
}

void ISADialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "pim/Dialect/ISA/IR/ISAOps.cpp.inc"
      >();
}
