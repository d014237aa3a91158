//===- ImportONNX.h - from .onnx files to the onnx dialect -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Import is structural: one onnx.node per node, initializers as onnx.constant, sub-graphs as
// regions, functions inlined; then shapes are inferred and constant sub-graphs folded
// (pim-onnx-simplify). An operator that nobody supports is imported like any other.
//
// The file is not trusted. Whatever is in it, import succeeds or emits one error that says where
// and what, and nothing outside the model's folder is read. Accepted: IR versions 3 to 14, opsets 1
// to 28 of ai.onnx.
//
// Tested by unittests/Import (models built in the tests, mutations of them) and test/Import.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_IMPORT_ONNX_IMPORTONNX_H
#define PIM_IMPORT_ONNX_IMPORTONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mlir::pim {

/// Module attribute with the text of the metadata of that name: codes of the weights by layer
/// (pim/Codes/LevelSet.h), as pim-compress writes them.
constexpr llvm::StringLiteral recordedCodesAttrName = "pim.codes";

struct ImportOptions {
  /// Shapes of graph inputs, by name. Needed for inputs that the model leaves open beyond the
  /// batch; must agree with the dimensions that it fixes.
  std::map<std::string, std::vector<int64_t>> inputShapes;

  /// Leave the graph as it is in the file: dimensions that nothing pins stay open, nothing is
  /// inferred or folded, inputs may be other than tensors, and constants may hold NaN and infinity.
  bool keepsDynamic = false;
};

/// Reads the model at `path`. The module holds one function `main`, its arguments and results named
/// by `pim.name`. Open batch dimensions (the first of an input) become 1. Null after an error was
/// emitted.
OwningOpRef<ModuleOp> importONNX(MLIRContext *context, llvm::StringRef path,
                                 const ImportOptions &options);

/// The same for the bytes of a model. `path` names it in errors and locations; external data are
/// looked for in its folder.
OwningOpRef<ModuleOp> importONNXBytes(MLIRContext *context, llvm::StringRef bytes,
                                      llvm::StringRef path, const ImportOptions &options);

/// Adds --import-onnx to pim-translate.
void registerImportONNXTranslation();

} // namespace mlir::pim

#endif // PIM_IMPORT_ONNX_IMPORTONNX_H
