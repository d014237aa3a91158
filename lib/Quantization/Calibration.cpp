//===- Calibration.cpp - post-training quantization on data ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tested by test/Quantization/insert-quantization*.mlir and unittests/Quantization.
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/Calibration.h"

#include "Constants.h"
#include "FloatOps.h"
#include "Placement.h"
#include "SampleSource.h"
#include "WeightBits.h"
#include "WeightRounder.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "pim/Quantization/Histogram.h"
#include "pim/Quantization/QuantParams.h"
#include "pim/Runtime/Graph/HostEvaluator.h"
#include "pim/Support/Error.h"
#include "pim/TosaToGraph/TosaToGraph.h"
#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

std::optional<RangeMethod> mlir::pim::parseRangeMethod(StringRef text) {
  return llvm::StringSwitch<std::optional<RangeMethod>>(text)
      .Case("min-max", RangeMethod::MinMax)
      .Case("percentile", RangeMethod::Percentile)
      .Case("mse", RangeMethod::Mse)
      .Case("entropy", RangeMethod::Entropy)
      .Default(std::nullopt);
}

StringRef mlir::pim::rangeMethodName(RangeMethod method) {
  switch (method) {
  case RangeMethod::MinMax:
    return "min-max";
  case RangeMethod::Percentile:
    return "percentile";
  case RangeMethod::Mse:
    return "mse";
  case RangeMethod::Entropy:
    return "entropy";
  }
  return "";
}

bool mlir::pim::needsCalibration(ModuleOp module) {
  // Integer TOSA, as other front ends make of quantized models, rescales its sums.
  bool hasFloats = false, isQuantized = false;
  module.walk([&](Operation *op) {
    hasFloats |= llvm::any_of(op->getResultTypes(),
                              [](Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); });
    isQuantized |= isa<quant::QuantizeCastOp, quant::DequantizeCastOp, tosa::RescaleOp>(op);
  });
  return hasFloats && !isQuantized;
}

namespace {

/// Calibrates one function.
class Calibrator {
public:
  Calibrator(func::FuncOp function, const CalibrationOptions &options)
      : function(function), options(options),
        placement(function, options.narrowResults, options.wideSums),
        weights(placement.linearOps(), options, !options.data.empty()) {}

  LogicalResult run();

private:
  LogicalResult collect();
  LogicalResult collectFrom(const graph::Graph &graph, const TensorOfValue &tensors);
  SmallVector<Value> correctedInputs() const;
  void measureInputErrors(SampleSource &samples, ArrayRef<Value> arguments);
  void countRead();
  void castActivations();
  std::vector<SmallVector<size_t>> layersByInput(const graph::Graph &graph,
                                                 const TensorOfValue &tensors) const;
  void insertCasts(OpBuilder &builder, Value value, quant::QuantizedType type);
  bool isBorder(Value value) const;
  QuantParams paramsOf(Value value);

