//===- HostSets.cpp - layers that may share a call of the host -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostSets.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"
#include "pim/Dialect/PIM/IR/LayerPlan.h"
#include "pim/Dialect/PIM/IR/References.h"

using namespace mlir;
using namespace mlir::pim;

/// The value that `value` is another name of.
static Value rootOf(Value value) {
  while (auto reshape = value.getDefiningOp<tosa::ReshapeOp>())
    value = reshape.getInput1();
  return value;
}

static bool isConstant(Value value) {
  Operation *def = value.getDefiningOp();
  return def && def->hasTrait<OpTrait::ConstantLike>();
}

/// Calls `visit` with each op that reads `value` under any name.
static void forEachReader(Value value, llvm::function_ref<void(Operation *)> visit) {
  for (Operation *user : value.getUsers())
    if (auto reshape = dyn_cast<tosa::ReshapeOp>(user))
      forEachReader(reshape.getOutput(), visit);
    else
      visit(user);
}

LayerSet mlir::pim::producersOf(LayerOp layer) {
  LayerSet producers;
  for (Value input : layer.getInputs())
    if (auto producer = rootOf(input).getDefiningOp<LayerOp>())
      producers.insert(producer);
  return producers;
}

LayerSet mlir::pim::consumersOf(LayerOp layer) {
  LayerSet consumers;
  for (Value result : layer.getResults())
    forEachReader(result, [&](Operation *reader) {
      if (isa<LayerOp>(reader))
        consumers.insert(reader);
    });
  return consumers;
}

bool mlir::pim::canBeJoined(const LayerSet &layers) {
  LayerSet outside;
  for (Operation *layer : layers)
    for (Operation *consumer : consumersOf(cast<LayerOp>(layer)))
      if (!layers.contains(consumer))
        outside.insert(consumer);
  for (size_t next = 0; next < outside.size(); ++next)
    for (Operation *consumer : consumersOf(cast<LayerOp>(outside[next]))) {
      if (layers.contains(consumer))
        return false;
      outside.insert(consumer);
    }
  return true;
}

static bool isReadOutside(Value value, const LayerSet &layers) {
  bool found = false;
  forEachReader(value, [&](Operation *reader) { found |= !layers.contains(reader); });
  return found;
}

int64_t mlir::pim::borderBytes(const LayerSet &layers) {
  llvm::SmallDenseSet<Value> inputs;
  int64_t bytes = 0;
  for (Operation *op : layers) {
    auto layer = cast<LayerOp>(op);
    for (Value input : layer.getInputs()) {
      Value root = rootOf(input);
      if (!isConstant(root) && !layers.contains(root.getDefiningOp()) && inputs.insert(root).second)
        bytes += globalBytes(root.getType());
    }
    for (Value result : layer.getResults())
      if (isReadOutside(result, layers))
        bytes += globalBytes(result.getType());
  }
  return bytes;
}

namespace {
/// Copies layers into the body of one.
class Joiner {
public:
  Joiner(const LayerSet &layers, StringRef name) : layers(layers), name(name) {
    sorted.assign(layers.begin(), layers.end());
    llvm::sort(sorted, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  }
  LayerOp run();

private:
  void collectPorts();
  Value inside(OpBuilder &builder, Value value);
  void copy(OpBuilder &builder, LayerOp layer);
  void replace(LayerOp joined);

  const LayerSet &layers;
  StringRef name;
  SmallVector<Operation *> sorted;
  llvm::SmallSetVector<Value, 8> inputs, outputs;
  IRMapping mapping;
};
} // namespace

void Joiner::collectPorts() {
  for (Operation *op : sorted)
    for (Value input : cast<LayerOp>(op).getInputs()) {
      Value root = rootOf(input);
      if (!isConstant(root) && !layers.contains(root.getDefiningOp()))
        inputs.insert(input);
    }
  // The first result names the layer in reports: that of the last layer, if anybody reads it.
  for (Operation *op : llvm::reverse(sorted))
    for (Value result : op->getResults())
      if (isReadOutside(result, layers))
        outputs.insert(result);
}

/// What `value` is in the body of the joined layer.
Value Joiner::inside(OpBuilder &builder, Value value) {
  if (Value known = mapping.lookupOrNull(value))
    return known;
  // A constant, or another name of a result inside.
  Operation *def = value.getDefiningOp();
  for (Value operand : def->getOperands())
    inside(builder, operand);
  Operation *copied = builder.clone(*def, mapping);
  copied->removeAttr(referenceAttrName);
  return copied->getResult(0);
}

void Joiner::copy(OpBuilder &builder, LayerOp layer) {
  Block &body = layer.getBody().front();
  for (auto [argument, input] : llvm::zip_equal(body.getArguments(), layer.getInputs()))
    mapping.map(argument, inside(builder, input));
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping);
  for (auto [result, yielded] : llvm::zip_equal(layer.getResults(), layer.getYield().getValues()))
    mapping.map(result, mapping.lookup(yielded));
}

void Joiner::replace(LayerOp joined) {
  for (auto [output, result] : llvm::zip_equal(outputs, joined.getResults()))
    Value(output).replaceUsesWithIf(
        result, [&](OpOperand &use) { return !layers.contains(use.getOwner()); });
  // Readers go before what they read; reshapes between layers have no other reader then.
  for (Operation *op : llvm::reverse(sorted)) {
    SmallVector<Operation *> names;
    for (Operation *user : op->getUsers())
      names.push_back(user);
    for (size_t next = 0; next < names.size(); ++next)
      llvm::append_range(names, names[next]->getUsers());
    for (Operation *reshape : llvm::reverse(names))
      reshape->erase();
    op->erase();
  }
}

LayerOp Joiner::run() {
  collectPorts();
  auto last = cast<LayerOp>(sorted.back());
  OpBuilder builder(last);
  builder.setInsertionPointAfter(last);
  Location loc = NameLoc::get(builder.getStringAttr(name));
  auto joined =
      LayerOp::create(builder, loc, ValueRange(outputs.getArrayRef()).getTypes(), name,
                      LayerKind::Host, inputs.getArrayRef(), PlacementAttr(), ScheduleAttr());
  setReferences(joined, llvm::map_to_vector(outputs, referenceOf));
  Block &body = joined.getBody().emplaceBlock();
  builder.setInsertionPointToEnd(&body);
  for (Value input : inputs)
    mapping.map(input, body.addArgument(input.getType(), input.getLoc()));
  for (Operation *op : sorted)
    copy(builder, cast<LayerOp>(op));
  SmallVector<Value> yielded;
  for (Value output : outputs)
    yielded.push_back(mapping.lookup(output));
  YieldOp::create(builder, loc, yielded);
  replace(joined);
  return joined;
}

LayerOp mlir::pim::joinOnHost(const LayerSet &layers, StringRef name) {
  return Joiner(layers, name).run();
}
