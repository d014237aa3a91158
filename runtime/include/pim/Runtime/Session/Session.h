//===- Session.h - a program over many samples --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs samples of data files through a simulated program, over threads, and collects outputs,
// accuracy and the comparison with the reference. Results do not depend on the number of threads.
//
// Tested by runtime/tests/Session.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SESSION_SESSION_H
#define PIM_RUNTIME_SESSION_SESSION_H

#include "pim/Runtime/Check/Checker.h"
#include "pim/Runtime/Data/InputFeed.h"
#include "pim/Runtime/Power/CommitPolicy.h"
#include "pim/Runtime/Power/SupplyWalk.h"
#include "pim/Runtime/Session/Accuracy.h"
#include "pim/Runtime/Simulator.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace pim::runtime {

/// A supply that fails, and what the chip does about it.
struct PowerOptions {
  SupplyTrace supply;
  CommitPolicy policy;
};

struct SessionOptions {
  int threads = 1;
  /// Samples [offset, offset + limit) of the data are run, as far as there are any.
  int64_t offset = 0;
  std::optional<int64_t> limit;
  /// Keep the values of the outputs in SessionResult::outputs.
  bool keepOutputs = false;
  /// Compare with the reference graph.
  bool check = false;
  /// Run each sample with this supply too, and compare its outputs with those of a supply that
  /// holds.
  std::optional<PowerOptions> power;
  /// Of what memories hold after a cut.
  uint64_t seed = 0;
  /// A file from which the session goes on if it exists, and which it writes on the way, so that a
  /// session that is killed loses little. Empty: none.
  std::string checkpoint;
  double checkpointSeconds = 10; ///< between two writes of the file
  /// Called with the number of samples done and of all, by one thread at a time.
  std::function<void(int64_t done, int64_t total)> progress;
};

/// What a supply that fails did to a session.
struct PowerResult {
  std::shared_ptr<const CommitPlan> plan;
  Resilience sum; ///< of all samples
  /// Bytes of outputs that differ from those of a supply that holds: 0 unless the plan is wrong.
  uint64_t differingBytes = 0;
};

struct SessionResult {
  int64_t samples = 0;
  /// Of the first output, if there were labels.
  std::optional<Accuracy> accuracy;
  std::optional<CheckResult> check;
  /// One array for each output port, by name: samples along the first dimension.
  std::vector<data::NamedArray> outputs;
  std::optional<PowerResult> power;
  /// Instructions of the last sample, over all cores.
  uint64_t executedInstructions = 0;
  double wallSeconds = 0;
};

/// The inputs of a program as InputFeed wants them.
std::vector<data::InputSpec> inputSpecs(const program::Program &program);
/// How the program says that raw bytes become its inputs.
data::Preprocess preprocessOf(const program::Program &program);

/// Runs the samples of `feeds`, one for each input port. `labels` has the class of each sample of
/// the files (-1: none), or is empty. Throws pim::Error if the range holds no sample, labels are
/// fewer than samples or no class of the first output, or an inference fails.
SessionResult runSession(const std::shared_ptr<const Simulator> &simulator,
                         std::span<const data::InputFeed> feeds, std::span<const int64_t> labels,
                         const SessionOptions &options);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SESSION_SESSION_H
