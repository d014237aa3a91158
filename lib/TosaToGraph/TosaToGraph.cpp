//===- TosaToGraph.cpp - a TOSA function as a graph outside MLIR ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/TosaToGraph/TosaToGraph.h"

#include "GraphBuilder.h"
#include "pim/Elements/Ports.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

std::string mlir::pim::layerName(Location location) {
  std::string name;
  // A NameLoc of a fused location names its layer as well; the first one found stands for all.
  location->walk([&](Location part) {
    if (auto named = dyn_cast<NameLoc>(part)) {
      name = named.getName().str();
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return name;
}

FailureOr<graph::Graph> mlir::pim::convertTosaToGraph(func::FuncOp function,
                                                      TensorOfValue *tensors) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError() << "has " << function.getBody().getBlocks().size()
                                << " blocks, expected one";
  GraphBuilder builder(function.getName());
  Block &body = function.getBody().front();
  for (Operation &op : body)
    builder.reserveNames(&op);
  for (BlockArgument argument : function.getArguments()) {
    unsigned index = argument.getArgNumber();
    if (failed(builder.addInput(argument, inputName(function, index), function.getLoc())))
      return failure();
  }
  for (Operation &op : body.without_terminator())
    if (failed(builder.addOperation(&op)))
      return failure();
  for (OpOperand &operand : body.getTerminator()->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    if (failed(builder.addOutput(operand.get(), outputName(function, index), function.getLoc())))
      return failure();
  }
  if (tensors)
    *tensors = builder.takeTensors();
  return builder.take();
}

FailureOr<graph::Graph> mlir::pim::convertTosaToGraph(ArrayRef<Operation *> operations,
                                                      ValueRange inputs, ValueRange outputs,
                                                      StringRef name, TensorOfValue *tensors) {
  GraphBuilder builder(name);
  for (Operation *op : operations)
    builder.reserveNames(op);
  for (auto [index, value] : llvm::enumerate(inputs))
    if (failed(builder.addInput(value, ("input" + Twine(index)).str(), value.getLoc())))
      return failure();
  for (Operation *op : operations)
    if (failed(builder.addOperation(op)))
      return failure();
  for (auto [index, value] : llvm::enumerate(outputs))
    if (failed(builder.addOutput(value, ("output" + Twine(index)).str(), value.getLoc())))
      return failure();
  if (tensors)
    *tensors = builder.takeTensors();
  return builder.take();
}

FailureOr<graph::Graph> mlir::pim::convertTosaToGraph(Block &body, StringRef name) {
  auto ops = llvm::make_pointer_range(body.without_terminator());
  return convertTosaToGraph(llvm::to_vector_of<Operation *>(ops), body.getArguments(),
                            body.getTerminator()->getOperands(), name);
}
