//===- SupplyWalk.cpp - how far each stretch of power leads --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/SupplyWalk.h"

#include "pim/Support/Error.h"

using namespace pim;
using namespace pim::runtime;

/// Failures in a row at one commit point after which nobody believes in the next.
static constexpr uint64_t maxTries = 1000000;

Resilience &Resilience::operator+=(const Resilience &other) {
  inferences += other.inferences;
  failures += other.failures;
  commits += other.commits;
  tornCommits += other.tornCommits;
  restores += other.restores;
  usefulCycles += other.usefulCycles;
  redoCycles += other.redoCycles;
  commitCycles += other.commitCycles;
  restoreCycles += other.restoreCycles;
  commitBits += other.commitBits;
  restoreBits += other.restoreBits;
  offSeconds += other.offSeconds;
  return *this;
}

SupplyWalk::SupplyWalk(const CommitPlan &plan, Supply &supply, double cycleSeconds)
    : plan(plan), supply(supply), cycleSeconds(cycleSeconds) {
  Resilience first;
  waitForPower(first);
}

void SupplyWalk::waitForPower(Resilience &result) {
  const Supply::Interval interval = supply.next();
  result.offSeconds += interval.offSeconds;
  const double cycles = interval.onSeconds / cycleSeconds;
  left = cycles < 0x1p62 ? uint64_t(cycles) : uint64_t(1) << 62;
}

Resilience SupplyWalk::nextInference(std::vector<Cut> &cuts) {
  Resilience result;
  result.inferences = 1;
  uint64_t tries = 0;
  for (uint32_t point = 0; point < plan.points.size();) {
    const uint64_t work = plan.workAfter(point), commit = plan.commitAfter(point);
    if (left >= work + commit) {
      left -= work + commit;
      result.usefulCycles += work;
      result.commitCycles += commit;
      if (++point < plan.points.size()) {
        ++result.commits;
        result.commitBits += plan.points[point].savedBits;
      }
      tries = 0;
      continue;
    }
    cuts.push_back({point, left});
    ++result.failures;
    result.redoCycles += std::min(left, work);
    if (left > work) {
      ++result.tornCommits;
      result.commitCycles += left - work;
      result.commitBits += plan.points[point + 1].savedBits;
    }
    // A supply may fail again before the state is back; nothing is lost by that but time.
    const uint64_t restore = plan.restoreTo(point);
    for (waitForPower(result); left < restore; waitForPower(result)) {
      ++result.failures;
      result.restoreCycles += left;
      if (++tries > maxTries)
        break;
    }
    if (++tries > maxTries)
      fail("no forward progress: from one commit to the next the chip needs power for ",
           double(restore + work + commit) * cycleSeconds, " s, and the supply has failed before ",
           maxTries, " times in a row; commit more often");
    left -= restore;
    ++result.restores;
    result.restoreCycles += restore;
    result.restoreBits += plan.points[point].liveBits;
  }
  return result;
}
