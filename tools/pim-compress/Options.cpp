//===- Options.cpp - the command line of pim-compress ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "pim/Compress/Compress.h"
#include "pim/Driver/CommandLine.h"
#include "pim/Support/LayerSelector.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <thread>

using namespace llvm;
using namespace pim::compress;

namespace {

cl::OptionCategory dataCategory("Data");
cl::OptionCategory preprocessCategory("Preprocessing of raw bytes");
cl::OptionCategory compressionCategory("Compression");
cl::OptionCategory trainingCategory("Training");
cl::OptionCategory resultCategory("Results");

/// An option that is a text; numbers are read from it, since LLVM's own message about a bad one has
/// another form than our errors.
struct Text : cl::opt<std::string> {
  Text(const char *name, const char *value, cl::OptionCategory &category, const char *help,
       const char *initial = "")
      : cl::opt<std::string>(StringRef(name), cl::init(std::string(initial)), cl::value_desc(value),
                             cl::desc(help), cl::cat(category)) {}
};

struct Lines {
  cl::opt<std::string> model{cl::Positional, cl::desc("MODEL.onnx"), cl::cat(dataCategory)};
  Text training{"train", "DATA", dataCategory,
                "Training images: .npy, .npz, .pb, MNIST idx or CIFAR-10 binary"};
  Text labels{"labels", "FILE", dataCategory,
              "Their classes: idx, .npy, or text with one number a line; CIFAR-10 brings its own"};
  Text trainingLimit{"train-limit", "N", dataCategory, "Use the first N training images"};
  Text validation{"validation", "DATA", dataCategory,
                  "Validation images (default: a share of the training images)"};
  Text validationLabels{"validation-labels", "FILE", dataCategory, "Their classes"};
  Text validationShare{"validation-share", "S", dataCategory,
                       "Share of the training images that is kept for validation (default 0.1)",
                       "0.1"};
  Text test{"test", "DATA", dataCategory,
            "Test images: measured after every step, never trained on"};
  Text testLabels{"test-labels", "FILE", dataCategory, "Their classes"};

  Text scale{"scale", "S", preprocessCategory,
             "Raw bytes become (byte*S - mean)/std; 1/255 is accepted (default 1)", "1"};
  Text mean{"mean", "M,...", preprocessCategory, "Mean, one value or one for each channel"};
  Text deviation{"std", "D,...", preprocessCategory, "Standard deviation, likewise"};
  Text layout{"layout", "nhwc|nchw", preprocessCategory,
              "Layout of image data where the file does not say it"};

  Text prune{"prune", "SPEC", compressionCategory,
             "Patterns by layer, e.g. 'column=0.5,filter=0.3;conv1:none', rounds separated by | "
             "(docs/compression.md)"};
  Text quantize{"quantize", "CODES", compressionCategory,
                "Codes by layer, e.g. 'fixed:4;#0=fixed:8' (docs/compression.md)"};
  Text weightBits{"weight-bits", "N", compressionCategory,
                  "Short for --quantize: 1 is binary, more are fixed:N, by layer, e.g. '2;#-1=8'"};
  Text scales{"scales", "filter|layer", compressionCategory,
              "What shares a scale of the weights, by layer, e.g. 'filter;fc*=layer' (default "
              "filter)"};
  Text biases{"biases", "float|levels", compressionCategory,
              "Whether biases of fully connected layers take the levels of the weights, by layer, "
              "e.g. 'fc*=levels' (default float)"};
  Text goal{"goal", "GOAL", compressionCategory,
            "arrays=8x or accuracy-loss=0.5 (points): chooses --prune by what each layer bears"};
  Text target{"target", "CHIP", compressionCategory,
              "The chip whose arrays --goal counts: a name of targets/ or a .yaml file"};
  Text activationBits{"activation-bits", "N", compressionCategory,
                      "Bits of what layers read, 1 to 8, by layer, e.g. '2;#-1=8'; the image "
                      "has 8"};
  cl::opt<bool> removeChannels{"remove-channels",
                               cl::desc("Remove channels that nothing makes or reads"),
                               cl::cat(compressionCategory)};
  Text admmEpochs{"admm-epochs", "N", compressionCategory, "Epochs of each ADMM step (default 12)",
                  "12"};
  Text admmInterval{"admm-interval", "N", compressionCategory,
                    "Epochs between updates of Z and U (default 1)", "1"};
  Text tuneEpochs{"tune-epochs", "N", compressionCategory,
                  "Epochs of each fine-tuning step (default 8)", "8"};
  Text pruneRho{"prune-rho", "RHO", compressionCategory,
                "constant:RHO, growing:RHO[:FACTOR[:LIMIT]] or balanced:RHO (default "
                "growing:0.1:2:4)",
                "growing:0.1:2:4"};
  Text refitSamples{"refit-samples", "N", compressionCategory,
                    "Images for the least squares that follow each pruning (default 256; 0: none)",
                    "256"};
  Text quantizeRho{"quantize-rho", "RHO", compressionCategory,
                   "Likewise (default growing:0.05:2:2)", "growing:0.05:2:2"};

