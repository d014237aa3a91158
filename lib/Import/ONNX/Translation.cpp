//===- Translation.cpp - pim-translate --import-onnx -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/mlir-translate/Translation.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Import/ONNX/ImportONNX.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

void mlir::pim::registerImportONNXTranslation() {
  TranslateToMLIRRegistration registration(
      "import-onnx", "import an ONNX model",
      [](llvm::SourceMgr &sources, MLIRContext *context) -> OwningOpRef<Operation *> {
        const llvm::MemoryBuffer *buffer = sources.getMemoryBuffer(sources.getMainFileID());
        return OwningOpRef<Operation *>(
            importONNXBytes(context, buffer->getBuffer(), buffer->getBufferIdentifier(), {})
                .release());
      },
      [](DialectRegistry &registry) { registry.insert<func::FuncDialect, onnx::ONNXDialect>(); });
}
