//===- SenseErrors.cpp - errors in sensing two rows -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/SenseErrors.h"

#include <cmath>

using namespace pim;
using namespace pim::runtime;

/// Part of the normal distribution above `deviations`.
static double tail(double deviations) { return std::erfc(deviations / std::sqrt(2.0)) / 2; }

SenseErrorRates runtime::senseErrorRates(double tmr, double cellSigma, double offsetSigma) {
  const double off = 1 / (1 + tmr), margin = (1 - off) / 2;
  auto rate = [&](double distance, double first, double second) {
    const double sigma = std::sqrt(offsetSigma * offsetSigma +
                                   cellSigma * cellSigma * (first * first + second * second));
    return sigma > 0 ? tail(distance / sigma) : 0;
  };
  return {rate(3 * margin, off, off), rate(margin, 1, off), rate(margin, 1, 1)};
}

SenseErrorRates runtime::senseErrorRates(const target::Target &target) {
  if (target.array.kind != target::ArrayKind::And || target.cell.tmrPercent <= 0)
    return {};
  return senseErrorRates(target.cell.tmrPercent / 100, target.cell.variationSigma,
                         target.andArray.senseOffsetSigma);
}

Binomial::Binomial(double probability, uint32_t mostTrials)
    : odds(probability / (1 - probability)), isCertain(probability >= 1) {
  for (uint32_t n = 0; n <= mostTrials; ++n)
    none.push_back(std::pow(1 - probability, n));
}

uint32_t Binomial::operator()(uint32_t trials, uint32_t word) const {
  if (isCertain)
    return trials;
  double left = toUnit(word), part = none[trials];
  uint32_t successes = 0;
  // part(k+1) = part(k) * odds * (n-k)/(k+1)
  for (; left > part && successes < trials; ++successes) {
    left -= part;
    part *= odds * double(trials - successes) / double(successes + 1);
  }
  return successes;
}
