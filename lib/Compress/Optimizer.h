//===- Optimizer.h - SGD and Adam -------------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The state is plain tensors by name, so that a checkpoint holds it whole.
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_OPTIMIZER_H
#define LIB_COMPRESS_OPTIMIZER_H

#include "Torch.h"

#include "pim/Compress/Options.h"

namespace pim::compress {

/// Moves parameters against their gradients.
///
/// SGD:  v <- momentum v + (g + decay w),  w <- w - rate v
/// Adam: Loshchilov and Hutter 2019 (decoupled decay), with beta 0.9, 0.999 and epsilon 1e-8
class Optimizer {
public:
  explicit Optimizer(const TrainOptions &options) : options(options) {}

  /// One step with `rate`; parameters without gradient stay. Vectors (biases, scales) do not decay.
  void step(TensorMap &parameters, double rate);

  /// Moments by "m/NAME" and "v/NAME"; `steps` counts from the start.
  TensorMap state;
  int64_t steps = 0;

private:
  TrainOptions options;
};

/// The rate of step `step` of `total`, of which `perEpoch` are an epoch.
double scheduledRate(const TrainOptions &options, double rate, int64_t step, int64_t total,
                     int64_t perEpoch);

} // namespace pim::compress

#endif // LIB_COMPRESS_OPTIMIZER_H
