//===- WeightRounder.cpp - the weights of all linear layers --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightRounder.h"

#include "ChannelRuns.h"
#include "FloatOps.h"
#include "LinearRounder.h"
#include "WeightScales.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Elements/Elements.h"
#include "pim/Quantization/QuantParams.h"
#include "pim/TosaToGraph/TosaToGraph.h"
#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;
namespace codes = ::pim::codes;

std::optional<Rounding> mlir::pim::parseRounding(StringRef text) {
  return llvm::StringSwitch<std::optional<Rounding>>(text)
      .Case("auto", Rounding::Auto)
      .Case("nearest", Rounding::Nearest)
      .Case("adaptive", Rounding::Adaptive)
      .Default(std::nullopt);
}

void mlir::pim::parseWeightBits(StringRef text, CalibrationOptions &options) {
  auto parse = [&](std::string_view value) -> unsigned {
    if (value == "auto")
      return 0;
    return unsigned(::pim::parseCount(value, 1, 8, std::string_view(text.data(), text.size())));
  };
  options.layerWeightBits = {};
  auto table =
      ::pim::parseLayerTable<unsigned>(std::string_view(text.data(), text.size()), parse, ";,");
  for (const auto &clause : table.all()) {
    if (clause.selector && clause.value == 0)
      ::pim::fail("'", text.str(), "': auto is for all layers that no clause names");
    if (clause.selector)
      options.layerWeightBits.add(clause);
    else if (clause.value == 0)
      options.automaticWeightBits = true;
    else
      options.weightBits = clause.value;
  }
}

WeightRounder::WeightRounder(ArrayRef<Operation *> ops, const CalibrationOptions &options,
                             bool hasData)
    : options(options), hasData(hasData), ops(ops) {}

bool WeightRounder::isAdaptive() const {
  return options.rounding == Rounding::Auto ? hasData : options.rounding == Rounding::Adaptive;
}

LogicalResult WeightRounder::load() {
  int64_t count = int64_t(ops.size());
  std::vector<std::string> names;
  for (auto [index, op] : llvm::enumerate(ops)) {
    Value weights = op->getOperand(1);
    auto reals = evaluateReals(weights);
    if (!reals)
      return op->emitError() << "weights of type " << weights.getType() << " cannot be read";
    if (!llvm::all_of(reals->values, [](double weight) { return std::isfinite(weight); }))
      return op->emitError() << "weights hold a value that is not finite";
    names.push_back(layerName(op->getLoc()));
    int64_t position = int64_t(index);
    const unsigned *given = options.layerWeightBits.find(names.back(), position, count);
    bool isEnd = position < options.keepFirstLast || position >= count - options.keepFirstLast;
    unsigned bits = given ? *given : isEnd ? 8 : options.weightBits;
    bool isFree = options.automaticWeightBits && !given && !isEnd;
    layers.push_back(
        {op, names.back(), LinearShape(op), int64_t(reals->values.size()), bits, isFree, nullptr});
    if (isAdaptive())
      layers.back().moments = std::make_unique<InputMoments>(layers.back().shape);
  }
  try {
    options.layerWeightBits.requireAllUsed(names, "weight bits");
  } catch (const ::pim::Error &error) {
    return ops.empty() ? success() : ops[0]->getParentOp()->emitError() << error.what();
  }
  return success();
}

static codes::LevelSet levelsOf(unsigned bits) {
  if (bits == 1)
    return codes::LevelSet({codes::CodeKind::Binary, 0, 0});
  return codes::LevelSet({codes::CodeKind::Fixed, int(bits), 0});
}

static double decibels(double signal, double noise) {
  return 10 * std::log10(std::max(signal, 1e-30) / std::max(noise, 1e-30));
}

/// Read anew each time: where they are not as the graph has them, keeping those of all layers would
/// be a second copy of the model.
/// REQUIRES: load() has read them, and no cast has been inserted for the layer.
static RealConstant weightsOf(Operation *op) { return *evaluateReals(op->getOperand(1)); }

RoundedWeights WeightRounder::round(size_t index, unsigned bits) const {
  return round(layers[index], weightsOf(layers[index].op), bits);
}

