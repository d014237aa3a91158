//===- HostKernels.cpp - which nodes the host has kernels for -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/ONNXToGraph/HostKernels.h"

#include "mlir/IR/Diagnostics.h"
#include "pim/Runtime/ONNX/Interpreter.h"

using namespace mlir;
using namespace mlir::pim;

bool mlir::pim::hasHostKernel(onnx::NodeOp node) {
  return ::pim::onnx::isSupported(node.getDomain().value_or("").str(), node.getOpType().str(),
                                  node.getOpset());
}

/// The name of a node: that of its location.
static std::string nodeName(onnx::NodeOp node) {
  std::string name;
  node->getLoc()->walk([&](Location location) {
    auto named = dyn_cast<NameLoc>(location);
    if (named)
      name = named.getName().str();
    return named ? WalkResult::interrupt() : WalkResult::advance();
  });
  return name.empty() ? "unnamed" : "'" + name + "'";
}

LogicalResult mlir::pim::refuseUnsupported(ModuleOp module,
                                           llvm::function_ref<bool(onnx::NodeOp)> hasOtherForm) {
  std::string list;
  unsigned count = 0;
  module.walk<WalkOrder::PreOrder>([&](onnx::NodeOp node) {
    if (hasOtherForm(node) || hasHostKernel(node))
      return WalkResult::advance();
    StringRef domain = node.getDomain().value_or("");
    list += (list.empty() ? "" : ", ") + domain.str() + (domain.empty() ? "" : ".") +
            node.getOpType().str() + " (opset " + std::to_string(node.getOpset()) + ", node " +
            nodeName(node) + ")";
    ++count;
    return WalkResult::skip();
  });
  if (count == 0)
    return success();
  return emitError(module.getLoc())
         << count
         << (count == 1 ? " node has an operator that is" : " nodes have operators that are")
         << " not supported: " << list;
}
