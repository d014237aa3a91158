//===- Diagnostics.h - how tools print what went wrong ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One line per error, `tool: error: place: what, and what to do`, on the error stream.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DRIVER_DIAGNOSTICS_H
#define PIM_DRIVER_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"

namespace mlir::pim {

/// A location as users read it: "model.onnx:3:7", "layer 'conv1'", or both; empty when nothing is
/// known.
std::string describeLocation(Location location);

/// Prints the diagnostics of a context as tool messages for as long as it lives. Remarks are left
/// out. The first error is printed with its notes; later ones too, each on its line.
class ToolDiagnosticHandler : public ScopedDiagnosticHandler {
public:
  ToolDiagnosticHandler(MLIRContext *context, StringRef tool, llvm::raw_ostream &stream);

  /// True once an error was printed: a failure without one is a bug, which the tool then says.
  bool sawError() const { return errors != 0; }

private:
  void print(Diagnostic &diagnostic);

  std::string tool;
  llvm::raw_ostream &stream;
  unsigned errors = 0;
};

} // namespace mlir::pim

#endif // PIM_DRIVER_DIAGNOSTICS_H
