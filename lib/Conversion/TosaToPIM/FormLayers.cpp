//===- FormLayers.cpp - group ops into scheduling units --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-form-layers; tested by test/Conversion/TosaToPIM/form-layers.mlir.
//
//===----------------------------------------------------------------------===//

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"
#include "pim/Conversion/TosaToPIM/LayerGroups.h"
#include "pim/Conversion/TosaToPIM/Passes.h"
#include "pim/Dialect/PIM/IR/References.h"
#include "pim/Elements/Ports.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMFORMLAYERSPASS
#include "pim/Conversion/TosaToPIM/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimFormLayersPass : mlir::pim::impl::PimFormLayersPassBase<PimFormLayersPass> {
  void runOnOperation() override;

  void foldBorderTransposes(func::FuncOp function);
  bool foldIntoArguments(func::FuncOp function);
  bool foldIntoResults(func::FuncOp function);
  void turnAliasesIntoReshapes(func::FuncOp function);
  void outline(const LayerGroup &group);
  void eraseDead(func::FuncOp function);
};
} // namespace

/// The layout that an argument or a result has so far: which dimension of the model's tensor each
/// dimension in memory is.
static SmallVector<int64_t> layoutOf(DictionaryAttr attributes, int64_t rank) {
  auto known =
      attributes ? attributes.getAs<DenseI64ArrayAttr>("pim.permutation") : DenseI64ArrayAttr();
  if (known)
    return llvm::to_vector(known.asArrayRef());
  return llvm::to_vector(llvm::seq<int64_t>(0, rank));
}

/// The attributes of an argument or a result with the new layout; the first time, the model's own
/// shape is kept beside it.
static DictionaryAttr withLayout(DictionaryAttr attributes, ArrayRef<int64_t> layout,
                                 RankedTensorType model, MLIRContext *context) {
  Builder builder(context);
  NamedAttrList list(attributes);
  list.set("pim.permutation", builder.getDenseI64ArrayAttr(layout));
  if (!list.get("pim.shape"))
    list.set("pim.shape", builder.getDenseI64ArrayAttr(model.getShape()));
  return list.getDictionary(context);
}

bool PimFormLayersPass::foldIntoArguments(func::FuncOp function) {
  bool changed = false;
  for (Operation &op : function.getBody().front().without_terminator()) {
    std::optional<BlockArgument> argument = foldsIntoArgument(&op);
    if (!argument || op.use_empty())
      continue;
    unsigned index = argument->getArgNumber();
    auto model = cast<RankedTensorType>(argument->getType());
    SmallVector<int64_t> old = layoutOf(function.getArgAttrDict(index), model.getRank()), layout;
    for (int32_t dim : cast<tosa::TransposeOp>(op).getPerms())
      layout.push_back(old[dim]);
    function.setArgAttrs(index,
                         withLayout(function.getArgAttrDict(index), layout, model, &getContext()));
    SmallVector<Operation *> users(argument->getUsers());
    argument->setType(op.getResult(0).getType());
    for (Operation *user : users)
      user->getResult(0).replaceAllUsesWith(*argument);
    changed = true;
  }
  return changed;
}

bool PimFormLayersPass::foldIntoResults(func::FuncOp function) {
  bool changed = false;
  for (OpOperand &operand : function.getBody().front().getTerminator()->getOpOperands()) {
    Operation *op = operand.get().getDefiningOp();
    if (!op || !foldsIntoResult(op))
      continue;
    auto transpose = cast<tosa::TransposeOp>(op);
    unsigned index = operand.getOperandNumber();
    auto model = cast<RankedTensorType>(transpose.getOutput().getType());
    SmallVector<int64_t> old = layoutOf(function.getResultAttrDict(index), model.getRank()),
                         layout(old.size());
    for (auto [to, from] : llvm::enumerate(transpose.getPerms()))
      layout[from] = old[to];
    function.setResultAttrs(
        index, withLayout(function.getResultAttrDict(index), layout, model, &getContext()));
    operand.set(transpose.getInput1());
    changed = true;
  }
  return changed;
}

void PimFormLayersPass::foldBorderTransposes(func::FuncOp function) {
  // Folding one may bring the next to the border.
  while (foldIntoArguments(function) || foldIntoResults(function))
    eraseDead(function);
  Block &block = function.getBody().front();
  function.setFunctionType(FunctionType::get(&getContext(), block.getArgumentTypes(),
                                             block.getTerminator()->getOperandTypes()));
}

