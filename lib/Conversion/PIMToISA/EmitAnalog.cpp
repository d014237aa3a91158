//===- EmitAnalog.cpp - chains of analog layers ------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The inputs are copied to the scratchpad, one mvm drives the whole chain, and what the converters
// read goes back to global memory.
//
//===----------------------------------------------------------------------===//

#include "EmitLayer.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::pim;

/// What layer `index` holds for the neurons from `firstNeuron` on: weights[line][neuron].
namespace {
struct ChainWeights {
  explicit ChainWeights(AnalogLayersOp op) : op(op) {
    for (Attribute attribute : op.getWeights())
      weights.push_back(readBytes(cast<ElementsAttr>(attribute)));
    for (Attribute attribute : op.getBiases())
      biases.push_back(readBytes(cast<ElementsAttr>(attribute)));
  }
  bool areThere() const {
    auto isThere = [](const auto &bytes) { return bytes.has_value(); };
    return llvm::all_of(weights, isThere) && llvm::all_of(biases, isThere);
  }
  /// The weight between a line and a neuron, which is one of the layer of its inputs.
  int at(int64_t line, int64_t neuron) {
    int64_t layer = 0, firstLine = 0, firstNeuron = 0;
    while (neuron >= firstNeuron + op.getOutputs(layer)) {
      firstLine = op.getInputs(0) + 1 + firstNeuron;
      firstNeuron += op.getOutputs(layer++);
    }
    if (line == op.getInputs(0))
      return int8_t((*biases[size_t(layer)])[size_t(neuron - firstNeuron)]);
    return int8_t((*weights[size_t(layer)])[size_t((neuron - firstNeuron) * op.getInputs(layer) +
                                                   line - firstLine)]);
  }

  AnalogLayersOp op;
  std::vector<std::optional<ConstantBytes>> weights, biases;
};
} // namespace

/// The tiles of all arrays, and their cells: a pair for each weight, the positive cell first.
static void program(AnalogLayersOp op, PartAttr part, ChainWeights &weights, bool zeroIsLow,
                    ArrayGroup &group, CoreBuilder &core) {
  core.arrays = std::max(core.arrays, part.getFirstArray() + part.getArrays());
  core.cells.resize(core.arrays);
  TilingAttr tiling = op.getTilingAttr();
  int64_t firstArray = part.getFirstArray();
  for (int64_t stack = 0; stack < tiling.getStackCount(); ++stack) {
    for (TileAttr from : tiling.getStackTiles(stack, 2)) {
      CellTile tile;
      tile.array = firstArray + from.getArray();
      tile.rowCount = from.getRowCount();
      tile.outputCount = from.getOutputCount();
      tile.sliceCount = from.getSliceCount();
      llvm::append_range(tile.rows, from.listRows());
      tile.outputBegin = from.listOutputs().front();
      for (auto [row, line] : llvm::enumerate(tile.rows))
        for (int64_t output = 0; output < tile.outputCount; ++output) {
          int weight = weights.at(line, tile.outputBegin + output);
          bool plus = weight > 0 || (weight == 0 && zeroIsLow),
               minus = weight < 0 || (weight == 0 && zeroIsLow);
          core.cells.setBit(tile.array, int64_t(row), 2 * output, plus);
          core.cells.setBit(tile.array, int64_t(row), 2 * output + 1, minus);
        }
      group.tiles.push_back(std::move(tile));
    }
    firstArray += tiling.getStackArrays(stack);
  }
}

LogicalResult mlir::pim::emitAnalog(LayerOp layer, PlaceOf placeOf, bool zeroIsLow,
                                    CoreBuilder &core) {
  AnalogLayersOp op = layer.getAnalogOp();
  ChainWeights weights(op);
  if (!weights.areThere())
    return op.emitOpError("has weights without data");
  FailureOr<GlobalPlace> place = placeOf(layer.getInputs().front());
  if (failed(place))
    return failure();
  ArrayGroup group;
  group.matrixRows = op.getInputs(0);
  group.matrixCols = op.getOutputs(op.getLayerCount() - 1);
  // Inputs of -1, 0 and 1, moved up by one; pairs of one-bit cells.
  group.slicing = SlicingAttr::get(op.getContext(), 2, 1, 2, 1, 1, SliceScheme::Differential,
                                   SliceLayout::Columns);
  for (int64_t index = 0; index < op.getLayerCount(); ++index)
    group.neurons.push_back(op.getOutputs(index));
  group.feedbackOhm = op.getFeedbackOhm()->vec();
  program(op, layer.getPlacementAttr().getParts().front(), weights, zeroIsLow, group, core);

  int64_t inputs = group.matrixRows, outputs = group.matrixCols;
  int64_t resultBase = int64_t(llvm::alignTo(uint64_t(inputs), 64));
  core.scratchpadBytes = std::max(core.scratchpadBytes, resultBase + 4 * outputs);
  auto vectorAt = [&](Space space, Element element, int64_t base, int64_t count) {
    int64_t bytes = bytesOf(element);
    return TensorDescriptor{
        space, element,          space == Space::Scratchpad ? core.number : 0,
        base,  {1, 1, 1, count}, {count * bytes, count * bytes, count * bytes, bytes}};
  };
  uint32_t results = core.tensor(vectorAt(Space::Scratchpad, Element::I32, resultBase, outputs));
  core.emit(inst::DmaCopy{core.tensor(vectorAt(Space::Scratchpad, Element::I8, 0, inputs)), 0,
                          core.tensor(vectorAt(Space::Global, Element::I8, place->address, inputs)),
                          0});
  WindowDescriptor window;
  window.channels = inputs;
  window.rowPitch = window.colPitch = inputs;
  core.emit(inst::Mvm{uint32_t(core.groups.size()), results, 0, core.window(window), 0, false});
  core.groups.push_back(std::move(group));
  core.emit(inst::DmaCopy{
      core.tensor(vectorAt(Space::Global, Element::I32, placeOfResult(layer).address, outputs)), 0,
      results, 0});
  return success();
}
