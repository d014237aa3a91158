//===- Trainer.h - epochs of training ---------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_TRAINER_H
#define LIB_COMPRESS_TRAINER_H

#include "Network.h"
#include "Optimizer.h"
#include "Samples.h"

namespace pim::compress {

/// The share of `samples` (in percent) whose class has the highest score.
double accuracy(Network &network, const Samples &samples);

/// One step of a compression: some epochs with their own optimizer, and hooks for what constrains
/// the weights. The result depends on the seed, the step's name and the epoch alone, so training
/// that goes on at an epoch gives what it would have given without a stop.
class Trainer {
public:
  Trainer(Network &network, const Samples &training, const TrainOptions &options, std::string step,
          StepOptions epochs, uint64_t seed);

  /// Runs epoch `epoch`, counting from 0. Returns the mean loss. Throws pim::Error where the loss
  /// is not finite; the parameters are then those from before the epoch.
  double runEpoch(int64_t epoch);

  /// Called between the gradients and the step: adds the gradient of a penalty.
  std::function<void()> afterBackward;
  /// Called after each step: keeps weights in a set.
  std::function<void()> afterStep;
  std::function<void(int64_t done, int64_t total)> progress;
  /// Makes the network follow the scores of another one (distillation), and with
  /// TrainOptions::hints what both compute on the way.
  void follow(const Network &teacher);

  Optimizer optimizer;
  int64_t epochs() const { return stepOptions.epochs; }

private:
  Tensor loss(const Tensor &inputs, const Tensor &targets) const;
  Tensor softTargets(const Tensor &labels) const;
  void restore(const TensorMap &parameters, const TensorMap &buffers);

  Network &network;
  const Samples &training;
  const Network *teacher = nullptr; ///< null: labels alone
  TensorMap hints;                  ///< the values that are to be those of the teacher; undefined
  TrainOptions options;
  std::string step;
  StepOptions stepOptions;
  uint64_t seed;
};

/// Names of the values that layers of both networks read, as large in both; the input is not among
/// them.
std::vector<std::string> sharedInputs(const Network &network, const Network &other);

/// Copies of all tensors of a map.
TensorMap cloned(const TensorMap &tensors);
/// Copies the values of `from` into the tensors of the same names.
void assign(TensorMap &to, const TensorMap &from);

} // namespace pim::compress

#endif // LIB_COMPRESS_TRAINER_H
