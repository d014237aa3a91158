//===- Report.h - what pim-run says about a run ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TOOLS_PIM_RUN_REPORT_H
#define PIM_TOOLS_PIM_RUN_REPORT_H

#include "pim/Runtime/Session/MonteCarlo.h"

#include <cstdint>
#include <string>

namespace llvm {
class raw_ostream;
}

namespace pimrun {

/// A finished run.
struct Run {
  const pim::program::Program &program;
  const pim::target::Target &target;
  const pim::runtime::Costs &costs;
  const pim::runtime::SessionResult &result;
  int threads = 1;
  uint64_t seed = 0;
  /// Of many chips, if there were; `result` is that of the first.
  const pim::runtime::MonteCarloResult *monteCarlo = nullptr;

  /// Over all chips.
  int64_t simulatedSamples() const;

  double samplesPerSecond() const;
  /// Operations (two for each multiplication with its addition) per joule, in 10^12.
  double teraOperationsPerJoule() const;
};

/// The report of schema "pim-run/1": design.md, section 7.
void writeReport(const Run &run, llvm::raw_ostream &stream);

/// The same for people, on one screen.
void printSummary(const Run &run, llvm::raw_ostream &stream);

} // namespace pimrun

#endif // PIM_TOOLS_PIM_RUN_REPORT_H
