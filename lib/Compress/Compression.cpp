//===- Compression.cpp - the steps in order -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compression.h"
#include "Export.h"
#include "Normalize.h"

#include "pim/Support/Error.h"
#include "pim/Support/File.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <chrono>
#include <cstdio>
#include <filesystem>

namespace pim::compress {

static double secondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The options that the result depends on, so that a checkpoint of other ones is refused.
static std::string fingerprintOf(const Options &options) {
  const TrainOptions &train = options.train;
  std::ostringstream text;
  text.precision(17);
  auto step = [&](const StepOptions &step) {
    text << ' ' << step.epochs << ':' << step.rate.value_or(-1);
  };
  text << options.model << ' ' << options.training.images << ' ' << options.training.labels << ' '
       << options.training.limit.value_or(-1) << ' ' << options.validation.images << ' '
       << options.validationShare << ' ' << static_cast<int>(train.optimizer) << ' ' << train.rate
       << ' ' << train.momentum << ' ' << train.weightDecay << ' '
       << static_cast<int>(train.schedule) << ' ' << train.stepEpochs << ' ' << train.stepFactor
       << ' ' << train.batch << ' ' << train.labelSmoothing << ' ' << train.mixup << ' '
       << train.crop << ' ' << train.flip << ' ' << train.distill << ' ' << train.temperature << ' '
       << train.patience << ' ' << options.refitSamples << ' ' << options.admmInterval << ' '
       << options.prune << ' ' << options.quantize << ' ' << options.scales << ' '
       << options.teacher << ' ' << options.goal << ' ' << options.target << ' ' << options.pruneRho
       << ' ' << options.quantizeRho << ' ' << options.activationBits << ' ' << options.seed << ' '
       << options.threads << ' ' << options.preprocess.scale << ' ' << options.geometry.rows << ' '
       << options.geometry.columns << ' ' << options.geometry.arraysPerTile << ' '
       << options.geometry.columnsPerWeight;
  for (const StepOptions &each : {options.floatStep, options.pruneStep, options.pruneTuneStep,
                                  options.quantizeStep, options.quantizeTuneStep})
    step(each);
  if (options.normalize)
    text << " normalize";
  if (options.freeze < 1)
    text << " freeze " << options.freeze;
  if (train.hints > 0)
    text << " hints " << train.hints;
  if (train.cutmix > 0)
    text << " cutmix " << train.cutmix;
  if (!options.biases.empty())
    text << ' ' << options.biases;
  for (double value : options.preprocess.mean)
    text << ' ' << value;
  for (double value : options.preprocess.std)
    text << ' ' << value;
  return text.str();
}

Model Compression::readModel() {
  Model model = loadModel(options.model);
  return options.normalize ? withNormalization(std::move(model), normalized) : model;
}

/// Beside the output; empty, for none, where that goes to a device or a pipe.
static std::string checkpointPathOf(const Options &options) {
  if (!options.checkpoint.empty() || isSpecial(options.output))
    return options.checkpoint;
  return options.output + ".ckpt";
}

Compression::Compression(const Options &options)
    : options(options), network(readModel()), activations(network),
      checkpointPath(checkpointPathOf(options)) {
  at::set_num_threads(options.threads);
  Samples all = loadSamples(options.training, options.preprocess, network);
  if (!options.validation.images.empty()) {
    training = all;
    validation = loadSamples(options.validation, options.preprocess, network);
  } else {
    if (all.size() < 2)
      fail(options.training.images, ": has ", all.size(),
           " labelled samples, which is too few to split off some for validation");
    std::tie(training, validation) = split(all, options.validationShare, options.seed);
  }
  if (!options.test.images.empty())
    test = loadSamples(options.test, options.preprocess, network);
  calibrateNormalization(network, normalized,
                         training.slice(0, std::min<int64_t>(training.size(), 512)));
  pruneText = options.prune;
  if (!options.prune.empty())
    checkPatterns(network, options.prune);
  if (!options.quantize.empty())
    checkCodes(network, options.quantize);
  if (!options.scales.empty())
    checkScales(network, options);
  if (!options.biases.empty())
    checkBiases(network, options);
  if (!options.activationBits.empty()) {
    if (options.quantize.empty())
      fail("--activation-bits: activations are quantized together with weights; give --quantize");
    activations.parse(options.activationBits);
  }
  report.model = options.model;
  report.output = options.output;
  for (const auto &[name, value] : network.parameters)
    report.parameters += value.numel();
  report.trainingSamples = training.size();
  report.validationSamples = validation.size();
  report.testSamples = test.size();
  report.seed = options.seed;
  report.threads = options.threads;
}

void Compression::say(const std::string &line) const {
  if (options.say)
    options.say(line);
}

void Compression::log(const std::string &line) {
  if (options.log.empty())
    return;
  if (!logFile.is_open())
    logFile.open(options.log, options.resume ? std::ios::app : std::ios::trunc);
  logFile << line << '\n';
  if (!logFile.flush())
    fail(options.log, ": cannot be written");
}

StepReport Compression::measure(const std::string &name) {
  StepReport step;
  step.name = name;
  step.validationAccuracy = accuracy(network, validation);
  if (test.size() > 0)
    step.testAccuracy = accuracy(network, test);
  at::NoGradGuard guard;
  for (const Layer &layer : network.layers()) {
    LayerReport entry;
    entry.name = layer.name;
    entry.op = layer.op;
    entry.weights = layer.weightCount();
    entry.filters = layer.filters;
    entry.columns = layer.columns;
    Tensor matrix = network.matrix(layer);
    Tensor nonZero = matrix != 0;
    entry.nonZero = nonZero.sum().item<int64_t>();
    entry.filtersLeft = nonZero.any(1).sum().item<int64_t>();
    entry.columnsLeft = nonZero.any(0).sum().item<int64_t>();
    if (auto text = constraints.patterns.find(layer.name); text != constraints.patterns.end())
      entry.pattern = text->second;
    if (auto text = constraints.codes.find(layer.name); text != constraints.codes.end()) {
      entry.code = text->second;
      entry.weightBits = bitsOfCode(text->second);
    }
    step.layers.push_back(entry);
  }
  return step;
}

void Compression::saveCheckpoint(size_t stage, int64_t epochsDone, const Stage *current,
                                 const Trainer *trainer) const {
  if (checkpointPath.empty())
    return;
  Checkpoint checkpoint;
  checkpoint.texts["fingerprint"] = fingerprintOf(options);
  checkpoint.setNumber("stage", static_cast<int64_t>(stage));
  checkpoint.setNumber("epochs", epochsDone);
  checkpoint.setSection("parameter/", network.parameters);
  checkpoint.setSection("buffer/", network.buffers);
  if (teacher) {
    checkpoint.setSection("teacher-parameter/", teacher->parameters);
    checkpoint.setSection("teacher-buffer/", teacher->buffers);
  }
  checkpoint.texts["steps"] = formatSteps(report.steps);
  checkpoint.texts["prune"] = pruneText;
  constraints.save(checkpoint);
  if (current)
    current->save(checkpoint);
  if (trainer) {
    checkpoint.setSection("optimizer/", trainer->optimizer.state);
    checkpoint.setNumber("optimizer-steps", trainer->optimizer.steps);
    best.save(checkpoint);
  }
  checkpoint.write(checkpointPath);
}

/// Best state of the step so far, for early stopping.
void BestState::save(Checkpoint &checkpoint) const {
  checkpoint.setNumber("best-epoch", epoch);
  checkpoint.tensors["best-accuracy"] = at::tensor(static_cast<float>(accuracy));
  checkpoint.setSection("best-parameter/", parameters);
  checkpoint.setSection("best-buffer/", buffers);
}

void BestState::load(const Checkpoint &checkpoint) {
  epoch = checkpoint.number("best-epoch");
  accuracy = checkpoint.tensors.at("best-accuracy").item<float>();
  parameters = checkpoint.section("best-parameter/");
  buffers = checkpoint.section("best-buffer/");
}

template <typename Take> void Compression::fromCheckpoint(const Take &take) const {
  constexpr const char *advice = "; start again without --resume";
  try {
    take();
  } catch (const Error &error) {
    fail(checkpointPath, ": ", error.what(), advice);
  } catch (const std::exception &) {
    // Of a map without the key, or of tensors that do not fit.
    fail(checkpointPath, ": does not hold what the model needs", advice);
  }
}

void Compression::runStage(size_t index, Stage &stage, const Checkpoint *resumed) {
  auto begin = std::chrono::steady_clock::now();
  if (stage.name == "quantize" && activations.areQuantized() && network.inputTransforms.empty())
    activations.calibrate(training);
  stage.begin();
  Trainer trainer(network, training, options.train, stage.name, stage.epochs, options.seed);
  best = BestState();
  int64_t first = 0;
  if (resumed)
    fromCheckpoint([&] {
      stage.load(*resumed);
      trainer.optimizer.state = resumed->section("optimizer/");
      trainer.optimizer.steps = resumed->number("optimizer-steps");
      best.load(*resumed);
      first = resumed->number("epochs");
    });
  if (teacher && stage.name != floatStageName)
    trainer.follow(*teacher);
  if (options.progress)
    trainer.progress = [&](int64_t done, int64_t total) {
      options.progress(stage.name, done, total);
    };
  stage.configure(trainer);
  double loss = 0;
  int64_t done = first;
  while (done < stage.epochs.epochs && !stoppedEarly(stage, done)) {
    loss = trainer.runEpoch(done);
    ++done;
    stage.afterEpoch(done - 1);
    report.trainedSamples += training.size();
    double reached = accuracy(network, validation);
    if (options.train.patience > 0 && stage.mayStopEarly() && reached > best.accuracy)
      best = {done, static_cast<float>(reached), cloned(network.parameters),
              cloned(network.buffers)};
    char line[200];
    std::snprintf(line, sizeof line, "%-16s epoch %3lld of %lld   loss %.4f   validation %.2f %%",
                  stage.name.c_str(), static_cast<long long>(done),
                  static_cast<long long>(stage.epochs.epochs), loss, reached);
    say(line);
    std::snprintf(line, sizeof line,
                  "{\"step\":\"%s\",\"epoch\":%lld,\"loss\":%.9g,\"validation_accuracy\":%.6g}",
                  stage.name.c_str(), static_cast<long long>(done), loss, reached);
    log(line);
    saveCheckpoint(index, done, &stage, &trainer);
  }
  if (best.epoch > 0 && options.train.patience > 0) {
    assign(network.parameters, best.parameters);
    assign(network.buffers, best.buffers);
  }
  stage.end();
  StepReport step = measure(stage.name);
  step.epochs = done;
  step.loss = loss;
  step.seconds = secondsSince(begin);
  finishStep(step);
}

bool Compression::stoppedEarly(const Stage &stage, int64_t done) const {
  return options.train.patience > 0 && stage.mayStopEarly() && best.epoch > 0 &&
         done - best.epoch >= options.train.patience;
}

void Compression::restore(const Checkpoint &checkpoint) {
  // The activation quantizers' parameters are made before their values can be read.
  constraints.load(checkpoint);
  size_t parameterCount = network.parameters.size();
  TensorMap parameters = checkpoint.section("parameter/");
  for (const auto &[name, value] : parameters)
    if (!network.parameters.count(name))
      network.parameters[name] = value.clone().set_requires_grad(true);
  TensorMap buffers = checkpoint.section("buffer/");
  for (const auto &[name, value] : buffers)
    network.buffers.emplace(name, value.clone());
  assign(network.parameters, parameters);
  assign(network.buffers, buffers);
  if (network.parameters.size() != parameterCount)
    activations.install();
  if (teacher) {
    assign(teacher->parameters, checkpoint.section("teacher-parameter/"));
    assign(teacher->buffers, checkpoint.section("teacher-buffer/"));
  }
  report.steps = parseSteps(checkpoint.texts.at("steps"));
  pruneText = checkpoint.texts.at("prune");
}

void Compression::finishStep(StepReport step) {
  std::ostringstream line;
  line.precision(4);
  line << step.name << ": validation " << step.validationAccuracy << " %";
  if (step.testAccuracy >= 0)
    line << ", test " << step.testAccuracy << " %";
  line << ", " << step.nonZero() << " of " << step.weights() << " weights";
  say(line.str());
  report.steps.push_back(std::move(step));
}

void Compression::makeStages() {
  if (options.floatStep.epochs > 0)
    stages.push_back(makeFloatStage(options.floatStep));
  LogLine line = [this](const std::string &text) { log(text); };
  if (!options.goal.empty())
    stages.push_back(makeGoalStage(network, training, validation, options, pruneText, line));
  bool isPruned = !options.prune.empty() || !options.goal.empty();
  size_t rounds = isPruned ? pruneRounds(options.prune).size() : 0;
  for (size_t round = 0; round < rounds; ++round) {
    stages.push_back(
        makePruneStage(network, constraints, training, options, round, pruneText, line));
    if (options.pruneTuneStep.epochs > 0)
      stages.push_back(makeMaskedStage(network, constraints, round, options.pruneTuneStep));
  }
  if (!options.quantize.empty()) {
    stages.push_back(makeQuantizeStage(network, constraints, options, line));
    stages.push_back(makeLevelsStage(network, constraints, options));
  }
}

void Compression::writeOutput() {
  at::NoGradGuard guard;
  onnx::ModelProto model =
      exportModel(network, constraints,
                  network.inputTransforms.empty() ? std::map<std::string, ActivationRange>()
                                                  : activations.ranges(training),
                  options.removeChannels);
  saveModel(model, options.output);
  Network written(checkedModel(std::move(model), options.output));
  report.exportedValidationAccuracy = accuracy(written, validation);
  if (test.size() > 0)
    report.exportedTestAccuracy = accuracy(written, test);
}

std::unique_ptr<Network> Compression::makeTeacher() const {
  const std::string &path = options.teacher.empty() ? options.model : options.teacher;
  auto result = std::make_unique<Network>(loadModel(path));
  if (result->inputShape() != network.inputShape() || result->classes() != network.classes())
    fail("--teacher: ", path, " has another input shape or number of classes than ", options.model);
  if (options.train.hints > 0 && sharedInputs(network, *result).empty())
    fail("--hints: layers of ", path, " read no value that layers of ", options.model,
         " read too, of the same name and shape");
  return result;
}

Report Compression::run() {
  auto begin = std::chrono::steady_clock::now();
  std::optional<Checkpoint> resumed;
  if (options.resume) {
    if (checkpointPath.empty())
      fail(options.output, ": has no checkpoint beside it, as it is no file; give --checkpoint");
    if (!std::filesystem::exists(checkpointPath))
      fail(checkpointPath, ": is not there; --resume goes on from a checkpoint of an earlier run");
    resumed = Checkpoint::read(checkpointPath);
    if (resumed->texts["fingerprint"] != fingerprintOf(options))
      fail(checkpointPath, ": was written with other options; repeat them, or start without "
                           "--resume");
  }
  if (options.train.distill > 0)
    teacher = makeTeacher();
  size_t firstStage = 0;
  bool isInside = false;
  if (resumed)
    fromCheckpoint([&] {
      restore(*resumed);
      firstStage = static_cast<size_t>(resumed->number("stage"));
      isInside = resumed->number("epochs") > 0;
    });
  else
    finishStep(measure("as given"));
  makeStages();
  if (firstStage > stages.size())
    fail(checkpointPath, ": is of a run with more steps");
  for (size_t index = firstStage; index < stages.size(); ++index) {
    runStage(index, *stages[index], isInside && index == firstStage ? &*resumed : nullptr);
    if (teacher && options.teacher.empty() && stages[index]->name == floatStageName) {
      assign(teacher->parameters, network.parameters);
      assign(teacher->buffers, network.buffers);
    }
    saveCheckpoint(index + 1, 0, nullptr, nullptr);
  }
  report.trainingSeconds = secondsSince(begin);
  writeOutput();
  return report;
}

Report compress(const Options &options) { return Compression(options).run(); }

} // namespace pim::compress