/// Calls keep(index, rounded weight) for each weight on its nearest level; returns the
/// signal-to-noise ratio.
template <typename Keep>
static double roundToNearest(const RealConstant &weights, int64_t axis, ArrayRef<double> scales,
                             unsigned bits, Keep keep) {
  const codes::LevelSet levels = levelsOf(bits);
  double signal = 0, noise = 0;
  forEachChannelRun(weights.values, weights.shape, axis,
                    [&](size_t channel, size_t first, ArrayRef<float> run) {
                      const double scale = scales[channel];
                      for (auto [index, real] : llvm::enumerate(run)) {
                        double weight = real, nearest = scale * levels.nearest(weight / scale);
                        signal += weight * weight;
                        noise += (weight - nearest) * (weight - nearest);
                        keep(first + index, float(nearest));
                      }
                    });
  return decibels(signal, noise);
}

RoundedWeights WeightRounder::round(const Layer &layer, const RealConstant &weights,
                                    unsigned bits) const {
  int64_t axis = outputAxis(layer.op);
  RoundedWeights rounded;
  rounded.scales = chooseWeightScales(weights, axis, bits);
  rounded.values.resize(weights.values.size());
  if (layer.moments)
    roundAdaptively(layer, weights, bits, rounded);
  else
    rounded.signalToNoise =
        roundToNearest(weights, axis, rounded.scales, bits,
                       [&](size_t index, float nearest) { rounded.values[index] = nearest; });
  return rounded;
}

void WeightRounder::roundAdaptively(const Layer &layer, const RealConstant &reals, unsigned bits,
                                    RoundedWeights &rounded) const {
  codes::LevelSet levels = levelsOf(bits);
  const LinearShape &shape = layer.shape;
  LinearRounder rounder(layer.op->getContext(), shape, *layer.moments);
  // Where one scale serves several outputs it stays; else what suits the outputs may be a little
  // off what suits the weights.
  bool ownScales = int64_t(rounded.scales.size()) == shape.outputs;
  SmallVector<double> factors{1.0};
  if (ownScales && bits <= 4)
    factors = {1.0, 0.85, 0.92, 1.08, 1.16};
  int64_t perScale = shape.outputs / int64_t(rounded.scales.size());
  double signal = 0, noise = 0;
  for (int64_t first = 0; first < shape.outputs; first += LinearRounder::fewOutputs) {
    const int64_t count = std::min(LinearRounder::fewOutputs, shape.outputs - first);
    std::vector<float> weights(size_t(count * shape.taps));
    for (int64_t output = 0; output < count; ++output)
      for (int64_t tap = 0; tap < shape.taps; ++tap)
        weights[size_t(output * shape.taps + tap)] =
            reals.values[shape.weightIndex(first + output, tap)];
    signal += rounder.energy(first, weights);
    std::vector<RoundedOutput> best;
    for (double factor : factors) {
      std::vector<double> scales;
      for (int64_t output = 0; output < count; ++output)
        scales.push_back(double(float(rounded.scales[(first + output) / perScale] * factor)));
      std::vector<RoundedOutput> trial = rounder.round(levels, first, weights, scales);
      if (best.empty())
        best = std::move(trial);
      else
        for (auto [chosen, other] : llvm::zip_equal(best, trial))
          if (other.error < chosen.error)
            chosen = std::move(other);
    }
    for (auto [output, chosen] : llvm::enumerate(best)) {
      noise += chosen.error;
      rounded.scales[(first + int64_t(output)) / perScale] = chosen.scale;
      for (int64_t tap = 0; tap < shape.taps; ++tap)
        rounded.values[shape.weightIndex(first + int64_t(output), tap)] =
            float(chosen.scale * chosen.integers[size_t(tap)]);
    }
  }
  rounded.signalToNoise = decibels(signal, noise);
}

/// The constant that is added to every output of a linear op: its bias, or the addition after it.
static OpOperand *findBias(Operation *op) {
  if (!isa<tosa::MatMulOp>(op))
    return &op->getOpOperand(2);
  Value result = op->getResult(0);
  while (result.hasOneUse() && keepsChannels(*result.user_begin()))
    result = result.user_begin()->getResult(0);
  auto add = result.hasOneUse() ? dyn_cast<tosa::AddOp>(*result.user_begin()) : nullptr;
  if (!add)
    return nullptr;
  OpOperand &constant = add->getOpOperand(add.getInput1() == result ? 1 : 0);
  return isConstant(constant.get()) ? &constant : nullptr;
}

