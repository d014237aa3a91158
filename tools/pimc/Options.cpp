//===- Options.cpp - the command line of pimc -----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "pim/Driver/CommandLine.h"
#include "pim/Driver/Progress.h"
#include "llvm/Support/CommandLine.h"

using namespace llvm;
using mlir::pim::Stage;

static cl::OptionCategory modelCategory("Model");
static cl::OptionCategory quantizationCategory("Quantization");
static cl::OptionCategory preprocessCategory("Preprocessing of raw bytes (recorded for pim-run)");
static cl::OptionCategory chipCategory("Chip");
static cl::OptionCategory outputCategory("Output");

static cl::opt<std::string> input(cl::Positional, cl::desc("MODEL.{onnx,mlir}"),
                                  cl::cat(modelCategory));
static cl::list<std::string>
    inputShapes("input-shape", cl::value_desc("NAME=1x3x224x224"),
                cl::desc("Shape of an input whose dimensions the model leaves open (repeatable)"),
                cl::cat(modelCategory));

static cl::opt<std::string> weightBits(
    "weight-bits", cl::init("8"), cl::value_desc("N[,LAYER=N...]|auto"),
    cl::desc("Bits of a weight, 1 to 8 (default 8), also by layer (name, pattern or #position), or "
             "as few as --max-accuracy-loss allows"),
    cl::cat(quantizationCategory));
static cl::opt<std::string>
    keepFirstLast("keep-first-last", cl::init("0"), cl::value_desc("N"),
                  cl::desc("Keep eight bits in the first and last N layers (default 0)"),
                  cl::cat(quantizationCategory));
static cl::opt<std::string>
    maxAccuracyLoss("max-accuracy-loss", cl::init("0.5"), cl::value_desc("P"),
                    cl::desc("Points of top-1 that --weight-bits auto may cost (default 0.5)"),
                    cl::cat(quantizationCategory));
static cl::opt<std::string>
    rounding("rounding", cl::init("auto"), cl::value_desc("METHOD"),
             cl::desc("How weights are rounded: nearest; adaptive, where the other weights of an "
                      "output make up for each error; auto (default): adaptive with --calibrate"),
             cl::cat(quantizationCategory));
static cl::opt<bool> noBiasCorrection("no-bias-correction",
                                      cl::desc("Leave biases alone when rounding is adaptive"),
                                      cl::cat(quantizationCategory));
static cl::opt<bool>
    equalize("equalize",
             cl::desc("Before quantization, give each channel between two layers the scale "
                      "that makes its largest weights alike in both"),
             cl::cat(quantizationCategory));
static cl::opt<std::string> activationBits("activation-bits", cl::init("8"), cl::value_desc("N"),
                                           cl::desc("Bits of an activation, 1 to 8 (default 8)"),
                                           cl::cat(quantizationCategory));
static cl::opt<bool> narrowResults(
    "narrow-results",
    cl::desc("Give the results of the last matrix operators the bits of an activation, "
             "too; without it they stay sums of 32 bits"),
    cl::cat(quantizationCategory));
static cl::opt<bool>
    wideSums("wide-sums",
             cl::desc("Keep what a matrix operator gives a sum of two tensors, as in residual "
                      "blocks, in 32 bits: less noise for some energy"),
             cl::cat(quantizationCategory));
static cl::list<std::string> calibrate(
    "calibrate", cl::value_desc("[NAME=]DATA"),
    cl::desc("Sample inputs that the ranges of the activations are taken from: .npy, .npz, "
             ".pb, MNIST idx or CIFAR-10 binary (repeatable, one for each input)"),
    cl::cat(quantizationCategory));
static cl::opt<std::string> calibrationSamples("calibration-samples", cl::init("256"),
                                               cl::value_desc("N"),
                                               cl::desc("Use at most N samples (default 256)"),
                                               cl::cat(quantizationCategory));
static cl::opt<std::string> calibrationMethod(
    "calibration-method", cl::init("mse"), cl::value_desc("METHOD"),
    cl::desc("How a range is chosen: mse (default), percentile, entropy or min-max"),
    cl::cat(quantizationCategory));
static cl::opt<std::string>
    percentile("calibration-percentile", cl::init("99.99"), cl::value_desc("P"),
               cl::desc("Share of the values that the percentile method keeps "
                        "(default 99.99)"),
               cl::cat(quantizationCategory));
static cl::opt<std::string>
    prune("prune", cl::value_desc("PATTERNS"),
          cl::desc("Project the weights to patterns of zeros before quantization: "
                   "filter=0.5,column=0.3,pattern=4/9,block=8x4@0.5,nm=2:4; by layer with "
                   "NAME:... or #INDEX:... after a semicolon"),
          cl::cat(quantizationCategory));
