//===- ONNXToGraph.h - an onnx function as a graph outside MLIR -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns a function of the onnx dialect into the pim::graph::Graph that the interpreter of ONNX
// operators runs: the whole model for `--target host`, one node for a part of a model that has no
// form in TOSA. Shapes need not be known: dimensions that are not have size -1.
//
// The correspondence is one to one (tested by unittests/ONNXToGraph):
//   onnx.constant   a constant tensor
//   onnx.none       the absent operand, -1
//   onnx.node       an op "onnx.<OpType>" with attributes "domain", "opset" and the node's own;
//                   sub-graphs are attributes too
// Constants borrow the bytes of MLIR attributes where their layout allows, so the MLIRContext and
// its resources must outlive the graph.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ONNXTOGRAPH_ONNXTOGRAPH_H
#define PIM_ONNXTOGRAPH_ONNXTOGRAPH_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Program/Graph.h"

namespace mlir::pim {

/// The graph of `function`, which must have one block of onnx ops. Inputs and outputs carry the
/// names of the `pim.name` attributes. Halves are computed as floats. Emits an error at the op that
/// has no graph form.
FailureOr<::pim::graph::Graph> convertONNXToGraph(func::FuncOp function);

/// One node, to be run by the host inside another graph: what it takes, what it makes and its
/// graph, which holds the constants that it uses.
struct HostIsland {
  llvm::SmallVector<Value> inputs, outputs;
  ::pim::graph::Graph graph;
};

/// The island of `node`, whose inputs and outputs are values of the onnx dialect.
FailureOr<HostIsland> onnxIsland(onnx::NodeOp node);

} // namespace mlir::pim

#endif // PIM_ONNXTOGRAPH_ONNXTOGRAPH_H
