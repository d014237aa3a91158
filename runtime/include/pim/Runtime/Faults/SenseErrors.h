//===- SenseErrors.h - errors in sensing two rows ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An `and` array compares the current of two cells in parallel with a reference halfway between
// "both on" and "one on". With currents in units of a cell in its parallel state, a cell in the
// antiparallel state draws a = 1/(1 + TMR), and the margins are
//   both on: (1 - a)/2,   one on: (1 - a)/2,   none on: 3 (1 - a)/2.
// Cells that spread by sigma and amplifiers with offsets of deviation sigma_o misread with
//   Q(margin / sqrt(sigma_o^2 + sigma^2 * (sum of the squares of both currents))),
// Q the tail of the normal distribution. Each sensing errs on its own. docs/non-idealities.md has
// the derivation. Tested by runtime/tests/Faults/SenseErrorsTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FAULTS_SENSEERRORS_H
#define PIM_RUNTIME_FAULTS_SENSEERRORS_H

#include "pim/Runtime/Faults/Die.h"
#include "pim/Target/Target.h"

#include <vector>

namespace pim::runtime {

/// Probabilities that a pair of cells is misread, by how many of the two are on.
struct SenseErrorRates {
  double none = 0, one = 0, both = 0;

  bool any() const { return none > 0 || one > 0 || both > 0; }
};

/// `tmr` as a ratio, `cellSigma` and `offsetSigma` as parts of a parallel cell's current.
SenseErrorRates senseErrorRates(double tmr, double cellSigma, double offsetSigma);

/// Of a target; no errors if it has no cell.tmr_percent.
SenseErrorRates senseErrorRates(const target::Target &target);

/// How many of n trials succeed: a binomial distribution, by inversion.
class Binomial {
public:
  Binomial(double probability, uint32_t mostTrials);

  /// `word` is uniform. REQUIRES: trials <= mostTrials.
  uint32_t operator()(uint32_t trials, uint32_t word) const;

private:
  double odds;
  bool isCertain;
  std::vector<double> none; ///< probability of no success, by trials
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_FAULTS_SENSEERRORS_H