static cl::opt<std::string> weightCode(
    "weight-code", cl::value_desc("CODE|auto"),
    cl::desc("Levels of the weights: fixed:B, window:S, run:S, pot, apot:B, ternary; by "
             "layer with NAME=CODE or #INDEX=CODE after a semicolon; or auto, the fewest "
             "bits within the error budget (default: all integers)"),
    cl::cat(quantizationCategory));
static cl::opt<std::string>
    errorBudget("error-budget", cl::init("0.01"), cl::value_desc("E"),
                cl::desc("Squared error of a layer's results over their squares that --weight-code "
                         "auto may cause (default 0.01)"),
                cl::cat(quantizationCategory));
static cl::opt<std::string> seed("seed", cl::init("1"), cl::value_desc("N"),
                                 cl::desc("Seed of everything that is drawn at random (default 1)"),
                                 cl::cat(quantizationCategory));
static cl::opt<std::string>
    scale("scale", cl::init("1"), cl::value_desc("S"),
          cl::desc("Raw bytes become (byte*S - mean)/std; 1/255 is accepted "
                   "(default 1)"),
          cl::cat(preprocessCategory));
static cl::opt<std::string> mean("mean", cl::value_desc("M,..."),
                                 cl::desc("Mean, one value or one for each channel (default 0)"),
                                 cl::cat(preprocessCategory));
static cl::opt<std::string> standardDeviation("std", cl::value_desc("D,..."),
                                              cl::desc("Standard deviation, likewise (default 1)"),
                                              cl::cat(preprocessCategory));
static cl::opt<std::string> layout("layout", cl::value_desc("nhwc|nchw"),
                                   cl::desc("Layout of image data where the file does not say it"),
                                   cl::cat(preprocessCategory));

static cl::opt<std::string> target("target", cl::init("sot-and"), cl::value_desc("NAME|FILE.yaml"),
                                   cl::desc("The chip, one of targets/ or a file of yours (default "
                                            "sot-and)"),
                                   cl::cat(chipCategory));
static cl::list<std::string>
    settings("set", cl::value_desc("KEY=VALUE"),
             cl::desc("Change a key of the target before the program is made for it, e.g. "
                      "array.rows=64 (repeatable)"),
             cl::cat(chipCategory));
static cl::opt<bool> listTargets("list-targets", cl::desc("List the chips of targets/, and end"),
                                 cl::cat(chipCategory));
static cl::opt<bool> printTarget("print-target",
                                 cl::desc("Print each key of the target with its value, meaning "
                                          "and legal values, and end"),
                                 cl::cat(chipCategory));

static cl::opt<std::string>
    fragmentSigns("fragment-signs", cl::init("0"), cl::value_desc("N"),
                  cl::desc("Store magnitudes, and a sign for each output and N rows of the matrix, "
                           "where the weights allow it (--prune polarize=1xN makes them)"),
                  cl::cat(chipCategory));
static cl::opt<std::string>
    squeeze("squeeze", cl::init("0"), cl::value_desc("N|auto"),
            cl::desc("Planes to free at the top of each tile, or as many as the budget allows "
                     "(default 0); needs mapping.slicing: arrays"),
            cl::cat(chipCategory));
static cl::opt<std::string>
    squeezeBudget("squeeze-budget", cl::init("0.001"), cl::value_desc("E"),
                  cl::desc("Squared error of a layer's weights over their squares that --squeeze "
                           "auto may cause (default 0.001)"),
                  cl::cat(chipCategory));
static cl::opt<std::string> optimize(
    "optimize", cl::init("throughput"), cl::value_desc("OBJECTIVE"),
    cl::desc("What the mapping is to be good at: throughput (default), latency, energy, or arrays: "
             "the fewest arrays and cores, layer after layer"),
    cl::cat(chipCategory));
static cl::opt<std::string> vectorLayers(
    "vector-layers", cl::init("auto"), cl::value_desc("WHERE"),
    cl::desc("Where layers without arrays run: auto (default; on the vector unit, or on the host "
             "where that takes less time), chip, or host. What the vector unit cannot do is the "
             "host's in any case"),
    cl::cat(chipCategory));
static cl::opt<std::string> arrayBudget(
    "array-budget", cl::value_desc("N|Mx"),
    cl::desc(
        "Arrays that copies of slow layers may bring the model to, for throughput and latency: "
        "a number, or a multiple of the fewest such as 2x (default: no copies)"),
    cl::cat(chipCategory));
static cl::opt<bool> noSharedArrays(
    "no-shared-arrays",
    cl::desc("Give each layer arrays of its own with --optimize arrays too, which is faster"),
    cl::cat(chipCategory));

static cl::opt<std::string> output("o", cl::value_desc("FILE"),
                                   cl::desc("What is made; - for standard output"),
                                   cl::cat(outputCategory));
