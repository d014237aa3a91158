//===- PIMDialect.h - the pim dialect --------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weight-stationary integer layers and the attributes that map them to arrays, cores and
// scratchpads. docs/mapping.md has the equations; tested by test/Dialect/PIM and
// unittests/Dialect/PIM.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_IR_PIMDIALECT_H
#define PIM_DIALECT_PIM_IR_PIMDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "pim/Dialect/PIM/IR/PIMDialect.h.inc"
#include "pim/Dialect/PIM/IR/PIMEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "pim/Dialect/PIM/IR/PIMAttrs.h.inc"

#define GET_OP_CLASSES
#include "pim/Dialect/PIM/IR/PIMOps.h.inc"

namespace mlir::pim {

/// Everything in global memory begins at a multiple of this, the width of a memory burst.
constexpr int64_t globalAlignment = 64;

/// Bytes of a tensor of `type` in global memory.
int64_t globalBytes(Type type);

/// The value whose memory `value` is: reshapes only rename it.
Value memoryRoot(Value value);

} // namespace mlir::pim

#endif // PIM_DIALECT_PIM_IR_PIMDIALECT_H