  Text freeze{
      "freeze", "S", trainingCategory,
      "Share of the training on levels after which levels are fixed, from the last layer to "
      "the first (default 1: never)",
      "1"};
  cl::opt<bool> normalize{"normalize",
                          cl::desc("Batch normalization behind layers while training, merged into "
                                   "them at the end"),
                          cl::cat(trainingCategory)};
  Text epochs{"epochs", "N", trainingCategory, "Epochs of plain training first (default 0)", "0"};
  Text rate{"rate", "R", trainingCategory, "Learning rate (default 0.001)", "0.001"};
  Text tuneRate{"tune-rate", "R", trainingCategory,
                "Learning rate of all steps after the plain training (default: --rate)"};
  Text optimizer{"optimizer", "sgd|adam", trainingCategory, "Default adam", "adam"};
  Text momentum{"momentum", "M", trainingCategory, "Of sgd (default 0.9)", "0.9"};
  Text decay{"weight-decay", "D", trainingCategory, "Default 0.0001", "0.0001"};
  Text schedule{"schedule", "NAME", trainingCategory,
                "cosine (default), constant, or step[:EPOCHS[:FACTOR]] (default 10 and 0.1)",
                "cosine"};
  Text batch{"batch", "N", trainingCategory, "Samples of one step (default 128)", "128"};
  Text smoothing{"label-smoothing", "S", trainingCategory, "0 to 1 (default 0)", "0"};
  Text mixup{"mixup", "A", trainingCategory,
             "Mix pairs of samples by a Beta(A, A) share (default 0: off)", "0"};
  Text cutmix{"cutmix", "A", trainingCategory,
              "Put a box of one image into another, with a Beta(A, A) share of the area left; with "
              "--mixup too, each batch takes one of them (default 0: off)",
              "0"};
  Text crop{"crop", "N", trainingCategory, "Random crops from images padded by N (default 0)", "0"};
  cl::opt<bool> flip{"flip", cl::desc("Mirror half of the images"), cl::cat(trainingCategory)};
  Text distill{"distill", "S", trainingCategory,
               "Share of the loss that follows the float model (default 0)", "0"};
  Text temperature{"temperature", "T", trainingCategory, "Of distillation (default 4)", "4"};
  Text hints{"hints", "W", trainingCategory,
             "Weight of the distance from what layers of the float model read (default 0)", "0"};
  Text teacher{"teacher", "MODEL.onnx", trainingCategory,
               "The model to distill from (default: MODEL.onnx after its plain training)"};
  Text patience{"patience", "N", trainingCategory,
                "End a step after N epochs without a better validation (default 0: never)", "0"};
  Text seed{"seed", "N", trainingCategory, "Seed of everything random (default 1)", "1"};
  Text threads{"threads", "N", trainingCategory,
               "Threads, 0 for all; results differ in the last bits between numbers (default 1)",
               "1"};

