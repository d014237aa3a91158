//===- Trainer.cpp - epochs of training -----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trainer.h"
#include "Augmentation.h"

#include "pim/Support/Error.h"

#include <ATen/core/grad_mode.h>
#include <cmath>
#include <random>

namespace pim::compress {

constexpr int64_t evaluationBatch = 500;

double accuracy(Network &network, const Samples &samples) {
  at::NoGradGuard guard;
  network.setTraining(false);
  int64_t right = 0;
  for (int64_t begin = 0; begin < samples.size(); begin += evaluationBatch) {
    Samples part = samples.slice(begin, std::min(samples.size(), begin + evaluationBatch));
    right += network.scores(part.inputs).argmax(1).eq(part.labels).sum().item<int64_t>();
  }
  return 100.0 * static_cast<double>(right) / static_cast<double>(samples.size());
}

TensorMap cloned(const TensorMap &tensors) {
  TensorMap copies;
  for (const auto &[name, value] : tensors)
    copies[name] = value.detach().clone();
  return copies;
}

void assign(TensorMap &to, const TensorMap &from) {
  at::NoGradGuard guard;
  for (auto &[name, value] : to)
    value.copy_(from.at(name));
}

Trainer::Trainer(Network &network, const Samples &training, const TrainOptions &options,
                 std::string step, StepOptions epochs, uint64_t seed)
    : optimizer(options), network(network), training(training), options(options),
      step(std::move(step)), stepOptions(epochs), seed(seed) {}

/// A seed for an epoch of a step: equal names and numbers give equal seeds everywhere.
static uint64_t seedOf(uint64_t seed, const std::string &step, int64_t epoch) {
  uint64_t hash = 1469598103934665603ull ^ seed; // FNV-1a
  for (char letter : step + '/' + std::to_string(epoch))
    hash = (hash ^ static_cast<uint8_t>(letter)) * 1099511628211ull;
  return hash;
}

/// The classes as probabilities, smoothed.
Tensor Trainer::softTargets(const Tensor &labels) const {
  double classes = static_cast<double>(network.classes());
  Tensor targets = at::zeros({labels.size(0), network.classes()});
  targets.scatter_(1, labels.unsqueeze(1), 1);
  return targets * (1 - options.labelSmoothing) + options.labelSmoothing / classes;
}

/// What softmax or sigmoid neurons at the end were given, or the scores where there are none.
static Tensor logitsOf(const Network &from, const Tensor &scores) {
  if (from.endsInSoftmax())
    return at::log(at::clamp_min(scores, 1e-12));
  return from.endsInSigmoid() ? at::logit(scores, 1e-7) : scores;
}

/// Mean over the samples of -sum t log p, p the softmax of the logits; of neurons at the end, each
/// of which answers for itself, of -sum (t log p + (1 - t) log(1 - p)), p their sigmoid.
static Tensor crossEntropy(const Tensor &targets, const Tensor &logits, bool areNeurons) {
  Tensor logarithms =
      areNeurons ? targets * at::log_sigmoid(logits) + (1 - targets) * at::log_sigmoid(-logits)
                 : targets * at::log_softmax(logits, 1);
  return -logarithms.sum(1).mean();
}

/// Divergence of the probabilities by `logits` from those by `wanted`.
static Tensor divergence(const Tensor &wanted, const Tensor &logits, bool areNeurons) {
  if (areNeurons) {
    Tensor target = at::sigmoid(wanted);
    return crossEntropy(target, logits, true) - crossEntropy(target, wanted, true);
  }
  Tensor target = at::log_softmax(wanted, 1);
  return (at::exp(target) * (target - at::log_softmax(logits, 1))).sum(1).mean();
}

std::vector<std::string> sharedInputs(const Network &network, const Network &other) {
  at::NoGradGuard guard;
  TensorMap mine, others;
  for (const Layer &layer : network.layers())
    mine[layer.input];
  for (const Layer &layer : other.layers())
    if (mine.count(layer.input))
      others[layer.input];
  const std::vector<int64_t> &shape = network.inputShape();
  network.run(at::zeros(shape), &mine);
  other.run(at::zeros(shape), &others);
  std::vector<std::string> names;
  for (const auto &[name, value] : others)
    if (value.defined() && mine.at(name).defined() && value.sizes() == mine.at(name).sizes())
      names.push_back(name);
  return names;
}

void Trainer::follow(const Network &other) {
  teacher = &other;
  if (options.hints > 0)
    for (const std::string &name : sharedInputs(network, other))
      hints[name];
}

/// Mean over the values of |x - wanted|^2 / |wanted|^2 (hints, Romero et al. 2015, relative so that
/// no value outweighs the others).
static Tensor distance(const TensorMap &values, const TensorMap &wanted) {
  Tensor sum = at::zeros({});
  for (const auto &[name, value] : values) {
    const Tensor &goal = wanted.at(name);
    sum = sum + (value - goal).pow(2).sum() / (goal.pow(2).sum() + 1e-6);
  }
  return sum / static_cast<double>(values.size());
}

/// Cross entropy with `targets`, divergence from the teacher's scores at a temperature (Hinton et
/// al. 2015, whose factor T^2 keeps the gradients' size), and distance from its values.
Tensor Trainer::loss(const Tensor &inputs, const Tensor &targets) const {
  bool areNeurons = network.endsInSigmoid();
  TensorMap seen = hints, wantedSeen = hints;
  Tensor logits = logitsOf(network, network.scores(inputs, &seen));
  Tensor result = crossEntropy(targets, logits, areNeurons);
  if (teacher) {
    Tensor wanted;
    {
      at::NoGradGuard guard;
      wanted = logitsOf(*teacher, teacher->scores(inputs, &wantedSeen));
    }
    double temperature = options.temperature;
    Tensor soft = divergence(wanted / temperature, logits / temperature, areNeurons);
    result = result * (1 - options.distill) + soft * (options.distill * temperature * temperature);
    if (!hints.empty())
      result = result + distance(seen, wantedSeen) * options.hints;
  }
  return result;
}

void Trainer::restore(const TensorMap &parameters, const TensorMap &buffers) {
  assign(network.parameters, parameters);
  assign(network.buffers, buffers);
}

double Trainer::runEpoch(int64_t epoch) {
  uint64_t epochSeed = seedOf(seed, step, epoch);
  at::manual_seed(epochSeed);
  std::mt19937_64 mixing(epochSeed);
  network.setTraining(true);
  TensorMap parametersBefore = cloned(network.parameters), buffersBefore = cloned(network.buffers);
  int64_t count = training.size();
  int64_t batches = (count + options.batch - 1) / options.batch;
  int64_t total = batches * stepOptions.epochs;
  double rate = stepOptions.rate.value_or(options.rate), sum = 0;
  Tensor order = at::randperm(count, at::kLong);
  bool isImage = training.inputs.dim() == 4;
  for (int64_t index = 0; index < batches; ++index) {
    Samples drawn = training.at(
        order.slice(0, index * options.batch, std::min(count, (index + 1) * options.batch)));
    Batch batch{drawn.inputs, softTargets(drawn.labels)};
    if (isImage && (options.crop > 0 || options.flip))
      batch.inputs = augment(batch.inputs, options.crop, options.flip);
    batch = mix(batch, options.mixup, options.cutmix, mixing);
    for (auto &[name, parameter] : network.parameters)
      parameter.mutable_grad().reset();
    Tensor value = loss(batch.inputs, batch.targets);
    double number = value.item<double>();
    if (!std::isfinite(number)) {
      restore(parametersBefore, buffersBefore);
      fail("step '", step, "', epoch ", epoch + 1, ", batch ", index + 1,
           ": the loss is not a finite number; lower the rate of this step");
    }
    value.backward();
    if (afterBackward)
      afterBackward();
    optimizer.step(network.parameters,
                   scheduledRate(options, rate, epoch * batches + index, total, batches));
    if (afterStep)
      afterStep();
    sum += number * static_cast<double>(batch.inputs.size(0));
    if (progress)
      progress(epoch * batches + index + 1, total);
  }
  // A last step may have broken what the next epoch would start from.
  for (const auto &[name, parameter] : network.parameters)
    if (!at::isfinite(parameter).all().item<bool>()) {
      restore(parametersBefore, buffersBefore);
      fail("step '", step, "', epoch ", epoch + 1, ": parameter '", name,
           "' is not finite any more; lower the rate of this step");
    }
  network.setTraining(false);
  return sum / static_cast<double>(count);
}

} // namespace pim::compress
