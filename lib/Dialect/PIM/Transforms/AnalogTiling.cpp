//===- AnalogTiling.cpp - cut analog layers into arrays -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AnalogTiling.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::pim;

namespace {
/// The stacks of one layer after the other.
class Tiler {
public:
  Tiler(AnalogLayersOp op, const MappingTarget &target)
      : op(op), rows(target.matrixRows), pairs(target.matrixColumns / 2) {}

  /// Arrays whose amplifiers are averaged in layer `index`.
  int64_t partitions(int64_t index) const {
    return int64_t(llvm::divideCeil(op.getInputs(index) + 1, rows));
  }
  TilingAttr tile();

private:
  TileAttr makeTile(int64_t index, int64_t partition, int64_t firstOutput, int64_t lastOutput);

  mutable AnalogLayersOp op;
  int64_t rows, pairs;
  int64_t firstLine = 0; ///< of the inputs of the layer under way
};
} // namespace

/// Rows [partition*rows, ...) of a layer's inputs, with the bias behind the last of them.
TileAttr Tiler::makeTile(int64_t index, int64_t partition, int64_t firstOutput,
                         int64_t lastOutput) {
  MLIRContext *context = op.getContext();
  int64_t inputs = op.getInputs(index), begin = partition * rows,
          end = std::min(begin + rows, inputs);
  SmallVector<int64_t> lines;
  if (begin < end)
    lines.append({firstLine + begin, firstLine + end});
  if (begin + rows > inputs) {
    int64_t bias = op.getInputs(0);
    // Of the first layer it comes right behind the inputs.
    if (!lines.empty() && lines.back() == bias)
      lines.back() = bias + 1;
    else
      lines.append({bias, bias + 1});
  }
  return TileAttr::get(context, partition, 0, DenseI64ArrayAttr::get(context, lines), 0,
                       DenseI64ArrayAttr::get(context, {firstOutput, lastOutput}), 0, 2, 0, 0, 0,
                       DenseI64ArrayAttr(), 0, DenseI64ArrayAttr());
}

TilingAttr Tiler::tile() {
  SmallVector<StackAttr> stacks;
  int64_t firstNeuron = 0;
  for (int64_t index = 0; index < op.getLayerCount(); ++index) {
    int64_t lastNeuron = firstNeuron + op.getOutputs(index);
    for (int64_t begin = firstNeuron; begin < lastNeuron; begin += pairs) {
      int64_t end = std::min(begin + pairs, lastNeuron);
      SmallVector<TileAttr> tiles;
      for (int64_t partition = 0; partition < partitions(index); ++partition)
        tiles.push_back(makeTile(index, partition, begin, end));
      stacks.push_back(StackAttr::get(op.getContext(), end, partitions(index), tiles));
    }
    firstLine = op.getInputs(0) + 1 + firstNeuron;
    firstNeuron = lastNeuron;
  }
  return TilingAttr::get(op.getContext(), 1, op.getLines(), op.getNeurons(), rows, pairs, 1, 1,
                         stacks);
}

LogicalResult mlir::pim::tileAnalogLayers(AnalogLayersOp op, const MappingTarget &target) {
  if (!target.isAnalog)
    return op.emitOpError() << "needs arrays of kind 'imac', target '" << target.name
                            << "' has others";
  Tiler tiler(op, target);
  SmallVector<double> ohms;
  // The slope of a neuron is 4*ratio/supply, a weight draws supply*(1 - 1/on_off)/on_ohm, and the
  // mean of the partitions is taken: docs/imac.md.
  double slopePerOhm = 4 * target.neuronRatio * (1 - 1 / target.onOffRatio) / target.onOhm;
  for (auto [index, slope] : llvm::enumerate(op.getSlopes())) {
    ohms.push_back(slope * double(tiler.partitions(int64_t(index))) / slopePerOhm);
    if (ohms.back() > target.feedbackMostOhm)
      return op.emitOpError() << "needs a feedback resistor of " << int64_t(ohms.back())
                              << " ohm for the slope " << slope << " of layer " << index
                              << ", the amplifiers of target '" << target.name << "' have at most "
                              << int64_t(target.feedbackMostOhm)
                              << " ohm: use smaller weights or larger arrays";
  }
  op.setTilingAttr(tiler.tile());
  op.setFeedbackOhmAttr(DenseF64ArrayAttr::get(op.getContext(), ohms));
  return success();
}
