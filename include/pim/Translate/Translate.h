//===- Translate.h - programs to and from the isa dialect ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program is the same thing three times: isa.program in a module, pim::program::Program in
// memory, and (pim/Program) bytes or assembly. Going from one to the other takes no decision and
// loses nothing but names of resources. Tested by unittests/Translate and test/Translate.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TRANSLATE_TRANSLATE_H
#define PIM_TRANSLATE_TRANSLATE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "pim/Program/Program.h"

namespace mlir::pim {

/// The program of the module's one isa.program. Emits what is wrong. The result need not hold
/// together yet where the dialect's verifier cannot see it: program::write() and program::verify()
/// check the rest.
FailureOr<::pim::program::Program> isaToProgram(ModuleOp module);

/// A module with the isa.program of `program`; null, after an error was emitted, if `program` is
/// not verified and cannot be expressed.
OwningOpRef<ModuleOp> programToIsa(MLIRContext *context, const ::pim::program::Program &program);

/// Registers --isa-to-binary, --binary-to-isa, --binary-to-asm and --asm-to-binary with
/// mlir-translate's driver.
void registerProgramTranslations();

} // namespace mlir::pim

#endif // PIM_TRANSLATE_TRANSLATE_H
