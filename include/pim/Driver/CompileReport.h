//===- CompileReport.h - what a compilation came to ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DRIVER_COMPILEREPORT_H
#define PIM_DRIVER_COMPILEREPORT_H

#include "pim/Driver/Compilation.h"

namespace mlir::pim {

/// Writes the JSON report `pim-compile/1` (docs/reports.md lists its keys). REQUIRES: a run to
/// Stage::Binary.
void writeCompileReport(const Compilation &compilation, llvm::raw_ostream &stream);

/// Prints the same in a few lines for people.
void printCompileSummary(const Compilation &compilation, llvm::raw_ostream &stream);

} // namespace mlir::pim

#endif // PIM_DRIVER_COMPILEREPORT_H
