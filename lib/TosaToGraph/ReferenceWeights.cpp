//===- ReferenceWeights.cpp - weights of the reference graph ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/TosaToGraph/ReferenceWeights.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "pim/Program/Graph.h"
#include "pim/Support/Error.h"

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

/// TOSA's layout of depthwise weights is [rows, cols, channels, multiplier]: an output is
/// innermost.
static std::vector<std::byte> layOut(const graph::Op &op, const std::vector<char> &weights,
                                     int64_t outputs, int64_t zeroPoint) {
  std::vector<std::byte> bytes(weights.size());
  int64_t taps = int64_t(weights.size()) / outputs;
  bool isDepthwise = op.code == "tosa.depthwise_conv2d";
  for (int64_t output = 0; output < outputs; ++output)
    for (int64_t tap = 0; tap < taps; ++tap) {
      int64_t from = output * taps + tap, to = isDepthwise ? tap * outputs + output : from;
      bytes[size_t(to)] = std::byte(uint8_t(int8_t(weights[size_t(from)]) + zeroPoint));
    }
  return bytes;
}

static bool replaceWeights(graph::Graph &reference, graph::Op &op,
                           const std::vector<char> &weights) {
  if (op.inputs.size() < 5)
    return false;
  graph::Tensor &constant = reference.tensors[size_t(op.inputs[1])];
  const graph::Tensor &zeroPoint = reference.tensors[size_t(op.inputs[4])];
  const graph::Tensor &result = reference.tensors[size_t(op.outputs[0])];
  if (!constant.isConstant() || constant.data.size() != weights.size() || result.shape.empty() ||
      zeroPoint.data.size() != 1)
    return false;
  // Other convolutions may share the constant.
  graph::Tensor own = constant;
  own.name = result.name + ".weights";
  own.storage = std::make_shared<std::vector<std::byte>>(
      layOut(op, weights, result.shape.back(), int64_t(int8_t(zeroPoint.data[0]))));
  own.data = *own.storage;
  op.inputs[1] = int(reference.tensors.size());
  reference.tensors.push_back(std::move(own));
  return true;
}

LogicalResult mlir::pim::updateReferenceWeights(ModuleOp module, const WeightsByTensor &weights) {
  auto attr = module->getAttrOfType<DenseResourceElementsAttr>("pim.reference");
  if (!attr || weights.empty())
    return success();
  const AsmResourceBlob *blob = attr.getRawHandle().getBlob();
  if (!blob)
    return module.emitError("resource of 'pim.reference' has no data");
  try {
    graph::Graph reference = graph::deserialize(
        {reinterpret_cast<const std::byte *>(blob->getData().data()), blob->getData().size()});
    size_t replaced = 0;
    for (graph::Op &op : reference.ops) {
      bool isConvolution = op.code == "tosa.conv2d" || op.code == "tosa.depthwise_conv2d";
      if (!isConvolution || op.outputs.size() != 1)
        continue;
      auto found = weights.find(reference.tensors[size_t(op.outputs[0])].name);
      if (found != weights.end() && replaceWeights(reference, op, found->second))
        ++replaced;
    }
    if (replaced != weights.size())
      return module.emitError() << "reference has " << replaced << " of the " << weights.size()
                                << " convolutions whose weights changed";
    std::vector<std::byte> bytes = graph::serialize(reference);
    ArrayRef<char> data(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    auto type =
        RankedTensorType::get(int64_t(data.size()), IntegerType::get(module.getContext(), 8));
    module->setAttr("pim.reference", DenseResourceElementsAttr::get(
                                         type, "reference",
                                         HeapAsmResourceBlob::allocateAndCopyWithAlign(data, 64)));
  } catch (const ::pim::Error &error) {
    return module.emitError() << "'pim.reference' cannot be read: " << error.what();
  }
  return success();
}
