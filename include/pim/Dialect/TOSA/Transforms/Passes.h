//===- Passes.h - clean-ups of TOSA ----------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_TOSA_TRANSFORMS_PASSES_H
#define PIM_DIALECT_TOSA_TRANSFORMS_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::pim {

#define GEN_PASS_DECL
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"

} // namespace mlir::pim

#endif // PIM_DIALECT_TOSA_TRANSFORMS_PASSES_H
