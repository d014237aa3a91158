//===- TosaToGraph.h - a TOSA function as a graph outside MLIR -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns a function of TOSA and `quant` ops into the pim::graph::Graph that the evaluators run: the
// float graph for calibration, the integer graph as the reference of `pim-run --check`, a float
// island as a host call.
//
// The correspondence is one to one (tested by unittests/TosaToGraph):
//   tosa.const, tosa.const_shape   constant tensors; shapes have element type I64
//   quant.qcast, quant.dcast       ops of that name with attributes "scale" (floats, one or one per
//   channel),
//                                  "zero_point" (ints, as many), "min" and "max" (the storage
//                                  range) and, if per channel, "axis"; an unsigned range is shifted
//                                  to the signed one
//   quant.scast                    tosa.identity: a quantized tensor is its storage
//   every other tosa op            an op of that name; operands and attributes as TOSA has them
// Constants borrow the bytes of MLIR attributes where their layout allows (all but splats, i1 and
// i48), so the MLIRContext and its resources must outlive the graph.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TOSATOGRAPH_TOSATOGRAPH_H
#define PIM_TOSATOGRAPH_TOSATOGRAPH_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Value.h"
#include "pim/Program/Graph.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::pim {

/// Which tensor of the graph stands for which value of the function.
using TensorOfValue = llvm::DenseMap<Value, int>;

/// The graph of `function`, which must have one block of supported ops. Inputs and outputs carry
/// the names of the `pim.name` attributes, results of ops with a `pim.layer` attribute that name;
/// every other tensor is named after the location of the op that makes it, made unique by "#1",
/// "#2", ... Emits an error at the op that has no graph form.
FailureOr<::pim::graph::Graph> convertTosaToGraph(func::FuncOp function,
                                                  TensorOfValue *tensors = nullptr);

/// The graph of some ops of a block, in their order: `inputs` become the graph's inputs, `outputs`
/// its outputs. Constants that the ops use are copied in from outside the list.
FailureOr<::pim::graph::Graph> convertTosaToGraph(llvm::ArrayRef<Operation *> operations,
                                                  ValueRange inputs, ValueRange outputs,
                                                  llvm::StringRef name,
                                                  TensorOfValue *tensors = nullptr);

/// The graph of `body`, a block whose terminator's operands are what it results in: the body of a
/// layer.
FailureOr<::pim::graph::Graph> convertTosaToGraph(Block &body, llvm::StringRef name);

/// The name of the layer that `location` stands for: that of the first NameLoc in it, else "".
std::string layerName(Location location);

} // namespace mlir::pim

#endif // PIM_TOSATOGRAPH_TOSATOGRAPH_H
