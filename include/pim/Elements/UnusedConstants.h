//===- UnusedConstants.h - data of constants nobody uses -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ELEMENTS_UNUSEDCONSTANTS_H
#define PIM_ELEMENTS_UNUSEDCONSTANTS_H

#include "mlir/IR/Operation.h"

namespace mlir::pim {

/// Frees the data of constants that nothing inside `module` uses any more; MLIR would keep them as
/// long as the context. REQUIRES: no other module of the context has resources.
void releaseUnusedConstants(Operation *module);

} // namespace mlir::pim

#endif // PIM_ELEMENTS_UNUSEDCONSTANTS_H