/// Downstream, an alias is a reshape and nothing else.
void PimFormLayersPass::turnAliasesIntoReshapes(func::FuncOp function) {
  for (Operation &op :
       llvm::make_early_inc_range(function.getBody().front().without_terminator())) {
    if (!isAliasOp(&op) || isa<tosa::ReshapeOp>(op) || op.use_empty())
      continue;
    OpBuilder builder(&op);
    auto type = cast<RankedTensorType>(op.getResult(0).getType());
    auto shapeType = tosa::shapeType::get(&getContext(), int(type.getRank()));
    Value shape = tosa::ConstShapeOp::create(builder, op.getLoc(), shapeType,
                                             builder.getIndexTensorAttr(type.getShape()));
    auto reshape = tosa::ReshapeOp::create(builder, op.getLoc(), type, op.getOperand(0), shape);
    op.getResult(0).replaceAllUsesWith(reshape.getOutput());
    op.erase();
  }
}

/// Operands that the group takes from outside: tensors in global memory, and constants that come
/// along.
static void splitOperands(const LayerGroup &group, SetVector<Value> &inputs,
                          SetVector<Operation *> &constants) {
  DenseSet<Operation *> members(group.ops.begin(), group.ops.end());
  for (Operation *op : group.ops)
    for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
      Operation *def = operand.getDefiningOp();
      if (def && members.contains(def))
        continue;
      bool isConstant = def && isa<tosa::ConstOp, tosa::ConstShapeOp>(def);
      if (isConstant && (group.kind == LayerKind::Host || isParameterOperand(op, index)))
        constants.insert(def);
      else
        inputs.insert(operand);
    }
}

void PimFormLayersPass::outline(const LayerGroup &group) {
  SetVector<Value> inputs;
  SetVector<Operation *> constants;
  splitOperands(group, inputs, constants);
  OpBuilder builder(group.ops.back()->getContext());
  builder.setInsertionPointAfter(group.ops.back());
  Location loc = NameLoc::get(builder.getStringAttr(group.name));
  auto layer = LayerOp::create(builder, loc, ValueRange(group.outputs).getTypes(), group.name,
                               group.kind, inputs.getArrayRef(), PlacementAttr(), ScheduleAttr());
  setReferences(layer, llvm::map_to_vector(group.outputs, referenceOf));
  Block &body = layer.getBody().emplaceBlock();
  IRMapping mapping;
  for (Value input : inputs)
    mapping.map(input, body.addArgument(input.getType(), input.getLoc()));
  builder.setInsertionPointToEnd(&body);
  for (Operation *constant : constants)
    builder.clone(*constant, mapping)->removeAttr(referenceAttrName);
  for (Operation *op : group.ops) {
    Operation *copy = builder.clone(*op, mapping);
    // A pass that changes weights changes them in the reference too, where it finds them by this.
    if (!isa<Conv2DOp>(copy))
      copy->removeAttr(referenceAttrName);
  }
  SmallVector<Value> yielded;
  for (Value output : group.outputs)
    yielded.push_back(mapping.lookup(output));
  YieldOp::create(builder, loc, yielded);
  DenseSet<Operation *> members(group.ops.begin(), group.ops.end());
  for (auto [index, result] : llvm::enumerate(layer.getResults()))
    Value(group.outputs[index]).replaceUsesWithIf(result, [&](OpOperand &use) {
      return !members.contains(use.getOwner());
    });
  ++numLayers;
}

void PimFormLayersPass::eraseDead(func::FuncOp function) {
  SmallVector<Operation *> ops;
  for (Operation &op : function.getBody().front().without_terminator())
    ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops))
    if (op->use_empty() && !isa<LayerOp>(op))
      op->erase();
}

/// Ports of chips hold the ends of their range in 32 bits. `what`: "input" or "output".
static LogicalResult checkPort(func::FuncOp function, StringRef what, StringRef name, Type type) {
  if (!getElementTypeOrSelf(type).isInteger(64))
    return success();
  return function.emitError() << what << " '" << name << "' has elements of type i64, but " << what
                              << "s of chips have at most 32 bits; give it another type, or compile"
                              << " for the host";
}

static LogicalResult checkPorts(func::FuncOp function) {
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
    if (failed(checkPort(function, "input", inputName(function, index), type)))
      return failure();
  for (auto [index, type] : llvm::enumerate(function.getResultTypes()))
    if (failed(checkPort(function, "output", outputName(function, index), type)))
      return failure();
  return success();
}

void PimFormLayersPass::runOnOperation() {
  for (func::FuncOp function : getOperation().getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    if (failed(checkPorts(function)))
      return signalPassFailure();
    if (!llvm::hasSingleElement(function.getBody())) {
      function.emitOpError("has several blocks, expected straight-line code");
      return signalPassFailure();
    }
    foldBorderTransposes(function);
    turnAliasesIntoReshapes(function);
    eraseDead(function);
    std::vector<LayerGroup> groups = groupLayers(function);
    for (const LayerGroup &group : groups)
      outline(group);
    eraseDead(function);
    // An island may sit behind a use of one of its results.
    sortTopologically(&function.getBody().front());
  }
}
