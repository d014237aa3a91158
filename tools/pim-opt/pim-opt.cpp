//===- pim-opt.cpp - runs passes on a module ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The usual MLIR driver over every dialect, pass and pipeline of pim-mlir; an .onnx file is
// imported first.
//
//===----------------------------------------------------------------------===//

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "pim/Import/ONNX/ImportONNX.h"
#include "pim/InitAllDialects.h"
#include "pim/InitAllPasses.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace mlir::pim;

/// Imports `path` and hands it to the driver as bytecode: weights travel as they are, not as text.
static LogicalResult runOnModel(StringRef path, StringRef outputPath, DialectRegistry &registry) {
  std::string bytes;
  {
    MLIRContext context(registry);
    context.loadAllAvailableDialects();
    OwningOpRef<ModuleOp> module = importONNX(&context, path, ImportOptions());
    if (!module)
      return failure();
    llvm::raw_string_ostream stream(bytes);
    if (failed(writeBytecodeToFile(*module, stream)))
      return failure();
  }
  std::string error;
  std::unique_ptr<llvm::ToolOutputFile> output = openOutputFile(outputPath, &error);
  if (!output) {
    llvm::errs() << "pim-opt: error: " << error << "\n";
    return failure();
  }
  if (failed(MlirOptMain(output->os(), llvm::MemoryBuffer::getMemBufferCopy(bytes, path), registry,
                         MlirOptMainConfig::createFromCLOptions())))
    return failure();
  output->keep();
  return success();
}

int main(int argc, char **argv) {
  DialectRegistry registry;
  mlir::pim::registerAllDialects(registry);
  mlir::pim::registerAllPasses();

  auto [input, output] = registerAndParseCLIOptions(
      argc, argv, "pim-opt: runs passes of the pim-mlir compiler\n", registry);
  if (StringRef(input).ends_with(".onnx"))
    return asMainReturnCode(runOnModel(input, output, registry));
  return asMainReturnCode(MlirOptMain(argc, argv, input, output, registry));
}
