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
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "pim/Elements/Ports.h"
#include "pim/Quantization/Calibration.h"
#include "pim/Quantization/Passes.h"
#include "pim/Quantization/QuantParams.h"
#include "pim/Runtime/Data/InputFeed.h"
#include "pim/Runtime/Graph/HostEvaluator.h"
#include "pim/Runtime/Graph/ReferenceEvaluator.h"
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
static cl::opt<double> scale("scale", cl::init(1), cl::desc("Preprocessing of bytes: factor"));
static cl::list<double> mean("mean", cl::CommaSeparated, cl::desc("Preprocessing: mean"));
static cl::list<double> deviation("std", cl::CommaSeparated, cl::desc("Preprocessing: deviation"));
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
static cl::opt<bool> wideAverages("wide-averages", cl::desc("Average in 16 bits"));
static cl::opt<unsigned> activationBits("activation-bits", cl::init(8),
                                        cl::desc("Bits of an activation"));
static cl::opt<int64_t> limit("limit", cl::init(INT64_MAX), cl::desc("Test samples used"));
static cl::opt<int64_t> labelOffset("label-offset", cl::init(0), cl::desc("Added to labels"));

namespace {

/// One graph with its input and output as reals.
class Runner {
public:
  explicit Runner(func::FuncOp function)
      : graph(*convertTosaToGraph(function)), evaluator(graph),
        in(params(function, function.getArgAttr(0, quantAttrName))),
        out(params(function, function.getResultAttr(0, quantAttrName))) {}

  std::vector<double> run(const std::vector<float> &values) {
    std::vector<int8_t> integers;
    auto bytes = std::as_bytes(std::span(values));
    if (in) {
      for (float value : values)
        integers.push_back(int8_t(in->quantize(value)));
      bytes = std::as_bytes(std::span(integers));
    }
    graph::TensorView view = evaluator.run(std::span(&bytes, 1))[0];
    std::vector<double> reals;
    if (out)
      for (int8_t value : view.values<int8_t>())
        reals.push_back(out->dequantize(value));
    else
      for (float value : view.values<float>())
        reals.push_back(value);
    return reals;
  }

private:
  static std::optional<QuantParams> params(func::FuncOp function, Attribute attribute) {
    auto type = dyn_cast_or_null<TypeAttr>(attribute);
    if (!type)
      return std::nullopt;
    return *getQuantParams(cast<quant::QuantizedType>(type.getValue()), function.getLoc());
  }

  graph::Graph graph;
  graph::HostEvaluator evaluator;
  std::optional<QuantParams> in, out;
};

struct Score {
  int64_t correct = 0;
  double seconds = 0;
};

int64_t best(const std::vector<double> &values) {
  return std::max_element(values.begin(), values.end()) - values.begin();
}

func::FuncOp functionOf(ModuleOp module) { return *module.getOps<func::FuncOp>().begin(); }

void measure(ModuleOp original, ModuleOp quantized) {
  Runner before(functionOf(original)), after(functionOf(quantized));
  graph::Graph shape = *convertTosaToGraph(functionOf(original));
  const graph::Tensor &port = shape.tensors[shape.inputs[0]];
  data::Preprocess preprocess{
      scale, {mean.begin(), mean.end()}, {deviation.begin(), deviation.end()}, layout};
  std::vector<data::InputSpec> specs{{port.name, port.shape}};
  std::vector<std::string> files{test};
  auto feeds = data::openInputs(files, specs, preprocess);
  std::vector<int64_t> truth = labels.empty() ? feeds[0].labels() : data::loadLabels(labels);
  int64_t count = std::min<int64_t>({data::sampleCount(feeds), int64_t(truth.size()), limit});
  std::vector<float> values(size_t(feeds[0].elementsPerSample()));
  Runner *runners[] = {&before, &after};
  Score scores[2];
  int64_t agree = 0;
  double signal = 0, noise = 0;
  for (int64_t i = 0; i < count; ++i) {
    feeds[0].read(i, values);
    std::vector<double> outputs[2];
    for (auto [runner, score, output] : llvm::zip(runners, scores, outputs)) {
      auto start = std::chrono::steady_clock::now();
      output = runner->run(values);
      score.seconds +=
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      score.correct += best(output) == truth[i] + labelOffset;
    }
    agree += best(outputs[0]) == best(outputs[1]);
    for (auto [expected, found] : llvm::zip(outputs[0], outputs[1])) {
      signal += expected * expected;
      noise += (expected - found) * (expected - found);
    }
  }
  auto percent = [&](int64_t n) { return llvm::format("%.2f", 100.0 * double(n) / double(count)); };
  llvm::outs() << "samples " << count << "  float " << percent(scores[0].correct) << "  integer "
               << percent(scores[1].correct) << "  same class " << percent(agree) << "  sqnr "
               << llvm::format("%.1f", 10 * std::log10(signal / std::max(noise, 1e-30)))
               << " dB  float s " << llvm::format("%.1f", scores[0].seconds) << "  integer s "
               << llvm::format("%.1f", scores[1].seconds) << "\n";
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
    options.preprocess = {
        scale, {mean.begin(), mean.end()}, {deviation.begin(), deviation.end()}, layout};
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
    auto range = parseRangeMethod(method);
    if (!range) {
      llvm::errs() << "unknown method '" << method << "'\n";
      return 2;
    }
    options.method = *range;
    if (failed(calibrateAndInsertQuantization(*quantized, options)))
      return 1;
  }
  PassManager manager(&context);
  QuantizeOptions quantizeOptions;
  quantizeOptions.wideAverages = wideAverages;
  manager.addPass(createQuantize(quantizeOptions));
  if (failed(manager.run(*quantized)))
    return 1;
  measure(*original, *quantized);
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
