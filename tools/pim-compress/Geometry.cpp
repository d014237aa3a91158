//===- Geometry.cpp - the arrays of a chip --------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Geometry.h"

#include "mlir/IR/MLIRContext.h"
#include "pim/Support/Error.h"
#include "pim/Target/TargetYAML.h"

using namespace mlir;

static constexpr int64_t weightBits = 8;

::pim::admm::ArrayGeometry pimcompress::loadGeometry(const std::string &nameOrPath) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  std::string problem;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (problem.empty())
      problem = diagnostic.str();
    return success();
  });
  auto emit = [&] { return emitError(UnknownLoc::get(&context)); };
  FailureOr<::pim::target::Target> target = mlir::pim::loadTarget(nameOrPath, emit);
  if (failed(target))
    ::pim::fail("--target: ", problem);
  if (target->host.only)
    ::pim::fail("--target: '", nameOrPath, "' has no arrays");
  // docs/mapping.md, section 2: a sign apart takes a slice set of its own, the magnitude a bit
  // less.
  using ::pim::target::SignScheme;
  using ::pim::target::Slicing;
  int64_t cell = target->cell.bits;
  int64_t slices = target->mapping.sign == SignScheme::Differential
                       ? 2 * ((weightBits - 1 + cell - 1) / cell)
                       : (weightBits + cell - 1) / cell;
  bool isSideBySide = target->mapping.slicing == Slicing::Columns;
  return {target->matrixRows(), target->matrixColumns(), isSideBySide ? 1 : slices,
          isSideBySide ? slices : 1};
}
