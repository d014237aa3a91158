//===- Generator.h - what made a program -----------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_TRANSLATE_GENERATOR_H
#define PIM_LIB_TRANSLATE_GENERATOR_H

#include "mlir/Support/LLVM.h"

namespace mlir::pim {

/// What programs say made them.
constexpr StringLiteral thisGenerator = "pim-mlir " PIM_VERSION;

/// Where isa.program keeps what a program from elsewhere said.
constexpr StringLiteral generatorAttrName = "isa.generator";

} // namespace mlir::pim

#endif // PIM_LIB_TRANSLATE_GENERATOR_H
