//===- FormAnalog.cpp - find layers for analog arrays -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-form-analog; tested by test/Conversion/TosaToPIM/form-analog.mlir.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Conversion/TosaToPIM/LayerGroups.h"
#include "pim/Conversion/TosaToPIM/Passes.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"
#include "pim/Program/AnalogLayers.h"
#include "pim/TosaToGraph/TosaToGraph.h"

#include <cmath>
#include <cstring>

namespace mlir::pim {
#define GEN_PASS_DEF_PIMFORMANALOGPASS
#include "pim/Conversion/TosaToPIM/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

/// Weights that differ by less than this part of the largest count as equal: what is left of
/// scaling in single precision.
static constexpr float equality = 1e-5f;

namespace {
/// sigmoid(sign * scale * (weights x + biases)): a fully connected layer with a neuron.
struct AnalogLayer {
  mutable tosa::Conv2DOp matrix; ///< op classes have no const accessors
  mutable tosa::SigmoidOp neuron;
  bool isNegated = false; ///< sign is -1
  float scale = 0;
  SmallVector<char> weights, biases; ///< -1, 0 and 1
};

struct PimFormAnalogPass : mlir::pim::impl::PimFormAnalogPassBase<PimFormAnalogPass> {
  void runOnOperation() override;

  void formChains(func::FuncOp function, int64_t levels);
  void replace(ArrayRef<AnalogLayer> chain, int64_t levels);
};
} // namespace

static std::optional<SmallVector<float>> readFloats(Value value) {
  auto constant = value.getDefiningOp<tosa::ConstOp>();
  if (!constant || !constant.getValues().getElementType().isF32())
    return std::nullopt;
  std::optional<ConstantBytes> bytes = readBytes(constant.getValues());
  if (!bytes)
    return std::nullopt;
  SmallVector<float> floats(bytes->size() / sizeof(float));
  std::memcpy(floats.data(), bytes->data(), bytes->size());
  return floats;
}

/// `values` as -1, 0 and 1 times `scale`; nothing if they are others.
static std::optional<SmallVector<char>> toTernary(ArrayRef<float> values, float scale) {
  SmallVector<char> ternary;
  for (float value : values) {
    float ratio = value / scale, nearest = std::round(ratio);
    if (!(std::fabs(ratio - nearest) <= equality) || std::fabs(nearest) > 1)
      return std::nullopt;
    ternary.push_back(char(int8_t(nearest)));
  }
  return ternary;
}

static bool isVector(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && type.getRank() == 4 && type.getElementType().isF32() &&
         type.getNumElements() == type.getDimSize(3);
}

/// The fully connected layer in front of a sigmoid, if that is what there is.
static std::optional<AnalogLayer> layerBefore(tosa::SigmoidOp neuron) {
  AnalogLayer layer;
  layer.neuron = neuron;
  Value sum = neuron.getInput();
  if (auto negate = sum.getDefiningOp<tosa::NegateOp>(); negate && sum.hasOneUse()) {
    layer.isNegated = true;
    sum = negate.getInput1();
  }
  layer.matrix = sum.getDefiningOp<tosa::Conv2DOp>();
  if (!layer.matrix || !sum.hasOneUse() || !isVector(sum) || !isVector(layer.matrix.getInput()))
    return std::nullopt;
  return layer;
}

/// Fills in what the cells would hold; false if they cannot.
static bool readCells(AnalogLayer &layer) {
  std::optional<SmallVector<float>> weights = readFloats(layer.matrix.getWeight()),
                                    biases = readFloats(layer.matrix.getBias());
  if (!weights || !biases)
    return false;
  for (float weight : *weights)
    layer.scale = std::max(layer.scale, std::fabs(weight));
  if (!(layer.scale > 0))
    return false;
  std::optional<SmallVector<char>> cells = toTernary(*weights, layer.scale),
                                   biasCells = toTernary(*biases, layer.scale);
  if (!cells || !biasCells)
    return false;
  layer.weights = std::move(*cells);
  layer.biases = std::move(*biasCells);
  int64_t outputs = cast<RankedTensorType>(layer.matrix.getType()).getDimSize(3);
  if (layer.biases.size() == 1)
    layer.biases.assign(size_t(outputs), layer.biases.front());
  // Neurons fall with their sum, so the cells hold the opposite unless the model negates it.
  if (!layer.isNegated)
    for (SmallVector<char> *list : {&layer.weights, &layer.biases})
      for (char &value : *list)
        value = char(-int8_t(value));
  return true;
}

/// What `value` is a reshaping of.
static Value behindReshapes(Value value) {
  while (auto reshape = value.getDefiningOp<tosa::ReshapeOp>())
    value = reshape.getInput1();
  return value;
}

static bool isSign(Value value) {
  auto custom = behindReshapes(value).getDefiningOp<tosa::CustomOp>();
  return custom && custom.getDomainName() == "onnx" && custom.getOperatorName() == "Sign";
}

/// Whether the neurons of `before` drive those of `after` and nothing else.
static bool feeds(const AnalogLayer &before, tosa::Conv2DOp after) {
  Value value = after.getInput();
  while (value.hasOneUse()) {
    if (value.getDefiningOp() == before.neuron.getOperation())
      return true;
    auto reshape = value.getDefiningOp<tosa::ReshapeOp>();
    if (!reshape)
      return false;
    value = reshape.getInput1();
  }
  return false;
}

void PimFormAnalogPass::replace(ArrayRef<AnalogLayer> chain, int64_t levels) {
  tosa::SigmoidOp last = chain.back().neuron;
  OpBuilder builder(last);
  std::string name;
  for (const AnalogLayer &layer : chain)
    name.append(name.empty() ? "" : "+").append(layerName(layer.matrix->getLoc()));
  Location location = NameLoc::get(builder.getStringAttr(name));
  auto integerLike = [&](Value value, unsigned width) {
    auto type = cast<RankedTensorType>(value.getType());
    return RankedTensorType::get(type.getShape(), builder.getIntegerType(width));
  };
  Value input = chain.front().matrix.getInput();
  SmallVector<Value> operands{
      tosa::CastOp::create(builder, input.getLoc(), integerLike(input, 8), input)};
  SmallVector<double> slopes;
  for (const AnalogLayer &layer : chain) {
    auto constant = [&](ArrayRef<char> data, ArrayRef<int64_t> shape, StringRef what) {
      auto type = RankedTensorType::get(shape, builder.getI8Type());
      operands.push_back(tosa::ConstOp::create(
          builder, location, type,
          makeElements(type, data, layerName(layer.matrix->getLoc()) + what.str())));
    };
    auto outputs = int64_t(layer.biases.size()), inputs = int64_t(layer.weights.size()) / outputs;
    constant(layer.weights, {outputs, inputs}, ".cells");
    constant(layer.biases, {outputs}, ".bias_cells");
    slopes.push_back(layer.scale);
  }
  auto custom = tosa::CustomOp::create(builder, location, integerLike(last.getOutput(), 32),
                                       "analog_layers", "pim", "{}", operands);
  custom->setAttr("pim.slopes", builder.getDenseF64ArrayAttr(slopes));
  custom->setAttr("pim.levels", builder.getI64IntegerAttr(levels));
  TosaBuilder tosaBuilder(builder, last.getLoc());
  Value codes = tosa::CastOp::create(builder, last.getLoc(), last.getType(), custom->getResult(0));
  Value unit =
      tosaBuilder.splat(1.0 / ::pim::program::analogFullScale, {1, 1, 1, 1}, builder.getF32Type());
  last.getOutput().replaceAllUsesWith(tosaBuilder.mul(codes, unit));
  for (const AnalogLayer &layer : llvm::reverse(chain)) {
    Operation *negate = layer.isNegated ? layer.neuron.getInput().getDefiningOp() : nullptr;
    Value input = layer.matrix.getInput();
    layer.neuron->erase();
    if (negate)
      negate->erase();
    layer.matrix->erase();
    // Reshapes between two layers of the chain.
    while (auto reshape = input.getDefiningOp<tosa::ReshapeOp>()) {
      if (!input.use_empty())
        break;
      input = reshape.getInput1();
      reshape->erase();
    }
  }
  ++numChains;
  numFormed += unsigned(chain.size());
}

void PimFormAnalogPass::formChains(func::FuncOp function, int64_t levels) {
  SmallVector<AnalogLayer> chain;
  SmallVector<SmallVector<AnalogLayer>> chains;
  auto finish = [&] {
    if (!chain.empty())
      chains.push_back(std::exchange(chain, {}));
  };
  function.walk([&](tosa::SigmoidOp neuron) {
    std::optional<AnalogLayer> layer = layerBefore(neuron);
    if (!layer)
      return;
    auto staysOnHost = [&](StringRef why) {
      layer->matrix->emitWarning()
          << "'" << layerName(layer->matrix->getLoc()) << "' stays on the host: " << why;
    };
    if (!readCells(*layer)) {
      finish();
      return staysOnHost("its weights and biases are not one number times -1, 0 and 1");
    }
    if (chain.empty() || !feeds(chain.back(), layer->matrix)) {
      finish();
      if (!isSign(layer->matrix.getInput()))
        return staysOnHost("its inputs are neither the result of a Sign nor neurons before it");
    }
    chain.push_back(std::move(*layer));
  });
  finish();
  for (ArrayRef<AnalogLayer> formed : chains)
    replace(formed, levels);
}

void PimFormAnalogPass::runOnOperation() {
  auto keys = getOperation()->getAttrOfType<DictionaryAttr>("pim.target");
  auto textOf = [&](StringRef key) {
    auto text = keys ? keys.getAs<StringAttr>(key) : StringAttr();
    return text ? text.getValue() : StringRef();
  };
  if (textOf("array.kind") != "imac")
    return;
  int64_t bits = 0;
  if (textOf("adc.bits").getAsInteger(10, bits) || bits < 1 || bits > 24) {
    getOperation().emitError() << "target has adc.bits = '" << textOf("adc.bits")
                               << "', expected 1 to 24";
    return signalPassFailure();
  }
  for (func::FuncOp function : getOperation().getOps<func::FuncOp>())
    formChains(function, (int64_t(1) << bits) - 1);
}
