//===- QuantizationAccuracy.cpp - what quantization costs in accuracy -----===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes a model at stage `tosa` (`pimc MODEL.onnx --emit tosa`), calibrates it where it has no
// casts, quantizes it, and runs float and integer graph side by side on labelled data:
//
//   pim-bench-quantization model.mlir --calibrate train --test test --labels labels [--scale 1/255
//   ...]
//
// With --decompose also with one thing at a time left in floats, and how much of the error of the
// scores goes with it.
//
//===----------------------------------------------------------------------===//

#include "Decomposition.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "pim/Driver/CommandLine.h"
#include "pim/Elements/Ports.h"
#include "pim/Quantization/Calibration.h"
#include "pim/Quantization/Passes.h"
#include "pim/Runtime/Data/InputFeed.h"
#include "pim/Runtime/Graph/HostEvaluator.h"
#include "pim/Runtime/Graph/Quantize.h"
#include "pim/Support/Error.h"
#include "pim/TosaToGraph/TosaToGraph.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace mlir;
using namespace mlir::pim;
namespace cl = llvm::cl;
namespace graph = ::pim::graph;
namespace data = ::pim::data;

static cl::opt<std::string> input(cl::Positional, cl::Required, cl::desc("MODEL.mlir"));
static cl::list<std::string> calibrate("calibrate", cl::desc("Calibration data"));
static cl::opt<std::string> test("test", cl::Required, cl::desc("Test data"));
static cl::opt<std::string> labels("labels",
                                   cl::desc("Labels of the test data, where it has none"));
static cl::opt<std::string> scale("scale", cl::init("1"),
                                  cl::desc("Preprocessing of bytes: factor"));
static cl::opt<std::string> mean("mean", cl::desc("Preprocessing: mean"));
static cl::opt<std::string> deviation("std", cl::desc("Preprocessing: deviation"));
static cl::opt<std::string> layout("layout", cl::desc("Layout of the data: nhwc or nchw"));
static cl::opt<std::string> method("method", cl::init("mse"), cl::desc("Range of activations"));
static cl::opt<double> percentile("percentile", cl::init(99.99),
                                  cl::desc("For --method percentile"));
static cl::opt<int64_t> samples("samples", cl::init(256), cl::desc("Calibration samples"));
static cl::opt<std::string> weightBits("weight-bits", cl::init("8"),
                                       cl::desc("Bits of a weight, as pimc takes them"));
static cl::opt<int64_t> keepFirstLast("keep-first-last", cl::init(0),
                                      cl::desc("Layers of eight bits at either end"));
static cl::opt<double> maxAccuracyLoss("max-accuracy-loss", cl::init(0.5),
                                       cl::desc("For --weight-bits auto"));
static cl::opt<std::string> rounding("rounding", cl::init("auto"), cl::desc("Rounding of weights"));
static cl::opt<bool> wideAverages("wide-averages", cl::init(true), cl::desc("Average in 16 bits"));
static cl::opt<unsigned> activationBits("activation-bits", cl::init(8),
                                        cl::desc("Bits of an activation"));
static cl::opt<bool> narrowResults("narrow-results", cl::desc("Results as bytes, too"));
static cl::opt<bool> wideSums("wide-sums", cl::desc("32 bits for what is added up"));
static cl::opt<bool> noBiasCorrection("no-bias-correction", cl::desc("Leave biases alone"));
static cl::opt<int64_t> skip("skip", cl::init(0),
                             cl::desc("Test samples left out at the beginning"));
static cl::opt<std::string>
    decompose("decompose", cl::desc("What the error of the scores is of: kinds, or all (each "
                                    "activation too)"));
static cl::opt<int64_t> limit("limit", cl::init(INT64_MAX), cl::desc("Test samples used"));
static cl::opt<int64_t> labelOffset("label-offset", cl::init(0), cl::desc("Added to labels"));

namespace {

/// One graph with its input and output as reals.
class Runner {
public:
  explicit Runner(func::FuncOp function)
      : graph(*convertTosaToGraph(function)), evaluator(graph),
        in(typeOf(function.getArgAttr(0, quantAttrName))),
        out(typeOf(function.getResultAttr(0, quantAttrName))) {}

  std::vector<double> run(const std::vector<float> &values) {
    std::vector<int8_t> integers;
    auto bytes = std::as_bytes(std::span(values));
    if (in) {
      for (float value : values)
        integers.push_back(int8_t(graph::quantize(value, in.getScale(), in.getZeroPoint(),
                                                  in.getStorageTypeMin(), in.getStorageTypeMax())));
      bytes = std::as_bytes(std::span(integers));
    }
    graph::TensorView view = evaluator.run(std::span(&bytes, 1))[0];
    if (!out)
      return realsOf(view.values<float>());
    bool isNarrow = out.getStorageTypeIntegralWidth() == 8;
    return isNarrow ? realsOf(view.values<int8_t>()) : realsOf(view.values<int32_t>());
  }

private:
  static quant::UniformQuantizedType typeOf(Attribute attribute) {
    auto type = dyn_cast_or_null<TypeAttr>(attribute);
    return type ? cast<quant::UniformQuantizedType>(type.getValue())
                : quant::UniformQuantizedType();
  }

