//===- RemoveChannels.cpp - drop channels that nothing needs ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-remove-channels ("unused path removal" of the ADMM pruning papers, made exact).
// Tested by test/Dialect/TOSA/remove-channels.mlir.
//
//===----------------------------------------------------------------------===//

#include "ChannelGraph.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"
#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMREMOVECHANNELSPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimRemoveChannelsPass : mlir::pim::impl::PimRemoveChannelsPassBase<PimRemoveChannelsPass> {
  void runOnOperation() override;

  bool removeOnce(func::FuncOp function);
};

/// Rewrites one function by the channels that go.
class Remover {
public:
  Remover(ChannelGraph &graph, func::FuncOp function) : graph(graph), function(function) {}
  /// False if nothing goes.
  bool collect();
  void rewrite();
  int64_t channels() const { return removed; }

private:
  ArrayRef<int64_t> goneFrom(Value value) const;
  SmallVector<int64_t> keptOf(Value value) const;
  Value slice(OpBuilder &builder, Value constant, unsigned dim, ArrayRef<int64_t> kept);
  void rewriteConvolution(const IntegerConvolution &conv);
  void rewriteConstants(Operation *op);

  ChannelGraph &graph;
  func::FuncOp function;
  DenseMap<Value, SmallVector<int64_t>> gone, kept;
  int64_t removed = 0;
};
} // namespace

bool Remover::collect() {
  auto add = [&](Value value) {
    SmallVector<int64_t> channels = graph.removable(value);
    if (channels.empty())
      return;
    DenseSet<int64_t> set(channels.begin(), channels.end());
    for (int64_t channel = 0; channel < channelsOf(value); ++channel)
      if (!set.contains(channel))
        kept[value].push_back(channel);
    removed += int64_t(channels.size());
    gone[value] = std::move(channels);
  };
  for (Operation &op : function.getBody().front())
    for (Value result : op.getResults())
      add(result);
  return !gone.empty();
}

ArrayRef<int64_t> Remover::goneFrom(Value value) const {
  auto found = gone.find(value);
  return found == gone.end() ? ArrayRef<int64_t>() : ArrayRef<int64_t>(found->second);
}

SmallVector<int64_t> Remover::keptOf(Value value) const {
  auto found = kept.find(value);
  return found == kept.end() ? llvm::to_vector(llvm::seq<int64_t>(0, channelsOf(value)))
                             : found->second;
}

/// `constant` with the entries `kept` of dimension `dim`.
Value Remover::slice(OpBuilder &builder, Value constant, unsigned dim, ArrayRef<int64_t> kept) {
  std::optional<Elements> elements = getTosaConstant(constant);
  SmallVector<int64_t> shape(elements->getShape());
  if (shape[dim] == int64_t(kept.size()))
    return constant;
  int64_t inner = 1, outer = 1, size = shape[dim];
  for (unsigned i = 0; i < shape.size(); ++i)
    (i < dim ? outer : inner) *= i == dim ? 1 : shape[i];
  SmallVector<int64_t> indices;
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t entry : kept)
      for (int64_t i = 0; i < inner; ++i)
        indices.push_back((o * size + entry) * inner + i);
  shape[dim] = int64_t(kept.size());
  auto type = RankedTensorType::get(shape, elements->getElementType());
  return TosaBuilder(builder, constant.getLoc()).constant(elements->gathered(type, indices));
}

void Remover::rewriteConvolution(const IntegerConvolution &conv) {
  Operation *op = conv.op;
  OpBuilder builder(op);
  SmallVector<int64_t> outputs = keptOf(conv.result), inputs = keptOf(conv.input);
  // What the channels that go contribute is constant.
  SmallVector<int64_t> bias;
  for (int64_t output : outputs) {
    int64_t sum = conv.bias[size_t(output)];
    if (!conv.isDepthwise)
      for (int64_t channel : goneFrom(conv.input))
        if (std::optional<int64_t> constant = graph.constantOf(conv.input, channel))
          for (int64_t tap = 0; tap < conv.taps; ++tap)
            sum += conv.weight(output, tap, channel) * (*constant - conv.inputZeroPoint);
    bias.push_back(sum);
  }
  Value weights = op->getOperand(1);
  // The size that the matrix had, for reports.
  if (!op->hasAttr("pim.dense_shape"))
    op->setAttr("pim.dense_shape",
                builder.getDenseI64ArrayAttr({conv.taps * (conv.isDepthwise ? 1 : conv.channels),
                                              conv.isDepthwise ? conv.multiplier : conv.outputs,
                                              conv.isDepthwise ? conv.channels : 1}));
  if (conv.isDepthwise) {
    weights = slice(builder, weights, 2, inputs);
  } else {
    weights = slice(builder, weights, 3, inputs);
    weights = slice(builder, weights, 0, outputs);
  }
  op->setOperand(1, weights);
  Type element = cast<RankedTensorType>(op->getOperand(2).getType()).getElementType();
  auto type = RankedTensorType::get({int64_t(bias.size())}, element);
  op->setOperand(
      2, TosaBuilder(builder, op->getOperand(2).getLoc()).constant(Elements::fromInts(type, bias)));
}

/// Lists by channel of a rescale, and the shape of a reshape.
void Remover::rewriteConstants(Operation *op) {
  OpBuilder builder(op);
  if (auto rescale = dyn_cast<tosa::RescaleOp>(op)) {
    if (!rescale.getPerChannel())
      return;
    SmallVector<int64_t> channels = keptOf(rescale.getOutput());
    rescale.getMultiplierMutable().assign(slice(builder, rescale.getMultiplier(), 0, channels));
    rescale.getShiftMutable().assign(slice(builder, rescale.getShift(), 0, channels));
  } else if (auto reshape = dyn_cast<tosa::ReshapeOp>(op)) {
    SmallVector<int64_t> shape(cast<RankedTensorType>(reshape.getType()).getShape());
    shape.back() = int64_t(keptOf(reshape.getOutput()).size());
    reshape.getShapeMutable().assign(TosaBuilder(builder, op->getLoc()).shape(shape));
  }
}

void Remover::rewrite() {
  SmallVector<Operation *> ops;
  for (Operation &op : function.getBody().front())
    ops.push_back(&op);
  for (Operation *op : ops) {
    bool isTouched = llvm::any_of(op->getOperands(), [&](Value v) { return gone.contains(v); }) ||
                     llvm::any_of(op->getResults(), [&](Value v) { return gone.contains(v); });
    if (!isTouched)
      continue;
    if (std::optional<IntegerConvolution> conv = IntegerConvolution::of(op))
      rewriteConvolution(*conv);
    else
      rewriteConstants(op);
  }
  // Types last: the rewriting above reads the old ones.
  for (auto &[value, channels] : kept) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape.back() = int64_t(channels.size());
    Value(value).setType(RankedTensorType::get(shape, type.getElementType()));
  }
}

bool PimRemoveChannelsPass::removeOnce(func::FuncOp function) {
  ChannelGraph graph(function);
  Remover remover(graph, function);
  if (!remover.collect())
    return false;
  remover.rewrite();
  numRemoved += remover.channels();
  return true;
}

void PimRemoveChannelsPass::runOnOperation() {
  func::FuncOp function = getOperation();
  if (function.isExternal() || !llvm::hasSingleElement(function.getBody()))
    return;
  removeOnce(function);
}
