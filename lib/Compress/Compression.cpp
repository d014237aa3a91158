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

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <chrono>
#include <cstdio>

namespace pim::compress {

static double secondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Model Compression::readModel() {
  Model model = loadModel(options.model);
  return options.normalize ? withNormalization(std::move(model), normalized) : model;
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
  const std::optional<Checkpoint> resumed = readCheckpoint();
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
