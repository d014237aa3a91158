//===- Resume.cpp - what a run saves, and goes on from --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compression.h"

#include "pim/Support/Error.h"
#include "pim/Support/File.h"

#include <filesystem>

namespace pim::compress {

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

std::string checkpointPathOf(const Options &options) {
  if (!options.checkpoint.empty() || isSpecial(options.output))
    return options.checkpoint;
  return options.output + ".ckpt";
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

std::optional<Checkpoint> Compression::readCheckpoint() const {
  if (!options.resume)
    return std::nullopt;
  if (checkpointPath.empty())
    fail(options.output, ": has no checkpoint beside it, as it is no file; give --checkpoint");
  if (!std::filesystem::exists(checkpointPath))
    fail(checkpointPath, ": is not there; --resume goes on from a checkpoint of an earlier run");
  Checkpoint checkpoint = Checkpoint::read(checkpointPath);
  if (checkpoint.texts["fingerprint"] != fingerprintOf(options))
    fail(checkpointPath, ": was written with other options; repeat them, or start without "
                         "--resume");
  return checkpoint;
}

void Compression::fromCheckpoint(const std::function<void()> &take) const {
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

} // namespace pim::compress
