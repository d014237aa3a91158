//===- Compression.h - the steps in order -----------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_COMPRESSION_H
#define LIB_COMPRESS_COMPRESSION_H

#include "Activations.h"
#include "Stage.h"

#include "pim/Compress/Compress.h"

#include <fstream>
#include <functional>
#include <optional>

namespace pim::compress {

/// The best epoch of a step by validation.
struct BestState {
  int64_t epoch = 0; ///< counting from 1; 0: none yet
  float accuracy = -1;
  TensorMap parameters, buffers;

  void save(Checkpoint &checkpoint) const;
  void load(const Checkpoint &checkpoint);
};

/// One run of the tool.
class Compression {
public:
  explicit Compression(const Options &options);
  Report run();

private:
  Model readModel();
  void makeStages();
  std::unique_ptr<Network> makeTeacher() const;
  void runStage(size_t index, Stage &stage, const Checkpoint *resumed);
  bool stoppedEarly(const Stage &stage, int64_t done) const;
  StepReport measure(const std::string &name);
  void finishStep(StepReport step);
  /// `current` and `trainer`: of the step that is under way, or null between steps.
  void saveCheckpoint(size_t stage, int64_t epochsDone, const Stage *current,
                      const Trainer *trainer) const;
  /// What --resume goes on from. Throws pim::Error if that is not of this run.
  std::optional<Checkpoint> readCheckpoint() const;
  /// Calls `take`, which takes what it needs out of the checkpoint. Throws pim::Error that names
  /// its file where it lacks something, or has something of another size.
  void fromCheckpoint(const std::function<void()> &take) const;
  void restore(const Checkpoint &checkpoint);
  void writeOutput();
  void say(const std::string &line) const;
  void log(const std::string &line);

  Options options;
  std::vector<std::string> normalized; ///< layers that got a normalization for training
  Network network;
  Activations activations;
  std::string checkpointPath;
  Samples training, validation, test;
  std::unique_ptr<Network> teacher;
  Constraints constraints;
  std::string pruneText; ///< the patterns by layer, asked for or found for a goal
  std::vector<std::unique_ptr<Stage>> stages;
  BestState best;
  Report report;
  std::ofstream logFile;
};

/// Beside the output; empty, for none, where that goes to a device or a pipe.
std::string checkpointPathOf(const Options &options);

/// The steps of a report as text for a checkpoint, and back.
std::string formatSteps(const std::vector<StepReport> &steps);
std::vector<StepReport> parseSteps(const std::string &text);

/// Bits that a weight of a code ("fixed:4", "ternary") takes.
double bitsOfCode(const std::string &code);

} // namespace pim::compress

#endif // LIB_COMPRESS_COMPRESSION_H