static cl::opt<std::string> emit(
    "emit", cl::init("binary"), cl::value_desc("STAGE"),
    cl::desc("Stop at a stage and print it: onnx (nodes as imported), tosa (float TOSA, channels "
             "last), quant (integer TOSA), pim (weight-stationary operations in layers), mapped "
             "(layers sliced, tiled, placed and scheduled), isa (instructions as IR), binary (the "
             "program, default)"),
    cl::cat(outputCategory));
static cl::opt<std::string> explain("explain", cl::ValueOptional, cl::value_desc("LAYER"),
                                    cl::desc("Draw the mapping of a layer, or of all, as text"),
                                    cl::cat(outputCategory));
static cl::opt<std::string> report("report", cl::value_desc("FILE.json"),
                                   cl::desc("Write a report of the mapping and of what it took"),
                                   cl::cat(outputCategory));
static cl::opt<std::string> jobs("j", cl::init("0"), cl::value_desc("N"),
                                 cl::desc("Threads (default 0: all)"), cl::cat(outputCategory));
static cl::opt<bool> quiet("quiet", cl::desc("Print errors and warnings only"),
                           cl::cat(outputCategory));

/// Of the eight planes that a weight has at most, one stays.
static constexpr unsigned mostSqueezedPlanes = 7;
/// Word lines of the tallest array.
static constexpr int64_t mostFragmentRows = 4096;

static int usageError(const Twine &message) {
  errs() << "pimc: error: " << message << "; see pimc --help\n";
  return mlir::pim::usageStatus;
}

/// "NAME=1x3x224x224" into `shapes`; false if it is not of that form.
static bool parseShape(StringRef text, std::map<std::string, std::vector<int64_t>> &shapes) {
  // Names of values may hold a '=', shapes never do.
  auto [name, dimensions] = text.rsplit('=');
  if (name.empty() || dimensions.empty())
    return false;
  SmallVector<StringRef> parts;
  dimensions.split(parts, 'x');
  std::vector<int64_t> shape;
  for (StringRef part : parts) {
    int64_t size;
    if (part.getAsInteger(10, size) || size <= 0)
      return false;
    shape.push_back(size);
  }
  return shapes.emplace(name.str(), std::move(shape)).second;
}

