//===- CheckMapping.h - can it become a program ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_CONVERSION_PIMTOISA_CHECKMAPPING_H
#define PIM_LIB_CONVERSION_PIMTOISA_CHECKMAPPING_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "pim/Dialect/PIM/Transforms/MappingTarget.h"

namespace mlir::pim {

/// Emits an error unless the function is one block of layers, all mapped to cores, arrays and cells
/// that the target has, with values that global memory can hold. Tested by
/// test/Conversion/PIMToISA/convert-pim-to-isa-errors.mlir.
LogicalResult checkMapping(func::FuncOp function, const MappingTarget &target);

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_PIMTOISA_CHECKMAPPING_H
