//===- pim-translate.cpp - between models, IR and programs -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlir-translate's registry behind the command line of our tools: their errors, exit statuses and
// output files. Tested by test/Translate.
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/mlir-translate/Translation.h"
#include "pim/Driver/CommandLine.h"
#include "pim/Driver/Diagnostics.h"
#include "pim/Driver/OutputFile.h"
#include "pim/Import/ONNX/ImportONNX.h"
#include "pim/Translate/Translate.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace mlir::pim;
using namespace llvm;

static LogicalResult translate(MLIRContext *context, const Translation &translation,
                               StringRef inputPath, StringRef outputPath) {
  Location place = FileLineColLoc::get(context, inputPath, 0, 0);
  if (inputPath != "-" && sys::fs::is_directory(inputPath))
    return emitError(place, "is a folder, expected a file");
  auto buffer = MemoryBuffer::getFileOrSTDIN(inputPath, /*IsText=*/false,
                                             /*RequiresNullTerminator=*/true,
                                             translation.getInputAlignment());
  if (!buffer)
    return emitError(place, "cannot be read: ") << buffer.getError().message();
  auto sources = std::make_shared<SourceMgr>();
  sources->AddNewSourceBuffer(std::move(*buffer), SMLoc());
  return writeOutputFile(context, outputPath, [&](raw_pwrite_stream &stream) {
    return translation(sources, stream, context);
  });
}

int main(int argc, char **argv) {
  registerImportONNXTranslation();
  registerProgramTranslations();

  cl::OptionCategory category("pim-translate options");
  cl::opt<std::string> input(cl::Positional, cl::desc("<input file, - for standard input>"),
                             cl::init("-"), cl::cat(category));
  cl::opt<std::string> output("o", cl::desc("The file to write (default: standard output)"),
                              cl::value_desc("file"), cl::init("-"), cl::cat(category));
  cl::opt<const Translation *, false, TranslationParser> translation(
      "", cl::desc("What to translate into what:"), cl::cat(category));
  if (std::optional<int> status = parseCommandLine(
          argc, argv, "pim-translate", "translates between models, IR and programs", {&category}))
    return *status;
  if (!translation.getValue()) {
    errs() << "pim-translate: error: no translation given; see pim-translate --help\n";
    return usageStatus;
  }

  MLIRContext context;
  ToolDiagnosticHandler handler(&context, "pim-translate", errs());
  if (succeeded(translate(&context, *translation.getValue(), input, output)))
    return 0;
  if (!handler.sawError())
    errs() << "pim-translate: error: the translation failed without saying why; please report it\n";
  return inputAtFaultStatus;
}