  Text output{"o", "OUT.onnx", resultCategory, "The compressed model"};
  Text report{"report", "FILE.json", resultCategory,
              "Write accuracy and compression by layer and step; - for standard output"};
  Text log{"log", "FILE.jsonl", resultCategory,
           "Write epochs and ADMM residuals, one JSON object a line"};
  Text checkpoint{
      "checkpoint", "FILE", resultCategory,
      "Where each epoch is saved (default OUT.onnx.ckpt; none where OUT.onnx is a pipe)"};
  cl::opt<bool> resume{"resume", cl::desc("Go on from the checkpoint of a run that was stopped"),
                       cl::cat(resultCategory)};
  Text initial{
      "init", "NAME", resultCategory,
      "Write an untrained model instead: lenet5, lenet5-caffe, lenet5-imac, mlp or mlp-imac"};
  cl::opt<bool> quiet{"quiet", cl::desc("Print errors only"), cl::cat(resultCategory)};
};

/// A wrong use, caught in parse().
struct UsageError {
  std::string message;
};

} // namespace

static double number(const cl::opt<std::string> &option, double low, double high) {
  double value;
  std::string problem;
  if (!mlir::pim::readNumber(option, value, problem))
    throw UsageError{problem};
  if (!(value >= low && value <= high))
    throw UsageError{("--" + option.ArgStr + " is " + option.getValue() + ", expected " +
                      std::to_string(low) + " to " + std::to_string(high))
                         .str()};
  return value;
}

static int64_t wholeNumber(const cl::opt<std::string> &option, int64_t low,
                           int64_t high = int64_t(1) << 40) {
  int64_t value;
  std::string problem;
  if (!mlir::pim::readNumber(option, value, problem))
    throw UsageError{problem};
  if (value < low || value > high)
    throw UsageError{("--" + option.ArgStr + " is " + option.getValue() + ", expected " +
                      std::to_string(low) + " to " + std::to_string(high))
                         .str()};
  return value;
}

static void readData(const Lines &lines, Options &options) {
  options.model = lines.model;
  options.training = {lines.training, lines.labels, std::nullopt};
  if (!lines.trainingLimit.empty())
    options.training.limit = wholeNumber(lines.trainingLimit, 2);
  options.validation = {lines.validation, lines.validationLabels, std::nullopt};
  options.test = {lines.test, lines.testLabels, std::nullopt};
  options.validationShare = number(lines.validationShare, 0.001, 0.9);
  std::vector<double> scale;
  std::string problem;
  if (!mlir::pim::parseNumberList(lines.scale, scale, problem) || scale.size() != 1)
    throw UsageError{"--scale '" + lines.scale + "' is not a number"};
  options.preprocess.scale = scale.front();
  if (!mlir::pim::parseNumberList(lines.mean, options.preprocess.mean, problem))
    throw UsageError{"--mean: " + problem};
  if (!mlir::pim::parseNumberList(lines.deviation, options.preprocess.std, problem))
    throw UsageError{"--std: " + problem};
  if (is_contained(options.preprocess.std, 0))
    throw UsageError{"--std must not be zero"};
  if (!lines.layout.empty() && lines.layout != "nhwc" && lines.layout != "nchw")
    throw UsageError{"--layout '" + lines.layout + "' is unknown, expected nhwc or nchw"};
  options.preprocess.layout = lines.layout;
}

