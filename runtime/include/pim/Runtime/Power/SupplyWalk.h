//===- SupplyWalk.h - how far each stretch of power leads ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Time alone: takes a chip through its inferences under a supply and says where the cuts fall.
//
// Tested by runtime/tests/Power/SupplyWalkTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_POWER_SUPPLYWALK_H
#define PIM_RUNTIME_POWER_SUPPLYWALK_H

#include "pim/Runtime/Power/IntermittentRun.h"
#include "pim/Runtime/Power/Supply.h"

namespace pim::runtime {

/// Of one inference, or the sum of several. Cycles with power are useful, redone, of commits or of
/// restoring.
struct Resilience {
  uint64_t inferences = 0;
  uint64_t failures = 0;      ///< of the supply
  uint64_t commits = 0;       ///< completed
  uint64_t tornCommits = 0;   ///< that a failure interrupted
  uint64_t restores = 0;      ///< completed
  uint64_t usefulCycles = 0;  ///< of work that was not done again
  uint64_t redoCycles = 0;    ///< of work that was lost
  uint64_t commitCycles = 0;  ///< interrupted ones included
  uint64_t restoreCycles = 0; ///< likewise
  uint64_t commitBits = 0, restoreBits = 0;
  double offSeconds = 0;

  uint64_t poweredCycles() const {
    return usefulCycles + redoCycles + commitCycles + restoreCycles;
  }
  /// Useful cycles over cycles with power, 0 to 1.
  double forwardProgress() const {
    return poweredCycles() ? double(usefulCycles) / double(poweredCycles()) : 1;
  }
  /// With power from failure to failure, on average; there must be one.
  double mtbfCycles() const { return double(poweredCycles()) / double(failures); }
  Resilience &operator+=(const Resilience &other);
};

class SupplyWalk {
public:
  /// All must outlive the walk. `cycleSeconds` of the chip's clock.
  SupplyWalk(const CommitPlan &plan, Supply &supply, double cycleSeconds);

  /// The next inference; what is left of the supply's interval goes on from the one before. Throws
  /// pim::Error if the supply never lasts from one commit to the next.
  Resilience nextInference(std::vector<Cut> &cuts);

private:
  void waitForPower(Resilience &result);

  const CommitPlan &plan;
  Supply &supply;
  double cycleSeconds;
  uint64_t left = 0; ///< cycles until the supply fails
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_POWER_SUPPLYWALK_H
