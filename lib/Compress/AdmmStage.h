//===- AdmmStage.h - training with a solver beside it -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_ADMMSTAGE_H
#define LIB_COMPRESS_ADMMSTAGE_H

#include "Stage.h"

#include "pim/ADMM/Solver.h"

namespace pim::compress {

/// The W-step is training with the penalty's gradient rho (W - Z + U); after every `interval`
/// epochs come the Z- and U-steps. What the sets are, and what the hard projection at the end
/// leaves behind, is up to who derives.
class AdmmStage : public Stage {
public:
  void begin() override;
  void configure(Trainer &trainer) override;
  void afterEpoch(int64_t epoch) override;
  void save(Checkpoint &checkpoint) const override;
  void load(const Checkpoint &checkpoint) override;
  bool mayStopEarly() const override { return false; }

protected:
  /// A layer and its set.
  struct Part {
    const Layer *layer;
    admm::Projector projector;
    Tensor target; ///< Z - U, in the shape of the parameter
  };

  AdmmStage(std::string name, StepOptions epochs, Network &network, Constraints &constraints,
            admm::RhoSchedule schedule, int64_t interval, LogLine log);
  virtual std::vector<Part> makeParts() = 0;
  /// Puts the weights of a part on its set.
  void projectHard(const Part &part);

  Network &network;
  Constraints &constraints;
  std::vector<Part> parts;

private:
  void updateTargets();

  admm::Solver solver;
  int64_t interval;
  LogLine log;
};

} // namespace pim::compress

#endif // LIB_COMPRESS_ADMMSTAGE_H
