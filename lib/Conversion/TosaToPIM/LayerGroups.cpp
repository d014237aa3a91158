//===- LayerGroups.cpp - which ops make up a layer -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Groups grow along single-use edges only, so a group has one result and cannot form a cycle with
// another. Host islands may have several: there, ops join when they are connected and have crossed
// the border between chip and host equally often, which excludes a path that leaves the island and
// comes back. Tested by test/Conversion/TosaToPIM/form-layers.mlir.
//
//===----------------------------------------------------------------------===//

#include "pim/Conversion/TosaToPIM/LayerGroups.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/PIM/IR/LayerPlan.h"
#include "pim/TosaToGraph/TosaToGraph.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::pim;

//===----------------------------------------------------------------------===//
// What single ops are
//===----------------------------------------------------------------------===//

bool mlir::pim::isParameterOperand(Operation *op, unsigned index) {
  if (isa<tosa::ConcatOp>(op))
    return false;
  if (isa<tosa::AddOp, tosa::SubOp, tosa::MulOp, tosa::MaximumOp, tosa::MinimumOp>(op))
    return index >= 2;
  return index >= 1;
}

static bool isConstant(Operation *op) {
  return isa_and_nonnull<tosa::ConstOp, tosa::ConstShapeOp>(op);
}

/// The dimensions of more than one element, in the order in which they lie in the result.
static bool movesNothing(tosa::TransposeOp op) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(op.getInput1().getType()).getShape();
  int64_t last = -1;
  for (int32_t dim : op.getPerms()) {
    if (shape[dim] == 1)
      continue;
    if (dim < last)
      return false;
    last = dim;
  }
  return true;
}

static bool isStaticIntegerOf(Value value, ArrayRef<unsigned> widths) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && llvm::any_of(widths, [&](unsigned width) {
           return type.getElementType().isSignlessInteger(width);
         });
}

bool mlir::pim::isAliasOp(Operation *op) {
  if (!isa<tosa::ReshapeOp, tosa::IdentityOp, tosa::TransposeOp>(op) ||
      !isStaticIntegerOf(op->getResult(0), {8, 16, 32}))
    return false;
  auto transpose = dyn_cast<tosa::TransposeOp>(op);
  return !transpose || movesNothing(transpose);
}

std::optional<BlockArgument> mlir::pim::foldsIntoArgument(Operation *op) {
  auto transpose = dyn_cast<tosa::TransposeOp>(op);
  auto argument = transpose ? dyn_cast<BlockArgument>(transpose.getInput1()) : BlockArgument();
  if (!argument || !isStaticIntegerOf(argument, {8}))
    return std::nullopt;
  for (Operation *user : argument.getUsers()) {
    auto other = dyn_cast<tosa::TransposeOp>(user);
    if (!other || other.getPerms() != transpose.getPerms())
      return std::nullopt;
  }
  return argument;
}

bool mlir::pim::foldsIntoResult(Operation *op) {
  auto transpose = dyn_cast<tosa::TransposeOp>(op);
  if (!transpose || !isStaticIntegerOf(transpose.getOutput(), {8}) ||
      isa<BlockArgument>(transpose.getInput1()) ||
      isConstant(transpose.getInput1().getDefiningOp()))
    return false;
  return !op->use_empty() && llvm::all_of(op->getUsers(), llvm::IsaPred<func::ReturnOp>);
}

static bool isMatrix(Operation *op) {
  if (isa<Conv2DOp>(op))
    return true;
  // Weights that are not known before are no array's.
  return isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(op) &&
         isStaticIntegerOf(op->getOperand(0), {8}) && isStaticIntegerOf(op->getResult(0), {32}) &&
         isConstant(op->getOperand(1).getDefiningOp()) &&
         isConstant(op->getOperand(2).getDefiningOp());
}

/// Strided copies of boxes of at most four dimensions.
static bool isMovement(Operation *op) {
  if (!isa<tosa::ConcatOp, tosa::SliceOp, tosa::PadOp, tosa::TransposeOp>(op))
    return false;
  auto fitsDescriptor = [](Value value) {
    return isStaticIntegerOf(value, {8, 16, 32}) &&
           cast<RankedTensorType>(value.getType()).getRank() <= 4;
  };
  for (auto [index, operand] : llvm::enumerate(op->getOperands()))
    if (isParameterOperand(op, index) ? !readIntegers(operand) : !fitsDescriptor(operand))
      return false;
  return fitsDescriptor(op->getResult(0));
}

//===----------------------------------------------------------------------===//
// Grouping
//===----------------------------------------------------------------------===//

namespace {
class Grouping {
public:
  explicit Grouping(func::FuncOp function) : block(function.getBody().front()) {}
  std::vector<LayerGroup> run();

private:
  void classify();
  void joinChains();
  void joinHostIslands();
  std::vector<LayerGroup> collect();
  void nameGroups(std::vector<LayerGroup> &groups);

  bool isElementwise(Operation *op) const { return kindOf(op) == LayerKind::Elementwise; }
  std::optional<LayerKind> kindOf(Operation *op) const {
    auto found = op ? kinds.find(op) : kinds.end();
    return found == kinds.end() ? std::nullopt : std::optional(found->second);
  }

  Block &block;
  DenseMap<Operation *, LayerKind> kinds;
  llvm::EquivalenceClasses<Operation *> classes;
};
} // namespace

