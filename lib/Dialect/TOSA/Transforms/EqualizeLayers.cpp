//===- EqualizeLayers.cpp - channels of alike size from layer to layer =//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-equalize-layers; tested by test/Dialect/TOSA/equalize-layers.mlir. The method is
// the cross-layer equalization of Nagel et al., "Data-Free Quantization Through Weight Equalization
// and Bias Correction", ICCV 2019.
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"

#include <cmath>

namespace mlir::pim {
#define GEN_PASS_DEF_PIMEQUALIZELAYERSPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

/// A pair changes its neighbours: as many rounds over all pairs, at most, and fewer once no scale
/// moves by more than a hundredth.
static constexpr int maxRounds = 20;
static constexpr double settled = 0.01;

namespace {
struct PimEqualizeLayersPass : mlir::pim::impl::PimEqualizeLayersPassBase<PimEqualizeLayersPass> {
  void runOnOperation() override;
};

/// A convolution with constant weights, kept in double precision until the end.
struct Layer {
  Operation *op;
  RankedTensorType weightType;
  std::vector<double> weights, biases;
  bool isChanged = false;
};

/// Two layers with nothing between them but what commutes with positive factors per channel.
struct Pair {
  size_t first, second;
};
} // namespace

/// The convolution that alone reads `value`, through ops that commute with positive factors per
/// channel; null if there is none.
static Operation *followingConvolution(Value value) {
  while (value.hasOneUse()) {
    OpOperand &use = *value.use_begin();
    Operation *op = use.getOwner();
    if (isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(op))
      return use.getOperandNumber() == 0 ? op : nullptr;
    bool commutes = isRelu(op) || isa<tosa::MaxPool2dOp, tosa::AvgPool2dOp>(op);
    if (!commutes || use.getOperandNumber() != 0)
      return nullptr;
    value = op->getResult(0);
  }
  return nullptr;
}

static std::optional<Layer> readLayer(Operation *op) {
  std::optional<Elements> weight = getTosaConstant(op->getOperand(1)),
                          bias = getTosaConstant(op->getOperand(2));
  if (!weight || !bias || !weight->getElementType().isF32())
    return std::nullopt;
  Layer layer{op, weight->getType(), weight->getReals(), bias->getReals()};
  int64_t channels = shapeOf(op->getResult(0)).back();
  if (int64_t(layer.biases.size()) != channels)
    layer.biases.assign(channels, layer.biases.front());
  return layer;
}

/// Gives each channel between the layers the scale that makes its largest weights on either side
/// equal. Returns the largest change of a scale, as a factor above one.
static double equalize(Layer &first, Layer &second) {
  std::vector<double> before(first.biases.size()), behind(first.biases.size());
  auto channelBefore = [&](size_t index) {
    return outputChannelOf(first.op, int64_t(index), first.weightType.getShape());
  };
  auto channelBehind = [&](size_t index) {
    return inputChannelOf(second.op, int64_t(index), second.weightType.getShape());
  };
  for (auto [index, weight] : llvm::enumerate(first.weights))
    before[channelBefore(index)] = std::max(before[channelBefore(index)], std::abs(weight));
  for (auto [index, weight] : llvm::enumerate(second.weights))
    behind[channelBehind(index)] = std::max(behind[channelBehind(index)], std::abs(weight));
  std::vector<double> scales(before.size(), 1.0);
  double change = 1;
  for (auto [scale, a, b] : llvm::zip_equal(scales, before, behind)) {
    if (a == 0 || b == 0) // a channel of zeros has no size
      continue;
    scale = std::sqrt(a / b);
    change = std::max({change, scale, 1 / scale});
  }
  for (auto [index, weight] : llvm::enumerate(first.weights))
    weight /= scales[channelBefore(index)];
  for (auto [bias, scale] : llvm::zip_equal(first.biases, scales))
    bias /= scale;
  for (auto [index, weight] : llvm::enumerate(second.weights))
    weight *= scales[channelBehind(index)];
  first.isChanged = second.isChanged = true;
  return change;
}

static void write(const Layer &layer) {
  OpBuilder builder(layer.op);
  auto constant = [&](unsigned index, RankedTensorType type, const std::vector<double> &reals) {
    Value made = TosaBuilder(builder, layer.op->getOperand(index).getLoc())
                     .constant(Elements::fromReals(type, reals));
    layer.op->setOperand(index, made);
  };
  constant(1, layer.weightType, layer.weights);
  constant(2, layer.weightType.clone({int64_t(layer.biases.size())}), layer.biases);
}

void PimEqualizeLayersPass::runOnOperation() {
  std::vector<Layer> layers;
  llvm::DenseMap<Operation *, size_t> indexOf;
  for (Operation &op : getOperation().getBody().front())
    if (isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(op))
      if (std::optional<Layer> layer = readLayer(&op)) {
        indexOf[&op] = layers.size();
        layers.push_back(std::move(*layer));
      }
  std::vector<Pair> pairs;
  for (auto [index, layer] : llvm::enumerate(layers)) {
    auto next = indexOf.find(followingConvolution(layer.op->getResult(0)));
    if (next != indexOf.end())
      pairs.push_back({index, next->second});
  }
  for (int round = 0; round < maxRounds; ++round) {
    double change = 1;
    for (const Pair &pair : pairs)
      change = std::max(change, equalize(layers[pair.first], layers[pair.second]));
    if (change < 1 + settled)
      break;
  }
  for (const Layer &layer : layers)
    if (layer.isChanged)
      write(layer);
  numPairs += pairs.size();
}
