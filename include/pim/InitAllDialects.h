//===- InitAllDialects.h - every dialect of the compiler -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_INITALLDIALECTS_H
#define PIM_INITALLDIALECTS_H

#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "pim/Dialect/ISA/IR/ISADialect.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"

namespace mlir::pim {

/// Our dialects and the upstream ones that our stages use.
inline void registerAllDialects(DialectRegistry &registry) {
  registry.insert<func::FuncDialect, quant::QuantDialect, tosa::TosaDialect>();
  func::registerInlinerExtension(registry);
  registry.insert<isa::ISADialect, onnx::ONNXDialect, PIMDialect>();
}

} // namespace mlir::pim

#endif // PIM_INITALLDIALECTS_H
