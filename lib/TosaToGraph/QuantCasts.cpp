//===- QuantCasts.cpp - casts of quantized types in a graph --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Constants.h"
#include "GraphBuilder.h"

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

LogicalResult GraphBuilder::addCast(Operation *op, quant::QuantizedType type) {
  graph::Op node;
  node.code = op->getName().getStringRef().str();
  // The graph has signed storage alone: an unsigned one is moved down by half its range.
  int64_t shift = type.isSigned() ? 0 : int64_t(1) << (type.getStorageTypeIntegralWidth() - 1);
  auto &attributes = node.attributes;
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
    attributes["scale"].floats = {uniform.getScale()};
    attributes["zero_point"].ints = {uniform.getZeroPoint() - shift};
  } else if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    attributes["scale"].floats.assign(perAxis.getScales().begin(), perAxis.getScales().end());
    for (int64_t zeroPoint : perAxis.getZeroPoints())
      attributes["zero_point"].ints.push_back(zeroPoint - shift);
    attributes["axis"].ints = {perAxis.getQuantizedDimension()};
  } else {
    return op->emitError() << "has type " << type << ", expected a uniform quantized type";
  }
  attributes["min"].ints = {type.getStorageTypeMin() - shift};
  attributes["max"].ints = {type.getStorageTypeMax() - shift};
  return finish(op, std::move(node));
}

LogicalResult GraphBuilder::addStorageCast(quant::StorageCastOp op) {
  auto type = op.getQuantizedType();
  if (type.isSigned()) {
    graph::Op node;
    node.code = "tosa.identity";
    return finish(op, std::move(node));
  }
  // Moving an unsigned storage down by half its range flips the top bit.
  ElementsAttr values;
  auto constant = op.getInput().getDefiningOp<tosa::ConstOp>();
  if (!constant || type.getStorageTypeIntegralWidth() != 8)
    return op.emitError() << "unsigned storage is supported for 8-bit constants only; store i8";
  FailureOr<int> index = addTensor(op.getResult(), layerName(op.getLoc()), op.getLoc());
  if (failed(index))
    return failure();
  graph::Tensor &tensor = result.tensors[*index];
  if (auto problem = setConstantData(tensor, constant.getValues()))
    return op.emitError() << *problem;
  auto flipped = std::make_shared<std::vector<std::byte>>(tensor.data.begin(), tensor.data.end());
  for (std::byte &byte : *flipped)
    byte ^= std::byte(0x80);
  tensor.storage = flipped;
  tensor.data = *flipped;
  return success();
}
