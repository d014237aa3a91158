//===- Handlers.cpp - the supported operators ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "pim/Conversion/ONNXToTosa/Passes.h"
#include "pim/Runtime/ONNX/Interpreter.h"

using namespace mlir;
using namespace mlir::pim;

static SmallVector<ArrayRef<OperatorHandler>> families() {
  return {activationHandlers(),   convolutionHandlers(),   elementwiseHandlers(),
          matrixHandlers(),       normalizationHandlers(), poolingHandlers(),
          quantizationHandlers(), reductionHandlers(),     shapeHandlers()};
}

const OperatorHandler *mlir::pim::lookupHandler(onnx::NodeOp node) {
  if (!node.getDomain().value_or("").empty())
    return nullptr;
  int64_t opset = node.getOpset();
  for (ArrayRef<OperatorHandler> family : families())
    for (const OperatorHandler &handler : family)
      if (handler.name == node.getOpType() && handler.firstOpset <= opset &&
          opset <= handler.lastOpset)
        return &handler;
  return nullptr;
}

/// The versions of one operator make one row.
static void printHostOperators(llvm::raw_ostream &stream) {
  stream << "\n## On the host\n\n| operator | domain | kernels from opset |\n|---|---|---|\n";
  std::pair<std::string, std::string> last;
  for (const ::pim::onnx::OperatorVersion &version : ::pim::onnx::supportedOperators()) {
    std::pair<std::string, std::string> key{version.domain, version.type};
    if (key == last) {
      stream << ", " << version.since;
      continue;
    }
    if (!last.second.empty())
      stream << " |\n";
    stream << "| " << version.type << " | " << (version.domain.empty() ? "ai.onnx" : version.domain)
           << " | " << version.since;
    last = std::move(key);
  }
  stream << " |\n";
}

void mlir::pim::printOperatorTable(llvm::raw_ostream &stream) {
  SmallVector<OperatorHandler> handlers;
  for (ArrayRef<OperatorHandler> family : families())
    llvm::append_range(handlers, family);
  llvm::stable_sort(handlers, [](const OperatorHandler &a, const OperatorHandler &b) {
    return std::pair(a.name, a.firstOpset) < std::pair(b.name, b.firstOpset);
  });
  stream << "## On the chip\n\n| operator | opsets | restrictions | test |\n|---|---|---|---|\n";
  for (const OperatorHandler &handler : handlers) {
    stream << "| " << handler.name << " | " << handler.firstOpset;
    if (handler.lastOpset == anyOpset)
      stream << " and later";
    else
      stream << " to " << handler.lastOpset;
    stream << " | " << (handler.restrictions.empty() ? "none" : StringRef(handler.restrictions))
           << " | `test/Conversion/ONNXToTosa/" << handler.test << "` |\n";
  }
  printHostOperators(stream);
}