/// Of what a layer reads, where that is an input of the model, moved or chosen from.
double WeightRounder::inputError(const Layer &layer) const {
  Value value = layer.op->getOperand(0);
  for (Operation *op = value.getDefiningOp(); op && (isMovement(op) || isa<tosa::MaxPool2dOp>(op));
       op = value.getDefiningOp())
    value = op->getOperand(0);
  return inputErrors.lookup(value);
}

void WeightRounder::correctBias(const Layer &layer, const RealConstant &weights,
                                const RoundedWeights &rounded) {
  OpOperand *bias = findBias(layer.op);
  auto reals = bias ? evaluateReals(bias->get()) : std::nullopt;
  if (!reals || int64_t(reals->values.size()) != layer.shape.outputs)
    return;
  std::vector<double> corrected(reals->values.begin(), reals->values.end());
  const double error = inputError(layer);
  for (int64_t output = 0; output < layer.shape.outputs; ++output) {
    double shift = 0;
    for (int64_t tap = 0; tap < layer.shape.taps; ++tap) {
      int64_t at = layer.shape.weightIndex(output, tap);
      shift -= double(rounded.values[at]) * error;
      shift += (weights.values[at] - double(rounded.values[at])) *
               layer.moments->mean(layer.shape.patchOffset(output) + tap);
    }
    corrected[size_t(output)] += float(shift);
  }
  OpBuilder builder(bias->getOwner());
  auto type = cast<RankedTensorType>(bias->get().getType());
  Elements elements = Elements::fromReals(type, corrected);
  bias->set(tosa::ConstOp::create(builder, layer.op->getLoc(), type,
                                  elements.getAttribute(layer.name + ".bias")));
}

/// Each op has its own pair of casts: ops of different kinds may share a constant.
void WeightRounder::insertCasts() {
  int64_t done = 0, total = 0;
  for (const Layer &layer : layers)
    total += layer.weightCount;
  auto report = [&](int64_t more) {
    done += more;
    if (options.roundingProgress)
      options.roundingProgress(done, total);
  };
  report(0);
  for (size_t index = 0; index < layers.size(); ++index) {
    Layer &layer = layers[index];
    Operation *op = layer.op;
    OpBuilder builder(op);
    int64_t axis = outputAxis(op);
    Value weights = op->getOperand(1);
    auto tensor = cast<RankedTensorType>(weights.getType());
    bool adaptive = layer.moments != nullptr;
    const RealConstant reals = weightsOf(op);
    RoundedWeights rounded;
    if (adaptive) {
      rounded = round(layer, reals, layer.bits);
      std::vector<char> bytes(rounded.values.size() * sizeof(float));
      std::memcpy(bytes.data(), rounded.values.data(), bytes.size());
      weights = tosa::ConstOp::create(
          builder, op->getLoc(), tensor,
          Elements(tensor, std::move(bytes)).getAttribute(layer.name + ".weights"));
      if (wantsInputErrors())
        correctBias(layer, reals, rounded);
    } else {
      // The casts round: values are not kept.
      rounded.scales = chooseWeightScales(reals, axis, layer.bits);
      if (options.weightsChosen)
        rounded.signalToNoise =
            roundToNearest(reals, axis, rounded.scales, layer.bits, [](size_t, float) {});
    }
    quant::QuantizedType type = weightType(op->getContext(), rounded.scales, axis, layer.bits);
    Value quantized =
        quant::QuantizeCastOp::create(builder, op->getLoc(), tensor.clone(type), weights);
    op->setOperand(1, quant::DequantizeCastOp::create(builder, op->getLoc(), tensor, quantized));
    op->setAttr(weightBitsAttrName, builder.getI32IntegerAttr(int32_t(layer.bits)));
    if (options.weightsChosen)
      options.weightsChosen(
          {layer.name, layer.bits, adaptive, weightCount(index), rounded.signalToNoise});
    report(layer.weightCount);
  }
}
