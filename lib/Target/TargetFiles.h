//===- TargetFiles.h - targets built on one another ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the reader of a file and the search for it tell each other: how many files are open already,
// so that one that is its own base comes to an end.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_TARGET_TARGETFILES_H
#define PIM_LIB_TARGET_TARGETFILES_H

#include "pim/Target/TargetYAML.h"

namespace mlir::pim {

/// More bases than anyone needs, one on top of the other.
constexpr unsigned mostBases = 8;

/// True if a target called so is a file, and not one of targets/.
bool isTargetFile(StringRef nameOrPath);

/// loadTarget() and parseTarget() of a target that `depth` others are built on.
FailureOr<::pim::target::Target> loadTarget(StringRef nameOrPath, unsigned depth,
                                            llvm::function_ref<InFlightDiagnostic()> emitError);
FailureOr<::pim::target::Target> parseTarget(StringRef text, StringRef file, unsigned depth,
                                             llvm::function_ref<InFlightDiagnostic()> emitError);

} // namespace mlir::pim

#endif // PIM_LIB_TARGET_TARGETFILES_H
