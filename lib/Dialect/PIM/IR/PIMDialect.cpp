//===- PIMDialect.cpp - the pim dialect ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/PIMDialect.h"

using namespace mlir;
using namespace mlir::pim;

#include "pim/Dialect/PIM/IR/PIMDialect.cpp.inc"

void PIMDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "pim/Dialect/PIM/IR/PIMOps.cpp.inc"
      >();
}
