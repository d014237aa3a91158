//===- GraphBuilder.h - a graph outside MLIR, op by op -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PIM_LIB_TOSATOGRAPH_GRAPHBUILDER_H
#define PIM_LIB_TOSATOGRAPH_GRAPHBUILDER_H

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/TosaToGraph/TosaToGraph.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::pim {

/// Builds one graph, op by op. What becomes of which op: TosaToGraph.h.
class GraphBuilder {
public:
  explicit GraphBuilder(StringRef name) { result.name = name.str(); }

  /// Keeps the name that `op` gives its result from being taken by another value. REQUIRES: called
  /// for all ops first.
  void reserveNames(Operation *op);
  LogicalResult addInput(Value value, StringRef name, Location loc);
  LogicalResult addOperation(Operation *op);
  LogicalResult addOutput(Value value, StringRef name, Location loc);

  ::pim::graph::Graph take() { return std::move(result); }
  TensorOfValue takeTensors() { return std::move(tensors); }

private:
  FailureOr<int> addTensor(Value value, StringRef name, Location loc);
  LogicalResult addConstant(Operation *op, ElementsAttr values);
  LogicalResult addCast(Operation *op, quant::QuantizedType type);
  LogicalResult addStorageCast(quant::StorageCastOp op);
  LogicalResult addHostIsland(tosa::CustomOp op);
  LogicalResult addAnalogLayers(tosa::CustomOp op);
  LogicalResult addOperands(Operation *op, ::pim::graph::Op &node);
  LogicalResult addAttributes(Operation *op, ::pim::graph::Op &node);
  LogicalResult finish(Operation *op, ::pim::graph::Op node);
  std::string uniqueName(StringRef stem);

  ::pim::graph::Graph result;
  TensorOfValue tensors;
  llvm::StringMap<int> namesUsed;
};

} // namespace mlir::pim

#endif // PIM_LIB_TOSATOGRAPH_GRAPHBUILDER_H
