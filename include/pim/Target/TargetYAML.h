//===- TargetYAML.h - targets from files -----------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the compiler gets its target: from a YAML file into pim::target::Target, and from there onto
// the module that is compiled. Tested by test/Target and unittests/Target.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TARGET_TARGETYAML_H
#define PIM_TARGET_TARGETYAML_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Target/Target.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mlir::pim {

/// Reads the target `nameOrPath`: a file, if it has a folder or ends in .yaml; otherwise NAME.yaml
/// of targets/, which lies beside the installed tool (share/pim/targets), beside its build folder,
/// or where the tool was built. A file with the key `base` changes another target, named likewise;
/// a path is one from the folder of the file. The diagnostic that `emitError` opens gets what is
/// wrong, with file, line and column in front.
FailureOr<::pim::target::Target> loadTarget(StringRef nameOrPath,
                                            llvm::function_ref<InFlightDiagnostic()> emitError);

/// Reads a target from text; `file` is for messages, and its folder is where a base is looked for.
FailureOr<::pim::target::Target> parseTarget(StringRef text, StringRef file,
                                             llvm::function_ref<InFlightDiagnostic()> emitError);

/// Names that loadTarget() finds, in alphabetical order.
SmallVector<std::string> knownTargets();

/// The module attribute that carries the target from `pim` to `isa`: a dictionary of key and text.
constexpr StringLiteral targetAttrName = "pim.target";

/// Makes `target` the one that `module` is compiled for.
void attachTarget(ModuleOp module, const ::pim::target::Target &target);

/// The target as a dictionary of strings, and back; the latter emits what is wrong.
DictionaryAttr targetToAttr(MLIRContext *context, const ::pim::target::Target &target);
FailureOr<::pim::target::Target> targetFromAttr(DictionaryAttr keys,
                                                llvm::function_ref<InFlightDiagnostic()> emitError);

} // namespace mlir::pim

#endif // PIM_TARGET_TARGETYAML_H