  func::FuncOp function;
  const CalibrationOptions &options;
  Placement placement;
  DenseMap<Value, Histogram> histograms;
  WeightRounder weights; // of placement.linearOps()
  int64_t reads = 0, readsInAll = 0;
};

LogicalResult Calibrator::run() {
  // Weights first: a bad one is then reported as itself and not as what it makes of an activation.
  if (failed(weights.load()) || failed(collect()))
    return failure();
  weights.insertCasts();
  castActivations();
  return success();
}

LogicalResult Calibrator::collect() {
  TensorOfValue tensors;
  FailureOr<graph::Graph> graph = convertTosaToGraph(function, &tensors);
  if (failed(graph))
    return failure();
  try {
    return collectFrom(*graph, tensors);
  } catch (const ::pim::Error &error) {
    return function.emitError() << error.what();
  }
}

LogicalResult Calibrator::collectFrom(const graph::Graph &graph, const TensorOfValue &tensors) {
  SampleSource samples(graph, options);
  if (samples.isRandom())
    emitWarning(function.getLoc())
        << "no calibration data: activation ranges come from " << samples.describe()
        << " and may cost accuracy; give real inputs with --calibrate";

  // Which histogram sees which tensor, and after what to call it in errors. Of what stays a sum it
  // is only to be seen that it is finite.
  std::vector<Histogram *> observers(graph.tensors.size(), nullptr);
  std::vector<Location> locations(graph.tensors.size(), function.getLoc());
  SmallVector<Value> watched(placement.activations());
  llvm::append_range(watched, placement.sums());
  for (Value value : watched)
    histograms.try_emplace(value);
  for (Value value : watched) {
    observers[tensors.lookup(value)] = &histograms[value];
    if (Operation *op = value.getDefiningOp())
      locations[tensors.lookup(value)] = op->getLoc();
  }

  std::vector<SmallVector<size_t>> layers = layersByInput(graph, tensors);
  graph::HostEvaluator evaluator(graph);
  int64_t sample = 0;
  // Bits are tried on samples that no rounding has seen, which then sees them too.
  bool isLate = false;
  auto isKeptBack = [&](int64_t sample) {
    return options.automaticWeightBits && samples.count() > 1 &&
           isForTrials(sample, samples.count());
  };
  LogicalResult result = success();
  evaluator.setObserver([&](int tensor, const graph::TensorView &view) {
    if (failed(result))
      return;
    if (isKeptBack(sample) == isLate)
      for (size_t layer : layers[tensor])
        weights.addInput(layer, view.values<float>());
    if (isLate || !observers[tensor])
      return;
    int64_t bad = observers[tensor]->add(view.values<float>());
    if (bad >= 0)
      result = emitError(locations[tensor])
               << "'" << graph.tensors[tensor].name << "' has the value "
               << realText(view.values<float>()[bad]) << " at element " << bad
               << " for calibration sample " << sample
               << ", expected finite activations; check the model and the preprocessing";
  });
  std::vector<std::span<const std::byte>> inputs;
  const SmallVector<Value> corrected = correctedInputs();
  readsInAll = samples.count() * (corrected.empty() ? 1 : 2);
  for (; sample < samples.count() && succeeded(result); ++sample) {
    samples.read(sample, inputs);
    evaluator.run(inputs);
    countRead();
  }
  if (failed(result))
    return result;
  if (!corrected.empty())
    measureInputErrors(samples, corrected);
  if (!options.automaticWeightBits)
    return result;
  if (failed(chooseWeightBits(function, graph, tensors, samples, options, weights)))
    return failure();
  isLate = true;
  for (sample = 0; sample < samples.count(); ++sample)
    if (isKeptBack(sample)) {
      samples.read(sample, inputs);
      evaluator.run(inputs);
    }
  confirmWeightBits(graph, tensors, samples, options, weights);
  return result;
}

void Calibrator::countRead() {
  if (options.progress)
    options.progress(++reads, readsInAll);
}

/// The inputs whose mean error biases will make up for.
SmallVector<Value> Calibrator::correctedInputs() const {
  SmallVector<Value> inputs;
  if (weights.wantsInputErrors())
    for (Value value : placement.activations())
      if (isa<BlockArgument>(value))
        inputs.push_back(value);
  return inputs;
}

/// Values that the model takes can lie on a grid, as those that were bytes do. If zero is not on
/// it, all are off by the same when they are quantized, which rounding alone does not make up for.
/// Reads all samples once more, since the grid of the integers follows from all of them.
void Calibrator::measureInputErrors(SampleSource &samples, ArrayRef<Value> arguments) {
  std::vector<std::span<const std::byte>> inputs;
  SmallVector<QuantParams> params;
  for (Value argument : arguments)
    params.push_back(paramsOf(argument));
  SmallVector<double> sums(arguments.size(), 0), counts(arguments.size(), 0);
  for (int64_t sample = 0; sample < samples.count(); ++sample) {
    samples.read(sample, inputs);
    for (auto [argument, param, sum, count] : llvm::zip(arguments, params, sums, counts)) {
      std::span<const std::byte> bytes = inputs[cast<BlockArgument>(argument).getArgNumber()];
      std::span values(reinterpret_cast<const float *>(bytes.data()), bytes.size() / sizeof(float));
      for (double value : values)
        sum += param.dequantize(param.quantize(value)) - value;
      count += double(values.size());
    }
    countRead();
  }
  for (auto [argument, sum, count] : llvm::zip(arguments, sums, counts))
    weights.setInputError(argument, sum / std::max(count, 1.0));
}

/// Which layers want to see a tensor.
std::vector<SmallVector<size_t>> Calibrator::layersByInput(const graph::Graph &graph,
                                                           const TensorOfValue &tensors) const {
  std::vector<SmallVector<size_t>> layers(graph.tensors.size());
  for (size_t layer = 0; layer < weights.count(); ++layer)
    if (weights.wantsInputs(layer))
      layers[tensors.lookup(weights.op(layer)->getOperand(0))].push_back(layer);
  return layers;
}

/// Inputs have the range of their data, and clipped outputs could tie where one should win.
bool Calibrator::isBorder(Value value) const {
  if (isa<BlockArgument>(value))
    return true;
  while (value.hasOneUse()) {
    Operation *user = *value.user_begin();
    if (isa<func::ReturnOp>(user))
      return true;
    if (!isMovement(user))
      return false;
    value = user->getResult(0);
  }
  return false;
}

void Calibrator::insertCasts(OpBuilder &builder, Value value, quant::QuantizedType type) {
  builder.setInsertionPointAfterValue(value);
  auto tensor = cast<RankedTensorType>(value.getType());
  auto quantized =
      quant::QuantizeCastOp::create(builder, value.getLoc(), tensor.clone(type), value);
  auto back = quant::DequantizeCastOp::create(builder, value.getLoc(), tensor, quantized);
  value.replaceAllUsesExcept(back, quantized);
}

/// Whether nothing but the sign of `value` is read.
static bool isReadForSign(Value value) {
  return !value.use_empty() && llvm::all_of(value.getUsers(), [](Operation *user) {
    if (isMovement(user))
      return isReadForSign(user->getResult(0));
    auto custom = dyn_cast<tosa::CustomOp>(user);
    return custom && custom->getNumOperands() == 1 &&
           (custom.getOperatorName() == "BipolarQuant" || custom.getOperatorName() == "Sign");
  });
}

/// Of the largest value that is read for its sign: steps fine enough for no small value to become
/// 0, and coarse enough for all to fit 32 bits before they are clamped.
static constexpr double signStep = 0x1p-24;

QuantParams Calibrator::paramsOf(Value value) {
  RangeMethod method = isBorder(value) ? RangeMethod::MinMax : options.method;
  if (!isReadForSign(value)) {
    auto [low, high] = histograms[value].range(method, options.percentile, options.activationBits);
    return chooseQuantParams(low, high, options.activationBits);
  }
  auto [low, high] =
      histograms[value].range(RangeMethod::MinMax, options.percentile, options.activationBits);
  unsigned bits = std::max(options.activationBits, 2u); // either sign
  double last = std::max(-low, high) * signStep * std::ldexp(1.0, int(bits) - 1);
  return chooseQuantParams(-last, last, bits);
}

void Calibrator::castActivations() {
  OpBuilder builder(function.getContext());
  // Decided for all first: casts change what follows a value.
  SmallVector<std::pair<Value, QuantParams>> decided;
  for (Value value : placement.activations())
    decided.push_back({value, paramsOf(value)});
  for (auto &[value, params] : decided)
    insertCasts(builder, value, params.type(function.getContext()));
}

LogicalResult checkOptions(ModuleOp module, const CalibrationOptions &options) {
  if (options.weightBits < 1 || options.weightBits > 8)
    return module.emitError() << "weights of " << options.weightBits
                              << " bits are not possible, expected 1 to 8";
  if (options.activationBits < 1 || options.activationBits > 8)
    return module.emitError() << "activations of " << options.activationBits
                              << " bits are not possible, expected 1 to 8";
  if (options.automaticWeightBits && options.data.empty())
    return module.emitError() << "weight bits cannot be chosen automatically without calibration "
                                 "data; give some with --calibrate";
  if (options.samples < 1)
    return module.emitError() << "calibration with " << options.samples
                              << " samples is not possible, expected at least 1";
  if (!(options.percentile > 0 && options.percentile <= 100))
    return module.emitError() << "percentile " << realText(options.percentile)
                              << " is not possible, expected more than 0 and at most 100";
  return success();
}

} // namespace

LogicalResult mlir::pim::calibrateAndInsertQuantization(ModuleOp module,
                                                        const CalibrationOptions &options) {
  if (failed(checkOptions(module, options)))
    return failure();
  module->getContext()->loadDialect<quant::QuantDialect>();
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    if (!llvm::hasSingleElement(function.getBody()))
      return function.emitError() << "has " << function.getBody().getBlocks().size()
                                  << " blocks, expected one";
    if (failed(Calibrator(function, options).run()))
      return failure();
  }
  auto i32 = IntegerType::get(module.getContext(), 32);
  module->setAttr(weightBitsAttrName, IntegerAttr::get(i32, options.weightBits));
  module->setAttr(activationBitsAttrName, IntegerAttr::get(i32, options.activationBits));
  return success();
}
