//===- Report.h - reports of pim-compress -----------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TOOLS_PIM_COMPRESS_REPORT_H
#define PIM_TOOLS_PIM_COMPRESS_REPORT_H

#include "pim/Compress/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace pimcompress {

/// JSON of schema pim-compress/1.
void writeReport(const pim::compress::Report &report, llvm::raw_ostream &stream);

/// Tables of the steps and of the layers.
void printSummary(const pim::compress::Report &report, llvm::raw_ostream &stream);

} // namespace pimcompress

#endif // PIM_TOOLS_PIM_COMPRESS_REPORT_H
