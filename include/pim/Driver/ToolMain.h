//===- ToolMain.h - how tools end when something is thrown -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DRIVER_TOOLMAIN_H
#define PIM_DRIVER_TOOLMAIN_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

namespace mlir::pim {

/// Runs `body` after llvm::InitLLVM and returns its exit status. An exception becomes one line
/// `tool: error: ...` and inputAtFaultStatus: pim::Error says itself what is at fault, anything
/// else, memory that ran out above all, is told with `input`, the file that `tool` works on.
int runTool(llvm::StringRef tool, const std::string &input, llvm::function_ref<int()> body);

} // namespace mlir::pim

#endif // PIM_DRIVER_TOOLMAIN_H
