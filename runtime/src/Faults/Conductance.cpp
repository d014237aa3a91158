//===- Conductance.cpp - what a cell of a crossbar conducts ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/Conductance.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::runtime;

double runtime::variationFactor(target::Variation kind, double sigma, double normal) {
  if (kind == target::Variation::Lognormal)
    return std::exp(sigma * normal);
  return std::max(1 + sigma * normal, 0.0);
}

Conductance::Conductance(const target::Target &target, const Die &die)
    : die(die), kind(target.cell.variation), sigma(target.cell.variationSigma),
      drift(driftFactor(target.cell.retentionTimeS, target.cell.driftExponent)),
      onLevel((1u << target.cell.bits) - 1),
      offLevel(target.cell.onOffRatio > 0 ? onLevel / target.cell.onOffRatio : 0),
      hasReference(target.array.reference == target::Reference::Column && offLevel > 0) {}

double Conductance::vary(double nominal, Chance chance, uint32_t array, uint32_t row,
                         uint32_t column) const {
  if (sigma == 0 || nominal == 0)
    return nominal;
  return nominal * variationFactor(kind, sigma, drawCellGaussian(die, chance, array, row, column));
}

double Conductance::cell(uint32_t array, uint32_t row, uint32_t column, unsigned digit) const {
  const double level = offLevel + digit * (onLevel - offLevel) / onLevel;
  return vary(level * drift, Chance::Variation, array, row, column);
}

double Conductance::reference(uint32_t array, uint32_t row) const {
  return hasReference ? vary(offLevel * drift, Chance::ReferenceVariation, array, row, 0) : 0;
}
