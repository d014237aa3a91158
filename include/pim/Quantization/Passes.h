//===- Passes.h - the passes of quantization -------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From float TOSA to integer TOSA. pim-insert-quantization puts quant.qcast/quant.dcast in where a
// model has none; pim-quantize turns these, whoever put them there, into integers.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_QUANTIZATION_PASSES_H
#define PIM_QUANTIZATION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::pim {

#define GEN_PASS_DECL
#include "pim/Quantization/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "pim/Quantization/Passes.h.inc"

} // namespace mlir::pim

#endif // PIM_QUANTIZATION_PASSES_H
