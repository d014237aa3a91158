//===- Supply.h - how long the chip has power ------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three kinds of supply: intervals on and off from a file; power harvested into a capacitor, from a
// file; failures at random, exponentially distributed. Files repeat when they end.
//
// Tested by runtime/tests/Power/SupplyTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_POWER_SUPPLY_H
#define PIM_RUNTIME_POWER_SUPPLY_H

#include "pim/Target/Target.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace pim::runtime {

/// What the command line says.
struct SupplyTrace {
  enum class Kind : uint8_t { Intervals, Harvest, Seeded };
  Kind kind = Kind::Seeded;
  /// Intervals: seconds on, seconds off. Harvest: seconds, watts from then on; the last row ends
  /// the trace.
  std::vector<std::pair<double, double>> rows;
  double meanSeconds = 0; ///< Seeded: between failures
  uint64_t seed = 0;
  std::string text; ///< for reports

  /// Reads "seeded:MTBF_S[,seed]" or the name of a file of rows "on_s,off_s" or "time_s,power_w",
  /// which is its first line. Throws pim::Error with file and line.
  static SupplyTrace parse(const std::string &text);
  static SupplyTrace parseFile(const std::string &content, const std::string &name);
};

/// A supply over time.
class Supply {
public:
  virtual ~Supply() = default;
  struct Interval {
    double offSeconds = 0, onSeconds = 0;
  };
  /// The next time without power and with. Throws pim::Error if there is no next.
  virtual Interval next() = 0;
};

/// How long the chip has power at a time.
struct Uptime {
  double meanSeconds = std::numeric_limits<double>::infinity();
  double longestSeconds = std::numeric_limits<double>::infinity();
};

/// What the mean of a seeded supply is, and what the files' intervals are; of harvested power those
/// of some hundred charges of the capacitor.
Uptime uptimeOf(const SupplyTrace &trace, const target::Target &target, double loadWatts);

/// `loadWatts`: what the chip draws while it works, from the capacitor of a harvester.
std::unique_ptr<Supply> makeSupply(const SupplyTrace &trace, const target::Target &target,
                                   double loadWatts);

} // namespace pim::runtime

#endif // PIM_RUNTIME_POWER_SUPPLY_H