  template <typename T> std::vector<double> realsOf(std::span<const T> values) const {
    std::vector<double> reals;
    for (T value : values)
      reals.push_back(out ? graph::dequantize(value, out.getScale(), out.getZeroPoint())
                          : double(value));
    return reals;
  }

  graph::Graph graph;
  graph::HostEvaluator evaluator;
  quant::UniformQuantizedType in, out;
};

int64_t best(const std::vector<double> &values) {
  return std::max_element(values.begin(), values.end()) - values.begin();
}

func::FuncOp functionOf(ModuleOp module) { return *module.getOps<func::FuncOp>().begin(); }

std::vector<double> numbersOf(const cl::opt<std::string> &option) {
  std::vector<double> numbers;
  std::string problem;
  if (!parseNumberList(option, numbers, problem))
    ::pim::fail("--", option.ArgStr.str(), ": ", problem);
  return numbers;
}

double scaleOfBytes() {
  std::vector<double> numbers = numbersOf(scale);
  if (numbers.size() != 1)
    ::pim::fail("--scale '", scale, "': expected one number");
  return numbers[0];
}

/// The test samples as the model takes them.
class TestData {
public:
  explicit TestData(ModuleOp model) {
    graph::Graph shape = *convertTosaToGraph(functionOf(model));
    const graph::Tensor &port = shape.tensors[shape.inputs[0]];
    data::Preprocess preprocess{scaleOfBytes(), numbersOf(mean), numbersOf(deviation), layout};
    std::vector<data::InputSpec> specs{{port.name, port.shape}};
    std::vector<std::string> files{test};
    feeds = data::openInputs(files, specs, preprocess);
    truth = labels.empty() ? feeds[0].labels() : data::loadLabels(labels);
    int64_t there = data::sampleCount(feeds);
    if (hasLabels())
      there = std::min(there, int64_t(truth.size()));
    samples = std::clamp<int64_t>(there - skip, 0, limit);
    values.resize(size_t(feeds[0].elementsPerSample()));
  }

  int64_t count() const { return samples; }
  bool hasLabels() const { return !truth.empty(); }
  int64_t label(int64_t sample) const { return truth[size_t(skip + sample)] + labelOffset; }
  const std::vector<float> &read(int64_t sample) {
    feeds[0].read(skip + sample, values);
    return values;
  }

private:
  std::vector<data::InputFeed> feeds;
  std::vector<int64_t> truth;
  std::vector<float> values;
  int64_t samples = 0;
};

struct Scores {
  std::vector<std::vector<double>> samples;
  double seconds = 0;
};

Scores scoresOf(ModuleOp model, TestData &data) {
  Runner runner(functionOf(model));
  Scores scores;
  auto start = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < data.count(); ++i)
    scores.samples.push_back(runner.run(data.read(i)));
  scores.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return scores;
}

/// Energy of the error of the scores over that of the scores; what all of a sample's scores have in
/// common decides nothing and is left out.
double noiseOf(const Scores &exact, const Scores &found) {
  double signal = 0, noise = 0;
  for (auto [wanted, got] : llvm::zip(exact.samples, found.samples)) {
    double shift = 0, other = 0;
    for (auto [x, y] : llvm::zip(wanted, got)) {
      shift += x / double(wanted.size());
      other += y / double(wanted.size());
    }
    for (auto [x, y] : llvm::zip(wanted, got)) {
      signal += (x - shift) * (x - shift);
      noise += (x - shift - y + other) * (x - shift - y + other);
    }
  }
  return noise / std::max(signal, 1e-30);
}

/// `found` without the mean of its error in each score.
Scores withoutMeanError(const Scores &exact, Scores found) {
  if (found.samples.empty())
    return found;
  std::vector<double> means(found.samples[0].size(), 0);
  for (auto [wanted, got] : llvm::zip(exact.samples, found.samples))
    for (size_t i = 0; i < means.size(); ++i)
      means[i] += (got[i] - wanted[i]) / double(found.samples.size());
  for (std::vector<double> &got : found.samples)
    for (size_t i = 0; i < means.size(); ++i)
      got[i] -= means[i];
  return found;
}

/// `found` times the factor that brings it nearest to `exact`.
Scores withoutFactor(const Scores &exact, Scores found) {
  double product = 0, square = 0;
  for (auto [wanted, got] : llvm::zip(exact.samples, found.samples))
    for (auto [x, y] : llvm::zip(wanted, got)) {
      product += x * y;
      square += y * y;
    }
  for (std::vector<double> &got : found.samples)
    for (double &y : got)
      y *= product / std::max(square, 1e-30);
  return found;
}

double decibels(double noise) { return -10 * std::log10(std::max(noise, 1e-30)); }

