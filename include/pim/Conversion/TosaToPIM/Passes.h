//===- Passes.h - from integer TOSA to pim layers --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// pim-attach-reference, convert-tosa-to-pim, pim-form-layers: stage `pim`, in this order.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_CONVERSION_TOSATOPIM_PASSES_H
#define PIM_CONVERSION_TOSATOPIM_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::pim {

#define GEN_PASS_DECL
#include "pim/Conversion/TosaToPIM/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "pim/Conversion/TosaToPIM/Passes.h.inc"

} // namespace mlir::pim

#endif // PIM_CONVERSION_TOSATOPIM_PASSES_H