void Grouping::classify() {
  for (Operation &op : block.without_terminator()) {
    if (isConstant(&op) || isAliasOp(&op) || foldsIntoArgument(&op) || foldsIntoResult(&op))
      continue;
    LayerKind kind = LayerKind::Host;
    if (isMatrix(&op))
      kind = LayerKind::Matrix;
    else if (isa<AnalogLayersOp>(op))
      kind = LayerKind::Analog;
    else if (isPoolStep(&op))
      kind = LayerKind::Pool;
    else if (isElementwiseStep(&op))
      kind = LayerKind::Elementwise;
    else if (isMovement(&op))
      kind = LayerKind::Movement;
    kinds[&op] = kind;
    classes.insert(&op);
  }
}

static unsigned widthOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getElementType().getIntOrFloatBitWidth();
}

static bool isUnary(Operation *op) {
  return isa<tosa::RescaleOp, tosa::ClampOp, tosa::TableOp>(op);
}

/// Elementwise ops join the op before them, where that op has no other use.
void Grouping::joinChains() {
  for (Operation &op : block.without_terminator()) {
    if (!isElementwise(&op))
      continue;
    for (auto [index, operand] : llvm::enumerate(op.getOperands())) {
      Operation *producer = operand.getDefiningOp();
      std::optional<LayerKind> kind = kindOf(producer);
      if (!kind || isParameterOperand(&op, index) || !operand.hasOneUse())
        continue;
      bool endsLayer =
          *kind == LayerKind::Matrix || *kind == LayerKind::Pool || *kind == LayerKind::Elementwise;
      if (!endsLayer)
        continue;
      if (isUnary(&op)) {
        // A widening rescale belongs to the sum it feeds: between layers, tensors should stay
        // narrow. The leader of a class is its first op, the matrix op or pooling if it has one.
        if (widthOf(op.getResult(0)) <= widthOf(operand) ||
            kinds[*classes.findLeader(producer)] == LayerKind::Elementwise)
          classes.unionSets(producer, &op);
      } else if (*kind == LayerKind::Elementwise && widthOf(operand) > 8 &&
                 kinds[*classes.findLeader(producer)] == LayerKind::Elementwise) {
        classes.unionSets(producer, &op);
      }
    }
  }
}

void Grouping::joinHostIslands() {
  // How often a path from the arguments has crossed between chip and host, at most.
  DenseMap<Operation *, int> crossings;
  for (Operation &op : block.without_terminator()) {
    bool onHost = kindOf(&op) == LayerKind::Host;
    int level = onHost ? 1 : 0;
    for (Value operand : op.getOperands()) {
      Operation *producer = operand.getDefiningOp();
      if (!producer || isConstant(producer))
        continue;
      bool fromHost = kindOf(producer) == LayerKind::Host;
      level = std::max(level, crossings[producer] + (fromHost != onHost));
    }
    crossings[&op] = level;
    if (!onHost)
      continue;
    for (Value operand : op.getOperands()) {
      Operation *producer = operand.getDefiningOp();
      if (kindOf(producer) == LayerKind::Host && crossings[producer] == level)
        classes.unionSets(producer, &op);
    }
  }
}

std::vector<LayerGroup> Grouping::collect() {
  DenseMap<Operation *, size_t> indexOf;
  std::vector<LayerGroup> groups;
  for (Operation &op : block.without_terminator()) {
    std::optional<LayerKind> kind = kindOf(&op);
    if (!kind)
      continue;
    auto [found, isNew] = indexOf.try_emplace(*classes.findLeader(&op), groups.size());
    if (isNew)
      groups.push_back({*kind, {}, {}, {}});
    LayerGroup &group = groups[found->second];
    group.ops.push_back(&op);
    if (*kind == LayerKind::Matrix || *kind == LayerKind::Pool)
      group.kind = *kind;
  }
  for (LayerGroup &group : groups) {
    DenseSet<Operation *> members(group.ops.begin(), group.ops.end());
    for (Operation *op : group.ops)
      for (Value result : op->getResults())
        if (llvm::any_of(result.getUsers(),
                         [&](Operation *user) { return !members.contains(user); }))
          group.outputs.push_back(result);
  }
  // Dead ops are nobody's layer.
  llvm::erase_if(groups, [](const LayerGroup &group) { return group.outputs.empty(); });
  llvm::stable_sort(groups, [](const LayerGroup &a, const LayerGroup &b) {
    return a.ops.back()->isBeforeInBlock(b.ops.back());
  });
  return groups;
}

/// The op that a layer is called after.
static Operation *namesake(const LayerGroup &group) {
  // The casts around an island are nobody's node.
  if (group.kind == LayerKind::Host)
    for (Operation *op : llvm::reverse(group.ops))
      if (!isa<quant::QuantDialect>(op->getDialect()))
        return op;
  for (Operation *op : group.ops)
    if (group.kind != LayerKind::Elementwise || !isUnary(op))
      return op;
  return group.ops.back();
}

void Grouping::nameGroups(std::vector<LayerGroup> &groups) {
  llvm::StringMap<int> uses;
  for (LayerGroup &group : groups) {
    Operation *op = namesake(group);
    std::string name = layerName(op->getLoc());
    if (name.empty())
      name = op->getName().stripDialect().str();
    group.name = name;
    for (int number = ++uses[name]; number > 1; number = ++uses[name]) {
      group.name = name + "_" + std::to_string(number);
      if (uses.insert({group.name, 1}).second)
        break;
    }
  }
}

std::vector<LayerGroup> Grouping::run() {
  classify();
  joinChains();
  joinHostIslands();
  std::vector<LayerGroup> groups = collect();
  nameGroups(groups);
  return groups;
}

std::vector<LayerGroup> mlir::pim::groupLayers(func::FuncOp function) {
  return Grouping(function).run();
}
