//===- InputTypes.h - static shapes of a function's arguments --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_IMPORT_TOSA_INPUTTYPES_H
#define PIM_LIB_IMPORT_TOSA_INPUTTYPES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>
#include <string>
#include <vector>

namespace mlir::pim {

/// Closes the open dimensions of the arguments of `function`: the first, the batch, becomes 1,
/// others come from `shapes`, by name. Types of what is computed are not touched. Emits an error
/// where a dimension stays open, or a shape contradicts the function or is of no argument.
LogicalResult pinInputTypes(func::FuncOp function,
                            const std::map<std::string, std::vector<int64_t>> &shapes);

} // namespace mlir::pim

#endif // PIM_LIB_IMPORT_TOSA_INPUTTYPES_H
