//===- AnalogLayersOp.cpp - fully connected layers with neurons ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"

using namespace mlir;
using namespace mlir::pim;

static ElementsAttr elementsAt(ArrayAttr list, int64_t index) {
  return cast<ElementsAttr>(list[unsigned(index)]);
}

int64_t AnalogLayersOp::getOutputs(int64_t index) {
  return elementsAt(getWeights(), index).getShapedType().getDimSize(0);
}

int64_t AnalogLayersOp::getInputs(int64_t index) {
  return elementsAt(getWeights(), index).getShapedType().getDimSize(1);
}

int64_t AnalogLayersOp::getNeurons() {
  int64_t neurons = 0;
  for (int64_t layer = 0; layer < getLayerCount(); ++layer)
    neurons += getOutputs(layer);
  return neurons;
}

int64_t AnalogLayersOp::getMacs() {
  int64_t macs = 0;
  for (int64_t layer = 0; layer < getLayerCount(); ++layer)
    macs += getOutputs(layer) * getInputs(layer);
  return macs;
}

static bool holds(Value value, int64_t count, unsigned width) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && type.getNumElements() == count &&
         type.getElementType().isSignlessInteger(width);
}

/// `attribute` holds -1, 0 and 1, as i8, in `rank` dimensions.
static bool isTernary(Attribute attribute, int64_t rank) {
  auto elements = dyn_cast<ElementsAttr>(attribute);
  if (!elements || !elements.getElementType().isSignlessInteger(8) ||
      elements.getShapedType().getRank() != rank || elements.getNumElements() == 0)
    return false;
  std::optional<ConstantBytes> bytes = readBytes(elements);
  return !bytes || llvm::all_of(*bytes, [](char byte) { return int8_t(byte) >= -1 && byte <= 1; });
}

static LogicalResult verifyLayers(AnalogLayersOp op) {
  if (op.getLayerCount() == 0 || op.getBiases().size() != op.getWeights().size())
    return op.emitOpError() << "has weights of " << op.getLayerCount() << " layers and biases of "
                            << op.getBiases().size();
  // analog_layers_c2
  for (auto [weights, biases] : llvm::zip(op.getWeights(), op.getBiases()))
    if (!isTernary(weights, 2) || !isTernary(biases, 1) ||
        cast<ElementsAttr>(weights).getShapedType().getDimSize(0) !=
            cast<ElementsAttr>(biases).getNumElements())
      return op.emitOpError("has weights or biases that are not outputs x inputs and outputs of "
                            "-1, 0 and 1 in i8");
  // analog_layers_c3
  for (int64_t layer = 1; layer < op.getLayerCount(); ++layer)
    if (op.getInputs(layer) != op.getOutputs(layer - 1))
      return op.emitOpError() << "has " << op.getInputs(layer) << " inputs in layer " << layer
                              << ", the layer before has " << op.getOutputs(layer - 1)
                              << " outputs";
  // analog_layers_c1
  if (!holds(op.getInput(), op.getInputs(0), 8) ||
      !holds(op.getResult(), op.getOutputs(op.getLayerCount() - 1), 32))
    return op.emitOpError() << "needs " << op.getInputs(0) << " inputs of i8 and gives "
                            << op.getOutputs(op.getLayerCount() - 1) << " results of i32";
  return success();
}

/// Every stack holds neurons of one layer, and its tiles lines that drive that layer.
static LogicalResult verifyTiles(AnalogLayersOp op) {
  for (StackAttr stack : op.getTilingAttr().getStacks()) {
    int64_t neuron = stack.getTiles().front().getOutputs().asArrayRef().front(), layer = 0,
            firstNeuron = 0, firstLine = 0;
    while (neuron >= firstNeuron + op.getOutputs(layer)) {
      firstLine = op.getInputs(0) + 1 + firstNeuron;
      firstNeuron += op.getOutputs(layer++);
    }
    int64_t lastNeuron = firstNeuron + op.getOutputs(layer),
            lastLine = firstLine + op.getInputs(layer), bias = op.getInputs(0);
    for (TileAttr tile : stack.getTiles()) {
      ArrayRef<int64_t> neurons = tile.getOutputs().asArrayRef();
      bool drivesThem = llvm::all_of(tile.listRows(), [&](int64_t line) {
        return line == bias || (firstLine <= line && line < lastLine);
      });
      if (!drivesThem || neurons.size() != 2 || neurons[0] < firstNeuron || neurons[1] > lastNeuron)
        return op.emitOpError() << "has a tile of neurons that are not neighbours in one layer, or "
                                << "with lines that do not drive them";
    }
  }
  return success();
}

LogicalResult AnalogLayersOp::verify() {
  if (failed(verifyLayers(*this)))
    return failure();
  auto arePositive = [](ArrayRef<double> numbers) {
    return llvm::all_of(numbers, [](double number) { return number > 0; });
  };
  // analog_layers_c4
  if (int64_t(getSlopes().size()) != getLayerCount() || !arePositive(getSlopes()))
    return emitOpError() << "has " << getSlopes().size() << " slopes, expected " << getLayerCount()
                         << " above 0";
  if (getLevels() < 1 || getLevels() > 0xffffff)
    return emitOpError() << "is read in " << getLevels() << " steps, expected 1 to 16777215";
  // analog_layers_c5
  std::optional<ArrayRef<double>> ohms = getFeedbackOhm();
  if (ohms && (int64_t(ohms->size()) != getLayerCount() || !arePositive(*ohms)))
    return emitOpError() << "has " << ohms->size() << " feedback resistors, expected "
                         << getLayerCount() << " above 0";
  TilingAttr tiling = getTilingAttr();
  if (tiling && (tiling.getGroups() != 1 || tiling.getMatrixRows() != getLines() ||
                 tiling.getMatrixCols() != getNeurons() || !tiling.hasStacks()))
    return emitOpError() << "is not tiled as " << getLines() << " lines and " << getNeurons()
                         << " neurons";
  return tiling ? verifyTiles(*this) : success();
}
