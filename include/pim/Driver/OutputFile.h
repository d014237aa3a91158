//===- OutputFile.h - files that appear whole or not at all ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DRIVER_OUTPUTFILE_H
#define PIM_DRIVER_OUTPUTFILE_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mlir::pim {

/// Calls `write` with a stream whose contents become the file `path` ("-": standard output) once it
/// has returned, through a temporary file beside it: a reader never sees half a file, and a failure
/// leaves what was there. Errors are emitted at `path`.
LogicalResult writeOutputFile(MLIRContext *context, StringRef path,
                              llvm::function_ref<LogicalResult(llvm::raw_pwrite_stream &)> write);

/// True if `path` can be written, checked before hours are spent on what goes there; emits the
/// reason if not.
LogicalResult checkWritable(MLIRContext *context, StringRef path);

} // namespace mlir::pim

#endif // PIM_DRIVER_OUTPUTFILE_H