LogicalResult quantize(ModuleOp module) {
  PassManager manager(module.getContext());
  QuantizeOptions quantizeOptions;
  quantizeOptions.wideAverages = wideAverages;
  manager.addPass(createQuantize(quantizeOptions));
  return manager.run(module);
}

void measure(const Scores &exact, const Scores &found, const TestData &data) {
  int64_t correct[2] = {0, 0}, agree = 0;
  for (int64_t i = 0; i < data.count(); ++i) {
    int64_t classes[2] = {best(exact.samples[i]), best(found.samples[i])};
    for (int k = 0; k < 2; ++k)
      correct[k] += data.hasLabels() && classes[k] == data.label(i);
    agree += classes[0] == classes[1];
  }
  auto percent = [&](int64_t n) {
    return llvm::format("%.2f", 100.0 * double(n) / double(data.count()));
  };
  llvm::outs() << "samples " << data.count();
  if (data.hasLabels())
    llvm::outs() << "  float " << percent(correct[0]) << "  integer " << percent(correct[1]);
  llvm::outs() << "  same class " << percent(agree) << "  sqnr "
               << llvm::format("%.2f", decibels(noiseOf(exact, found))) << " dB  float s "
               << llvm::format("%.1f", exact.seconds) << "  integer s "
               << llvm::format("%.1f", found.seconds) << "\n";
}

void measureParts(ModuleOp original, ModuleOp calibrated, const Scores &exact, const Scores &found,
                  TestData &data) {
  double noise = noiseOf(exact, found);
  auto printRest = [&](StringRef name, double rest) {
    llvm::outs() << llvm::format("%6.2f dB  %6.1f %%  ", decibels(rest), 100 * (1 - rest / noise))
                 << name << "\n";
  };
  auto print = [&](StringRef name, ModuleOp module) {
    printRest(name, noiseOf(exact, scoresOf(module, data)));
  };
  printRest("mean error of each score", noiseOf(exact, withoutMeanError(exact, found)));
  printRest("factor common to all scores", noiseOf(exact, withoutFactor(exact, found)));
  print("arithmetic of integers", calibrated);
  visitRelaxed(original, calibrated, decompose == "all", [&](StringRef name, ModuleOp relaxed) {
    if (succeeded(quantize(relaxed)))
      print(name, relaxed);
  });
}

int run() {
  MLIRContext context;
  context.loadDialect<func::FuncDialect, quant::QuantDialect, tosa::TosaDialect>();
  auto original = parseSourceFile<ModuleOp>(input, &context);
  if (!original)
    return 1;
  OwningOpRef<ModuleOp> quantized(original->clone());
  if (needsCalibration(*quantized)) {
    CalibrationOptions options;
    options.data.assign(calibrate.begin(), calibrate.end());
    options.preprocess = {scaleOfBytes(), numbersOf(mean), numbersOf(deviation), layout};
    options.samples = samples;
    options.percentile = percentile;
    try {
      parseWeightBits(weightBits, options);
    } catch (const ::pim::Error &error) {
      llvm::errs() << "pim-bench-quantization: error: --weight-bits " << error.what() << "\n";
      return 1;
    }
    auto chosenRounding = parseRounding(rounding);
    if (!chosenRounding) {
      llvm::errs() << "pim-bench-quantization: error: --rounding '" << rounding
                   << "' is unknown, expected auto, nearest or adaptive\n";
      return 1;
    }
    options.rounding = *chosenRounding;
    options.keepFirstLast = keepFirstLast;
    options.maxAccuracyLoss = maxAccuracyLoss;
    options.weightsChosen = [](const WeightChoice &choice) {
      llvm::errs() << llvm::format("%-32s %u bits %s %6.1f dB\n", choice.layer.c_str(), choice.bits,
                                   choice.adaptive ? "adaptive" : "nearest ", choice.signalToNoise);
    };
    options.sensitivityMeasured = [](const BitSensitivity &trial) {
      llvm::errs() << llvm::format("  trial %-32s %u bits: %.3f points\n", trial.layer.c_str(),
                                   trial.bits, trial.accuracyLoss);
    };
    options.activationBits = activationBits;
    options.narrowResults = narrowResults;
    options.wideSums = wideSums;
    options.biasCorrection = !noBiasCorrection;
    auto range = parseRangeMethod(method);
    if (!range) {
      llvm::errs() << "unknown method '" << method << "'\n";
      return 2;
    }
    options.method = *range;
    if (failed(calibrateAndInsertQuantization(*quantized, options)))
      return 1;
  }
  OwningOpRef<ModuleOp> calibrated(quantized->clone());
  if (failed(quantize(*quantized)))
    return 1;
  TestData data(*original);
  Scores exact = scoresOf(*original, data), found = scoresOf(*quantized, data);
  measure(exact, found, data);
  if (!decompose.empty())
    measureParts(*original, *calibrated, exact, found, data);
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "accuracy of a model before and after quantization\n");
  try {
    return run();
  } catch (const ::pim::Error &error) {
    llvm::errs() << "pim-bench-quantization: error: " << error.what() << "\n";
    return 1;
  }
}