std::optional<int> pimc::parse(int argc, char **argv, Options &options) {
  if (std::optional<int> status = mlir::pim::parseCommandLine(
          argc, argv, "pimc",
          "compiles an ONNX or TOSA network to a program for a processing-in-memory chip",
          {&modelCategory, &quantizationCategory, &preprocessCategory, &chipCategory,
           &outputCategory}))
    return status;

  mlir::pim::CompilationOptions &compilation = options.compilation;
  compilation.input = input;
  compilation.target = target;
  compilation.targetSettings.assign(settings.begin(), settings.end());
  options.listTargets = listTargets;
  options.printTarget = printTarget;
  if (listTargets || printTarget)
    return std::nullopt;
  if (input.empty())
    return usageError("MODEL is missing");
  std::optional<Stage> stop = mlir::pim::parseStage(emit);
  if (!stop)
    return usageError("--emit '" + emit +
                      "' is unknown, expected onnx, tosa, quant, pim, mapped, isa or binary");
  compilation.stop = *stop;
  for (const std::string &text : inputShapes)
    if (!parseShape(text, compilation.inputShapes))
      return usageError("--input-shape '" + text +
                        "' is not NAME=AxBxC with positive sizes, each name once");

  std::optional<mlir::pim::Objective> objective = mlir::pim::parseObjective(optimize);
  if (!objective)
    return usageError("--optimize '" + optimize +
                      "' is unknown, expected throughput, latency, energy or arrays");
  std::optional<mlir::pim::VectorLayers> chosenUnit = mlir::pim::parseVectorLayers(vectorLayers);
  if (!chosenUnit)
    return usageError("--vector-layers '" + vectorLayers + "' is not auto, chip or host");
  compilation.mapping.vectorLayers = *chosenUnit;
  compilation.mapping.objective = *objective;
  compilation.mapping.arrayBudget = arrayBudget;
  compilation.mapping.shareArrays = !noSharedArrays;

  mlir::pim::CalibrationOptions &calibration = compilation.calibration;
  std::string problem;
  using mlir::pim::readNumber;
  try {
    mlir::pim::parseWeightBits(weightBits, calibration);
  } catch (const pim::Error &error) {
    return usageError(Twine("--weight-bits ") + error.what());
  }
  if (!readNumber(keepFirstLast, calibration.keepFirstLast, problem) ||
      !readNumber(maxAccuracyLoss, calibration.maxAccuracyLoss, problem) ||
      !readNumber(activationBits, calibration.activationBits, problem) ||
      !readNumber(calibrationSamples, calibration.samples, problem) ||
      !readNumber(percentile, calibration.percentile, problem) ||
      !readNumber(seed, calibration.seed, problem) || !readNumber(jobs, options.jobs, problem))
    return usageError(problem);
  if (calibration.activationBits < 1 || calibration.activationBits > 8)
    return usageError("--activation-bits is " + Twine(calibration.activationBits) +
                      ", expected 1 to 8");
  if (calibration.keepFirstLast < 0)
    return usageError("--keep-first-last must not be negative");
  if (!(calibration.maxAccuracyLoss >= 0))
    return usageError("--max-accuracy-loss must not be negative");
  std::optional<mlir::pim::Rounding> chosenRounding = mlir::pim::parseRounding(rounding);
  if (!chosenRounding)
    return usageError("--rounding '" + rounding +
                      "' is unknown, expected auto, nearest or adaptive");
  calibration.rounding = *chosenRounding;
  calibration.biasCorrection = !noBiasCorrection;
  calibration.narrowResults = narrowResults;
  calibration.wideSums = wideSums;
  if (calibration.samples < 1)
    return usageError("--calibration-samples must be at least 1");
  if (!(calibration.percentile > 50 && calibration.percentile <= 100))
    return usageError("--calibration-percentile must be above 50 and at most 100");
  calibration.data.assign(calibrate.begin(), calibrate.end());
  std::optional<mlir::pim::RangeMethod> method = mlir::pim::parseRangeMethod(calibrationMethod);
  if (!method)
    return usageError("--calibration-method '" + calibrationMethod +
                      "' is unknown, expected mse, percentile, entropy or min-max");
  calibration.method = *method;

  std::vector<double> scales;
  if (!mlir::pim::parseNumberList(scale, scales, problem) || scales.size() != 1)
    return usageError("--scale '" + scale + "' is not a number");
  calibration.preprocess.scale = scales.front();
  if (!mlir::pim::parseNumberList(mean, calibration.preprocess.mean, problem))
    return usageError("--mean: " + problem);
  if (!mlir::pim::parseNumberList(standardDeviation, calibration.preprocess.std, problem))
    return usageError("--std: " + problem);
  for (double value : calibration.preprocess.std)
    if (value == 0)
      return usageError("--std must not be zero");
  if (layout != "" && layout != "nhwc" && layout != "nchw")
    return usageError("--layout '" + layout + "' is unknown, expected nhwc or nchw");
  calibration.preprocess.layout = layout;

  mlir::pim::MappingOptions &mapping = compilation.mapping;
  if (!readNumber(fragmentSigns, mapping.fragmentRows, problem))
    return usageError(problem);
  if (mapping.fragmentRows < 0 || mapping.fragmentRows > mostFragmentRows)
    return usageError("--fragment-signs is " + fragmentSigns + ", expected 0 to " +
                      Twine(mostFragmentRows));
  mapping.isSqueezeAutomatic = squeeze == "auto";
  mapping.squeezePlanes = mostSqueezedPlanes;
  if (!readNumber(squeezeBudget, mapping.squeezeBudget, problem) ||
      (!mapping.isSqueezeAutomatic && !readNumber(squeeze, mapping.squeezePlanes, problem)))
    return usageError(problem);
  if (mapping.squeezePlanes > mostSqueezedPlanes)
    return usageError("--squeeze is " + squeeze + ", expected 0 to " + Twine(mostSqueezedPlanes) +
                      " or auto");
  if (mapping.squeezeBudget < 0 || mapping.squeezeBudget > 1)
    return usageError("--squeeze-budget is " + squeezeBudget + ", expected 0 to 1");

  if (output.empty() && compilation.stop == Stage::Binary)
    return usageError("-o FILE is missing");
  options.output = output.empty() ? "-" : output.getValue(); // text is for reading
  if (compilation.stop != Stage::Binary && (!report.empty() || explain.getNumOccurrences() > 0))
    return usageError("--report and --explain are about the whole program; --emit stops before");
  if (options.output == "-" && report == "-")
    return usageError("-o and --report cannot both go to standard output");
  compilation.equalize = equalize;
  compilation.prune = prune;
  compilation.weightCode.codes = weightCode;
  if (!readNumber(errorBudget, compilation.weightCode.errorBudget, problem))
    return usageError(problem);
  if (compilation.weightCode.errorBudget < 0 || compilation.weightCode.errorBudget > 1)
    return usageError("--error-budget is " + errorBudget + ", expected 0 to 1");
  if (explain.getNumOccurrences() > 0)
    compilation.explain = explain;

  options.report = report;
  compilation.keepWeightChoices = !options.report.empty();
  options.quiet = quiet;
  if (!quiet) {
    calibration.progress = mlir::pim::makeProgressBar("calibrating");
    calibration.searchProgress = mlir::pim::makeProgressBar("choosing weight bits");
    calibration.roundingProgress = mlir::pim::makeProgressBar("rounding weights");
  }
  return std::nullopt;
}
