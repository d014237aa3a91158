//===- Passes.h - from mapped layers to instructions -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// convert-pim-to-isa: stage `isa`.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_CONVERSION_PIMTOISA_PASSES_H
#define PIM_CONVERSION_PIMTOISA_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::pim {

#define GEN_PASS_DECL
#include "pim/Conversion/PIMToISA/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "pim/Conversion/PIMToISA/Passes.h.inc"

} // namespace mlir::pim

#endif // PIM_CONVERSION_PIMTOISA_PASSES_H
