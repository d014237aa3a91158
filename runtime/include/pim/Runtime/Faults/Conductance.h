//===- Conductance.h - what a cell of a crossbar conducts -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the digit that a cell holds to its conductance: levels between off and on, drift with time,
// and the spread between cells. Conductances are in units of what one digit adds to an ideal cell,
// so an ideal cell with digit d conducts d. docs/non-idealities.md has the formulas and their
// sources. Tested by runtime/tests/Faults/ConductanceTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FAULTS_CONDUCTANCE_H
#define PIM_RUNTIME_FAULTS_CONDUCTANCE_H

#include "pim/Runtime/Faults/Die.h"
#include "pim/Target/Target.h"

namespace pim::runtime {

/// (t / 1 s)^-exponent, 1 within the first second.
double driftFactor(double seconds, double exponent);

/// exp(sigma*n) or 1 + sigma*n, at least 0: a cell's conductance over its nominal one, for a normal
/// number n.
double variationFactor(target::Variation kind, double sigma, double normal);

/// Conductances of the cells of a core's crossbars.
class Conductance {
public:
  Conductance(const target::Target &target, const Die &die);

  /// Whether a cell conducts its digit.
  bool isIdeal() const { return offLevel == 0 && sigma == 0 && drift == 1; }

  double cell(uint32_t array, uint32_t row, uint32_t column, unsigned digit) const;
  /// The cell of a row in the reference column of an array; 0 where there is none.
  double reference(uint32_t array, uint32_t row) const;
  /// What turns the difference of a column and its reference into digits.
  double gain() const { return hasReference ? 1 / (1 - offLevel / onLevel) : 1; }
  /// Nominal conductance of digit 0, and of the largest digit.
  double off() const { return offLevel; }
  double on() const { return onLevel; }
  bool subtractsReference() const { return hasReference; }

private:
  double vary(double nominal, Chance chance, uint32_t array, uint32_t row, uint32_t column) const;

  Die die;
  target::Variation kind;
  double sigma, drift, onLevel, offLevel;
  bool hasReference;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_FAULTS_CONDUCTANCE_H
