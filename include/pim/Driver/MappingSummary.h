//===- MappingSummary.h - what each layer's mapping came to ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Collected from stage `mapped`, before layers become instructions: for the report of `pimc` and
// for `pimc --explain`.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DRIVER_MAPPINGSUMMARY_H
#define PIM_DRIVER_MAPPINGSUMMARY_H

#include "mlir/IR/BuiltinOps.h"
#include "pim/Dialect/PIM/IR/ArrayFactors.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace mlir::pim {

/// One matrix layer.
struct LayerMapping {
  std::string name;
  ArrayFactors arrays;
  int64_t weightBits = 8;
  std::string pattern;  ///< that the zeros follow; empty for a dense layer
  double zeros = 0;     ///< share of the weights
  double explained = 0; ///< share of the zeros that the pattern explains
  std::string code;     ///< of the weights; empty where they are plain integers
  double codeError = 0; ///< squared error of the results over their squares
  int64_t squeezedBlocks = 0, delayedRows = 0;
  double squeezeError = 0; ///< squared error of the weights over their squares
};

/// A layer without arrays: where it runs, and the seconds by which that was chosen.
struct UnitEstimate {
  std::string name;
  bool isOnHost = false;
  double vectorUnitSeconds = 0; ///< 0 where it has no form there
  double hostSeconds = 0;
};

/// The layers of `module` that pim-assign-host has looked at, in program order.
std::vector<UnitEstimate> summarizeUnits(ModuleOp module);

/// The matrix layers of `module` in program order.
std::vector<LayerMapping> summarizeMapping(ModuleOp module);

/// Draws the mapping of the matrix layers called `layer` (all if it is empty) as text. Fails with
/// an error at the module if there is none of that name.
LogicalResult explainMapping(ModuleOp module, llvm::StringRef layer, llvm::raw_ostream &stream);

} // namespace mlir::pim

#endif // PIM_DRIVER_MAPPINGSUMMARY_H