/// "cosine", "constant", "step", "step:10", "step:10:0.1".
static void readSchedule(StringRef text, TrainOptions &train) {
  auto [name, rest] = text.split(':');
  auto [every, factor] = rest.split(':');
  if (name == "cosine" && rest.empty()) {
    train.schedule = ScheduleKind::Cosine;
  } else if (name == "constant" && rest.empty()) {
    train.schedule = ScheduleKind::Constant;
  } else if (name == "step" &&
             (every.empty() ||
              (!every.getAsInteger(10, train.stepEpochs) && train.stepEpochs > 0)) &&
             (factor.empty() || (!factor.getAsDouble(train.stepFactor) && train.stepFactor > 0))) {
    train.schedule = ScheduleKind::Step;
  } else {
    throw UsageError{("--schedule '" + text +
                      "' is unknown, expected cosine, constant or step[:EPOCHS[:FACTOR]]")
                         .str()};
  }
}

static void readTraining(const Lines &lines, Options &options) {
  TrainOptions &train = options.train;
  options.floatStep.epochs = wholeNumber(lines.epochs, 0, 100000);
  train.rate = number(lines.rate, 0, 1000);
  if (lines.optimizer == "sgd")
    train.optimizer = OptimizerKind::Sgd;
  else if (lines.optimizer != "adam")
    throw UsageError{"--optimizer '" + lines.optimizer + "' is unknown, expected sgd or adam"};
  train.momentum = number(lines.momentum, 0, 0.9999);
  train.weightDecay = number(lines.decay, 0, 1);
  readSchedule(lines.schedule, train);
  train.batch = wholeNumber(lines.batch, 1, 1 << 20);
  train.labelSmoothing = number(lines.smoothing, 0, 0.99);
  train.mixup = number(lines.mixup, 0, 100);
  train.cutmix = number(lines.cutmix, 0, 100);
  train.crop = wholeNumber(lines.crop, 0, 1000);
  train.flip = lines.flip;
  train.distill = number(lines.distill, 0, 1);
  train.temperature = number(lines.temperature, 0.01, 1000);
  train.hints = number(lines.hints, 0, 1e6);
  if (train.hints > 0 && train.distill == 0)
    throw UsageError{"--hints come from the model that --distill follows; give a share"};
  options.teacher = lines.teacher;
  if (!options.teacher.empty() && train.distill == 0)
    throw UsageError{"--teacher is followed by --distill, a share of the loss; give it"};
  train.patience = wholeNumber(lines.patience, 0, 100000);
  options.seed = static_cast<uint64_t>(wholeNumber(lines.seed, 0));
  options.threads = static_cast<int>(wholeNumber(lines.threads, 0, 1024));
  if (options.threads == 0)
    options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

/// "2;#-1=8" as codes: "fixed:2;#-1=fixed:8".
static std::string codesOfBits(const std::string &text) {
  std::string codes;
  try {
    ::pim::LayerTable<int64_t> table = ::pim::parseLayerTable<int64_t>(
        text, [](std::string_view bits) { return ::pim::parseCount(bits, 1, 8, "--weight-bits"); });
    for (const auto &[selector, bits] : table.all()) {
      codes.append(codes.empty() ? "" : ";").append(selector ? selector->str() + "=" : "");
      if (bits == 1)
        codes.append("binary");
      else
        codes.append("fixed:").append(std::to_string(bits));
    }
  } catch (const ::pim::Error &error) {
    throw UsageError{error.what()};
  }
  return codes;
}

/// What excludes what among the texts of the compression.
static void checkCompression(const Lines &lines) {
  if (!lines.quantize.empty() && !lines.weightBits.empty())
    throw UsageError{"--quantize and --weight-bits say the same in two ways; give one"};
  if (!lines.scales.empty() && lines.quantize.empty() && lines.weightBits.empty())
    throw UsageError{"--scales says what shares a scale of the codes; give --quantize"};
  if (!lines.biases.empty() && lines.quantize.empty() && lines.weightBits.empty())
    throw UsageError{"--biases says what takes the levels of the codes; give --quantize"};
  if (lines.normalize && lines.quantize.empty() && lines.weightBits.empty())
    throw UsageError{"--normalize puts in what is merged into layers on levels; give --quantize"};
  if (!lines.goal.empty() && !lines.prune.empty())
    throw UsageError{"--goal chooses the patterns that --prune would set; give one"};
  if (lines.goal.empty() != lines.target.empty())
    throw UsageError{"--goal needs --target, whose arrays it counts, and --target serves --goal"};
}

static void readCompression(const Lines &lines, Options &options) {
  checkCompression(lines);
  options.prune = lines.prune;
  options.quantize =
      lines.weightBits.empty() ? lines.quantize.getValue() : codesOfBits(lines.weightBits);
  options.scales = lines.scales;
  options.biases = lines.biases;
  options.freeze = number(lines.freeze, 0, 1);
  if (options.freeze < 1 && options.quantize.empty())
    throw UsageError{"--freeze says when levels stay; give --quantize"};
  options.goal = lines.goal;
  options.target = lines.target;
  options.activationBits = lines.activationBits;
  options.normalize = lines.normalize;
  options.removeChannels = lines.removeChannels;
  options.pruneRho = lines.pruneRho;
  options.quantizeRho = lines.quantizeRho;
  options.refitSamples = wholeNumber(lines.refitSamples, 0, 1 << 20);
  options.admmInterval = wholeNumber(lines.admmInterval, 1, 100000);
  StepOptions admm, tune;
  admm.epochs = wholeNumber(lines.admmEpochs, 0, 100000);
  tune.epochs = wholeNumber(lines.tuneEpochs, 0, 100000);
  if (!lines.tuneRate.empty())
    admm.rate = tune.rate = number(lines.tuneRate, 0, 1000);
  options.pruneStep = options.quantizeStep = admm;
  options.pruneTuneStep = options.quantizeTuneStep = tune;
}

static void readResults(const Lines &lines, pimcompress::CommandLine &line) {
  Options &options = line.options;
  options.output = lines.output;
  options.log = lines.log;
  options.checkpoint = lines.checkpoint;
  options.resume = lines.resume;
  line.report = lines.report;
  line.quiet = lines.quiet;
  line.initial = lines.initial;
  if (options.output.empty())
    throw UsageError{"-o OUT.onnx is missing"};
  if (options.output == "-")
    throw UsageError{"-o wants a file: models are not printed"};
  if (!line.initial.empty())
    return;
  if (options.model.empty())
    throw UsageError{"MODEL.onnx is missing"};
  if (options.training.images.empty())
    throw UsageError{"--train DATA is missing"};
}

/// LLVM's shared library registers options of its own, which are of no use here.
static void freeOptionNames() {
  for (const char *name :
       {"train",  "labels",   "test",        "scale", "mean",     "std",       "layout",
        "epochs", "rate",     "schedule",    "batch", "seed",     "threads",   "report",
        "log",    "init",     "quiet",       "prune", "quantize", "goal",      "target",
        "resume", "momentum", "temperature", "crop",  "flip",     "optimizer", "checkpoint"})
    if (cl::Option *other = cl::getRegisteredOptions().lookup(name))
      other->removeArgument();
}

std::optional<int> pimcompress::parse(int argc, char **argv, CommandLine &line) {
  freeOptionNames();
  Lines lines;
  if (std::optional<int> status = mlir::pim::parseCommandLine(
          argc, argv, "pim-compress",
          "prunes and quantizes a network while training it, so that it fits PIM arrays",
          {&dataCategory, &preprocessCategory, &compressionCategory, &trainingCategory,
           &resultCategory}))
    return status;
  try {
    readData(lines, line.options);
    readTraining(lines, line.options);
    readCompression(lines, line.options);
    readResults(lines, line);
  } catch (const UsageError &error) {
    errs() << "pim-compress: error: " << error.message << "; see pim-compress --help\n";
    return mlir::pim::usageStatus;
  }
  return std::nullopt;
}
