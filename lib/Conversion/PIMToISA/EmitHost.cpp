//===- EmitHost.cpp - graphs for the host ----------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A host layer becomes one host call; its body travels as a graph (pim/Program/Graph.h), whose
// outputs have the names of the tensors of the reference graph that they are.
//
//===----------------------------------------------------------------------===//

#include "EmitLayer.h"
#include "pim/Dialect/PIM/IR/References.h"
#include "pim/Program/Graph.h"
#include "pim/TosaToGraph/TosaToGraph.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::pim;

LogicalResult mlir::pim::emitHost(LayerOp layer, PlaceOf placeOf, ProgramBuilder &program,
                                  CoreBuilder &core) {
  FailureOr<::pim::graph::Graph> graph =
      convertTosaToGraph(layer.getBody().front(), layer.getName());
  if (failed(graph))
    return failure();
  // --check knows by their names what the results are.
  for (OpResult result : layer.getResults())
    if (StringRef reference = referenceOf(result); !reference.empty())
      graph->tensors[size_t(graph->outputs[result.getResultNumber()])].name = reference.str();
  HostCall call;
  call.name = layer.getName().str();
  for (std::byte byte : ::pim::graph::serialize(*graph))
    call.graph.push_back(char(byte));
  for (Value input : layer.getInputs()) {
    FailureOr<GlobalPlace> place = placeOf(input);
    if (failed(place))
      return failure();
    auto descriptor = TensorDescriptor::global(cast<RankedTensorType>(input.getType()), *place);
    call.inputs.push_back(program.tensors.index(descriptor));
  }
  for (Value result : layer.getResults()) {
    FailureOr<GlobalPlace> place = placeOf(result);
    if (failed(place))
      return failure();
    auto descriptor = TensorDescriptor::global(cast<RankedTensorType>(result.getType()), *place);
    call.outputs.push_back(program.tensors.index(descriptor));
  }
  core.emit(inst::Host{uint32_t(program.hostCalls.size())});
  program.hostCalls.push_back(std::move(call));
  return success();
}
