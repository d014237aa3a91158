//===- WriteISA.h - the isa dialect of a finished program ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_CONVERSION_PIMTOISA_WRITEISA_H
#define PIM_LIB_CONVERSION_PIMTOISA_WRITEISA_H

#include "ProgramBuilder.h"
#include "pim/Dialect/PIM/Transforms/MappingTarget.h"

namespace mlir::pim {

/// Adds an `isa.program` to `module`. Fails if a table or a field overflows.
LogicalResult writeISA(ModuleOp module, const ProgramBuilder &program, const MappingTarget &target);

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_PIMTOISA_WRITEISA_H
