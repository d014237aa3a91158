//===- Registration.cpp - program translations of pim-translate ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/mlir-translate/Translation.h"
#include "pim/Dialect/ISA/IR/ISADialect.h"
#include "pim/Program/Assembly.h"
#include "pim/Support/Error.h"
#include "pim/Translate/Translate.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace mlir::pim;
namespace program = ::pim::program;

static const llvm::MemoryBuffer &mainBuffer(const llvm::SourceMgr &sources) {
  return *sources.getMemoryBuffer(sources.getMainFileID());
}

static Location placeIn(MLIRContext *context, const llvm::SourceMgr &sources, unsigned line = 0) {
  return FileLineColLoc::get(context, mainBuffer(sources).getBufferIdentifier(), line,
                             /*column=*/line == 0 ? 0 : 1);
}

static FailureOr<program::Program> readBinary(const llvm::SourceMgr &sources,
                                              MLIRContext *context) {
  StringRef bytes = mainBuffer(sources).getBuffer();
  try {
    return program::read(std::as_bytes(std::span(bytes.data(), bytes.size())));
  } catch (const ::pim::Error &error) {
    return emitError(placeIn(context, sources), error.what());
  }
}

static LogicalResult writeBinary(const program::Program &program, Location place,
                                 llvm::raw_ostream &output) {
  try {
    std::vector<std::byte> bytes = program::write(program);
    output.write(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  } catch (const ::pim::Error &error) {
    return emitError(place, error.what());
  }
  return success();
}

static LogicalResult isaToBinary(ModuleOp module, llvm::raw_ostream &output) {
  FailureOr<program::Program> program = isaToProgram(module);
  if (failed(program))
    return failure();
  return writeBinary(*program, module.getLoc(), output);
}

static OwningOpRef<Operation *> binaryToIsa(llvm::SourceMgr &sources, MLIRContext *context) {
  FailureOr<program::Program> program = readBinary(sources, context);
  if (failed(program))
    return nullptr;
  return OwningOpRef<Operation *>(programToIsa(context, *program).release());
}

static LogicalResult binaryToAssembly(const std::shared_ptr<llvm::SourceMgr> &sources,
                                      llvm::raw_ostream &output, MLIRContext *context) {
  FailureOr<program::Program> program = readBinary(*sources, context);
  if (failed(program))
    return failure();
  output << program::printAssembly(*program);
  return success();
}

static LogicalResult assemblyToBinary(const std::shared_ptr<llvm::SourceMgr> &sources,
                                      llvm::raw_ostream &output, MLIRContext *context) {
  StringRef text = mainBuffer(*sources).getBuffer();
  try {
    return writeBinary(program::parseAssembly(text), placeIn(context, *sources), output);
  } catch (const program::AssemblyError &error) {
    return emitError(placeIn(context, *sources, error.line), error.problem);
  } catch (const ::pim::Error &error) {
    return emitError(placeIn(context, *sources), error.what());
  }
}

void mlir::pim::registerProgramTranslations() {
  auto registerDialects = [](DialectRegistry &registry) { registry.insert<isa::ISADialect>(); };
  static TranslateFromMLIRRegistration toBinary(
      "isa-to-binary", "isa.program to a program file (.pimb)",
      [](ModuleOp module, llvm::raw_ostream &output) { return isaToBinary(module, output); },
      registerDialects);
  static TranslateToMLIRRegistration fromBinary(
      "binary-to-isa", "a program file (.pimb) to isa.program",
      [](llvm::SourceMgr &sources, MLIRContext *context) { return binaryToIsa(sources, context); },
      registerDialects);
  static TranslateRegistration toAssembly("binary-to-asm", "a program file (.pimb) to a listing",
                                          binaryToAssembly);
  static TranslateRegistration fromAssembly("asm-to-binary", "a listing to a program file (.pimb)",
                                            assemblyToBinary);
}
