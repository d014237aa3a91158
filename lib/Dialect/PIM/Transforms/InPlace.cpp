//===- InPlace.cpp - values that lie inside others ------------ -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InPlace.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/IR/Constants.h"

using namespace mlir;
using namespace mlir::pim;

/// A feature map 1xHxWxC.
static bool isMap(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.getRank() == 4 && type.getDimSize(0) == 1;
}

/// Whether all uses read `value` through strides: a reshape and a port take it for dense.
static bool isReadByLayersOnly(Value value) {
  return llvm::all_of(value.getUsers(), [](Operation *user) { return isa<LayerOp>(user); });
}

InPlace::InPlace(Block &block) {
  for (auto layer : block.getOps<LayerOp>()) {
    if (layer.getKind() != LayerKind::Movement || !isMap(layer.getResult(0)))
      continue;
    Operation *op = layer.getAnchor();
    if (isa<tosa::SliceOp>(op))
      addSlice(layer, op);
    else if (isa<tosa::ConcatOp>(op))
      addConcat(layer, op);
  }
}

/// What the operand of the op in a layer's body is outside.
static Value outside(LayerOp layer, Value operand) {
  auto argument = dyn_cast<BlockArgument>(operand);
  return argument ? layer.getInputs()[argument.getArgNumber()] : Value();
}

void InPlace::addSlice(LayerOp layer, Operation *op) {
  auto slice = cast<tosa::SliceOp>(op);
  Value input = outside(layer, slice.getInput1());
  std::optional<SmallVector<int64_t>> start = readIntegers(slice.getStart());
  if (!input || !isMap(input) || !start || start->size() != 4 ||
      input.getDefiningOp<tosa::ReshapeOp>() || !isReadByLayersOnly(layer.getResult(0)))
    return;
  parents[layer.getResult(0)] = {input, (*start)[1], (*start)[2], (*start)[3]};
  layers.insert(layer);
}

void InPlace::addConcat(LayerOp layer, Operation *op) {
  auto concat = cast<tosa::ConcatOp>(op);
  if (concat.getAxis() != 3)
    return;
  SmallVector<std::pair<Value, Inside>> inputs;
  DenseSet<Value> seen;
  int64_t channel = 0;
  for (Value operand : concat.getOperands()) {
    Value input = outside(layer, operand);
    auto producer = input ? input.getDefiningOp<LayerOp>() : LayerOp();
    if (!producer || producer.getKind() == LayerKind::Host || !isMap(input) ||
        parents.contains(input) || !seen.insert(input).second || !isReadByLayersOnly(input))
      return;
    inputs.push_back({input, {layer.getResult(0), 0, 0, channel}});
    channel += cast<RankedTensorType>(input.getType()).getDimSize(3);
  }
  for (auto &[input, place] : inputs)
    parents[input] = place;
  layers.insert(layer);
}

Inside InPlace::rootOf(Value value) const {
  Inside place{value};
  for (auto found = parents.find(value); found != parents.end();
       found = parents.find(place.value)) {
    const Inside &next = found->second;
    place = {next.value, place.row + next.row, place.col + next.col, place.channel + next.channel};
  }
  return place;
}
