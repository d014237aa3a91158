//===- Supply.cpp - how long the chip has power --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/Supply.h"

#include "pim/Support/Error.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace pim;
using namespace pim::runtime;

namespace {

/// Rows of a file, over and over.
class IntervalSupply : public Supply {
public:
  explicit IntervalSupply(const SupplyTrace &trace) : rows(trace.rows) {}

  Interval next() override {
    Interval interval{pendingOff, 0};
    pendingOff = 0;
    // Rows without power add to the pause.
    while (interval.onSeconds == 0) {
      const auto [on, off] = rows[index++ % rows.size()];
      (on == 0 ? interval.offSeconds : pendingOff) += off;
      interval.onSeconds = on;
    }
    return interval;
  }

private:
  std::vector<std::pair<double, double>> rows;
  size_t index = 0;
  double pendingOff = 0;
};

/// Failures of a Poisson process. A pause takes no time: what a trace says nothing of is not made
/// up.
class SeededSupply : public Supply {
public:
  explicit SeededSupply(const SupplyTrace &trace) : mean(trace.meanSeconds), random(trace.seed) {}

  Interval next() override {
    // The inverse of the distribution, since std::exponential_distribution differs by library.
    const double uniform = (double(random() >> 11) + 0.5) * 0x1p-53;
    return {0, -mean * std::log(uniform)};
  }

private:
  double mean;
  std::mt19937_64 random;
};

/// A capacitor between a harvester and the chip. It is charged to `on_v` at most, the chip starts
/// there and stops at `off_v`; between two rows power is constant, so energy is linear in time.
class HarvestSupply : public Supply {
public:
  HarvestSupply(const SupplyTrace &trace, const target::Target &target, double loadWatts)
      : name(trace.text), rows(trace.rows), load(loadWatts) {
    const auto &power = target.power;
    usable = 0.5 * power.capacitorUf * 1e-6 * (power.onV * power.onV - power.offV * power.offV);
  }

  Interval next() override {
    Interval interval;
    interval.offSeconds = advance(0, usable);
    stored = usable;
    interval.onSeconds = advance(load, 0);
    stored = 0;
    return interval;
  }

private:
  /// Passes through the trace in which the capacitor must fill, or run empty.
  static constexpr uint64_t mostPasses = 1 << 20;

  /// Lets time pass until `goal` is stored, with `draw` watts drawn. Returns the seconds.
  double advance(double draw, double goal) {
    double seconds = 0, atCycleBegin = stored;
    for (uint64_t rowsPassed = 0;; ++rowsPassed) {
      const double gain = rows[index].second - draw;
      const double left = rows[index + 1].first - rows[index].first - elapsed;
      const double needed = gain != 0 ? (goal - stored) / gain : -1;
      if (stored == goal || (needed >= 0 && needed <= left)) {
        elapsed += std::max(needed, 0.0);
        return seconds + std::max(needed, 0.0);
      }
      stored = std::min(stored + gain * left, usable);
      seconds += left;
      elapsed = 0;
      index = index + 2 == rows.size() ? 0 : index + 1;
      if ((rowsPassed + 1) % (rows.size() - 1) != 0)
        continue;
      const bool isLast = (rowsPassed + 1) / (rows.size() - 1) == mostPasses;
      if (goal == 0 && (isLast || stored >= atCycleBegin))
        return std::numeric_limits<double>::infinity(); // the harvester feeds the chip for good
      if (goal > 0 && (isLast || stored <= atCycleBegin))
        fail(name, ": does not charge the capacitor in ", mostPasses,
             " passes; expected more power, or less of power.capacitor_uf and power.on_v");
      atCycleBegin = stored;
    }
  }

  std::string name;
  std::vector<std::pair<double, double>> rows;
  double load, usable;
  double stored = 0;
  size_t index = 0;   ///< row under way
  double elapsed = 0; ///< seconds of it
};

} // namespace

std::unique_ptr<Supply> runtime::makeSupply(const SupplyTrace &trace, const target::Target &target,
                                            double loadWatts) {
  switch (trace.kind) {
  case SupplyTrace::Kind::Intervals:
    return std::make_unique<IntervalSupply>(trace);
  case SupplyTrace::Kind::Harvest:
    return std::make_unique<HarvestSupply>(trace, target, loadWatts);
  case SupplyTrace::Kind::Seeded:
    return std::make_unique<SeededSupply>(trace);
  }
  __builtin_unreachable();
}

Uptime runtime::uptimeOf(const SupplyTrace &trace, const target::Target &target, double loadWatts) {
  if (trace.kind == SupplyTrace::Kind::Seeded)
    return {.meanSeconds = trace.meanSeconds};
  constexpr size_t charges = 500;
  const size_t count = trace.kind == SupplyTrace::Kind::Intervals ? trace.rows.size() : charges;
  const std::unique_ptr<Supply> supply = makeSupply(trace, target, loadWatts);
  double sum = 0, longest = 0;
  for (size_t i = 0; i < count; ++i) {
    const double seconds = supply->next().onSeconds;
    if (std::isinf(seconds))
      return {};
    sum += seconds;
    longest = std::max(longest, seconds);
  }
  return {sum / double(count), longest};
}
