//===- CustomOps.cpp - analog layers and host islands in a graph ---------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "pim/Support/Error.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

/// What pim-form-analog makes of ternary layers.
LogicalResult GraphBuilder::addAnalogLayers(tosa::CustomOp op) {
  auto slopes = op->getAttrOfType<DenseF64ArrayAttr>("pim.slopes");
  auto levels = op->getAttrOfType<IntegerAttr>("pim.levels");
  if (!slopes || !levels)
    return op.emitError("needs 'pim.slopes' and 'pim.levels'");
  graph::Op node;
  node.code = "pim.analog_layers";
  node.attributes["slopes"].floats = slopes.asArrayRef().vec();
  node.attributes["levels"].ints = {levels.getInt()};
  return finish(op, std::move(node));
}

/// The graph that the op carries takes its place.
LogicalResult GraphBuilder::addHostIsland(tosa::CustomOp op) {
  auto packed = op->getAttrOfType<DenseResourceElementsAttr>("pim.graph");
  AsmResourceBlob *blob = packed ? packed.getRawHandle().getBlob() : nullptr;
  if (!blob)
    return op.emitError() << "operator '" << op.getOperatorName() << "' of domain '"
                          << op.getDomainName()
                          << "' is not known to the host; write it with operators of TOSA";
  graph::Graph island;
  auto bytes = std::make_shared<std::vector<std::byte>>(
      reinterpret_cast<const std::byte *>(blob->getData().begin()),
      reinterpret_cast<const std::byte *>(blob->getData().end()));
  try {
    island = graph::deserialize(bytes);
  } catch (const ::pim::Error &error) {
    return op.emitError() << "holds a graph that cannot be read: " << error.what();
  }
  if (island.inputs.size() != op->getNumOperands() || island.outputs.size() != op->getNumResults())
    return op.emitError() << "holds a graph of " << island.inputs.size() << " inputs and "
                          << island.outputs.size() << " outputs, which are not its own";
  std::vector<int> placed(island.tensors.size(), -1);
  graph::Op operands;
  if (failed(addOperands(op, operands)))
    return failure();
  for (auto [index, tensor] : llvm::enumerate(island.inputs))
    placed[size_t(tensor)] = operands.inputs[index];
  for (auto [index, tensor] : llvm::enumerate(island.outputs)) {
    FailureOr<int> made = addTensor(op.getResult(index), layerName(op.getLoc()), op.getLoc());
    if (failed(made))
      return failure();
    placed[size_t(tensor)] = *made;
  }
  for (auto [index, tensor] : llvm::enumerate(island.tensors)) {
    if (placed[index] >= 0)
      continue;
    placed[index] = int(result.tensors.size());
    tensor.name = uniqueName(tensor.name);
    result.tensors.push_back(std::move(tensor));
  }
  auto rename = [&](std::vector<int> &list) {
    for (int &tensor : list)
      tensor = tensor < 0 ? tensor : placed[size_t(tensor)];
  };
  for (graph::Op &node : island.ops) {
    rename(node.inputs);
    rename(node.outputs);
    result.ops.push_back(std::move(node));
  }
  return success();
}
