//===- Handlers.cpp - the supported operators ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "pim/Conversion/ONNXToTosa/Passes.h"

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
}
