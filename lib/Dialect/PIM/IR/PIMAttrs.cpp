//===- PIMAttrs.cpp - mapping attributes of the pim dialect ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The generated code. What the attributes mean in numbers, and when they are possible at all, is in
// a file for each step of the mapping: SlicingAttr.cpp, TilingAttrs.cpp, PlacementAttrs.cpp,
// ScheduleAttrs.cpp.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::pim;

#include "pim/Dialect/PIM/IR/PIMEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "pim/Dialect/PIM/IR/PIMAttrs.cpp.inc"

void PIMDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "pim/Dialect/PIM/IR/PIMAttrs.cpp.inc"
      >();
}
