//===- Stage.h - one step of a compression ----------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_STAGE_H
#define LIB_COMPRESS_STAGE_H

#include "Checkpoint.h"
#include "Constraints.h"
#include "Trainer.h"

#include <memory>

namespace pim::compress {

/// What a step adds to plain training. The order of calls: begin, for a resumed step load,
/// configure, then afterEpoch for each epoch, end.
class Stage {
public:
  Stage(std::string name, StepOptions epochs) : name(std::move(name)), epochs(epochs) {}
  virtual ~Stage() = default;

  /// Sets up from the network as it is.
  virtual void begin() {}
  virtual void configure(Trainer &trainer) {}
  virtual void afterEpoch(int64_t epoch) {}
  /// Leaves the network as the next step takes it.
  virtual void end() {}
  virtual void save(Checkpoint &checkpoint) const {}
  virtual void load(const Checkpoint &checkpoint) {}
  /// Whether early stopping may end the step: ADMM has to run its course.
  virtual bool mayStopEarly() const { return true; }

  const std::string name;
  const StepOptions epochs;
};

/// Receives lines of the convergence log: complete JSON objects.
using LogLine = std::function<void(const std::string &line)>;

constexpr char floatStageName[] = "train";

/// `text` as a JSON string, with its quotes.
std::string jsonText(const std::string &text);

/// Plain training.
std::unique_ptr<Stage> makeFloatStage(StepOptions epochs);

/// Measures how sensitive each layer is and leaves in `patterns` what reaches options.goal on
/// arrays of options.geometry. No training.
std::unique_ptr<Stage> makeGoalStage(Network &network, const Samples &training,
                                     const Samples &validation, const Options &options,
                                     std::string &patterns, LogLine log);

/// The rounds of a text "filter=0.5|columns=100": each is pruned to after the one before has been
/// tuned.
std::vector<std::string> pruneRounds(const std::string &patterns);
/// ADMM pruning to `patterns` by layer; masks what the hard projection zeroes, and unused paths,
/// and refits what is left to options.refitSamples of `training`. What is masked already stays so.
/// `patterns`, of which this is round `round` from 0, is read when the step begins.
std::unique_ptr<Stage> makePruneStage(Network &network, Constraints &constraints,
                                      const Samples &training, const Options &options, size_t round,
                                      const std::string &patterns, LogLine log);
/// Training in which what is masked stays zero.
std::unique_ptr<Stage> makeMaskedStage(Network &network, const Constraints &constraints,
                                       size_t round, StepOptions epochs);
/// ADMM quantization to options.quantize; zeros stay. Leaves a scale for each filter or layer.
std::unique_ptr<Stage> makeQuantizeStage(Network &network, Constraints &constraints,
                                         const Options &options, LogLine log);
/// Training of weights, and of biases by options.biases, on their levels and of the scales; leaves
/// them exactly on the levels.
std::unique_ptr<Stage> makeLevelsStage(Network &network, Constraints &constraints,
                                       const Options &options);

/// Throw pim::Error if a text is wrong or names layers or patterns that do not fit.
void checkPatterns(const Network &network, const std::string &patterns);
void checkCodes(const Network &network, const std::string &codes);
void checkScales(const Network &network, const Options &options);
void checkBiases(const Network &network, const Options &options);

} // namespace pim::compress

#endif // LIB_COMPRESS_STAGE_H
