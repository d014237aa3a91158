//===- HostProgram.h - a whole model as a call of the host -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DRIVER_HOSTPROGRAM_H
#define PIM_DRIVER_HOSTPROGRAM_H

#include "mlir/IR/BuiltinOps.h"
#include "pim/Program/Program.h"
#include "pim/Target/Target.h"

namespace mlir::pim {

/// A host program (Program.fbs) of the only function of `module`, as imported from ONNX, or in
/// TOSA. `preprocess` is recorded. Emits an error at what has no form in a graph.
FailureOr<::pim::program::Program> makeHostProgram(ModuleOp module,
                                                   const ::pim::target::Target &target,
                                                   const ::pim::fb::PreprocessT &preprocess);

} // namespace mlir::pim

#endif // PIM_DRIVER_HOSTPROGRAM_H
