//===- ImportTOSA.h - models from other front ends in TOSA -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The file is not trusted: import succeeds or emits one error that says where and what.
//
// Tested by test/Import/TOSA.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_IMPORT_TOSA_IMPORTTOSA_H
#define PIM_IMPORT_TOSA_IMPORTTOSA_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mlir::pim {

/// True if `path` holds MLIR as text or bytecode rather than ONNX: what it is called decides for
/// text, which has no mark of its own. Standard input, "-", is text.
bool isMlirFile(llvm::StringRef path);

/// Reads the model at `path`, text or bytecode. The module holds one function; those that it called
/// are inlined. Quantized element types become the integers that they are stored as. Open batch
/// dimensions (the first of an argument) become 1, others come from `inputShapes`, by the
/// `pim.name` of an argument or as input0, input1, ...; shapes follow from them. Null after an
/// error was emitted.
OwningOpRef<ModuleOp> importTOSA(MLIRContext *context, llvm::StringRef path,
                                 const std::map<std::string, std::vector<int64_t>> &inputShapes);

} // namespace mlir::pim

#endif // PIM_IMPORT_TOSA_IMPORTTOSA_H
