//===- Leakage.cpp - energy of doing nothing --------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which cores and arrays have their supply for how long, and what they leak meanwhile.
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Energy/EnergyModel.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;

namespace {
/// Core-seconds and array-seconds with a supply.
struct PoweredTime {
  double cores = 0, arrays = 0;
};
} // namespace

/// In an interval of `seconds` between the ends of two images.
static PoweredTime poweredTime(const target::Target &target, const Timing &timing, double seconds) {
  const double cycle = target.cycleNs() * 1e-9;
  PoweredTime time;
  switch (target.leakage.gating) {
  case target::Gating::None:
    return {target.cores() * seconds, double(target.arrays()) * seconds};
  case target::Gating::Unused:
    for (const CoreActivity &core : timing.activity) {
      time.cores += seconds;
      time.arrays += double(core.arrays.size()) * seconds;
    }
    return time;
  case target::Gating::Idle:
    for (const CoreActivity &core : timing.activity) {
      time.cores += std::min(double(core.core.cycles()) * cycle, seconds);
      for (const ActiveSpan &array : core.arrays)
        time.arrays += std::min(double(array.cycles()) * cycle, seconds);
    }
    return time;
  }
  __builtin_unreachable(); // targets are checked when they are read
}

/// Divides `joules` among `parts` by their areas; the first takes all where none has an area.
static void divideByArea(double joules, std::initializer_list<Component> parts,
                         const Breakdown &area, Breakdown &energy) {
  double whole = 0;
  for (Component part : parts)
    whole += area[part];
  if (whole <= 0) {
    energy[*parts.begin()] += joules;
    return;
  }
  for (Component part : parts)
    energy[part] += joules * area[part] / whole;
}

Breakdown runtime::staticEnergy(const target::Target &target, const Timing &timing,
                                double intervalSeconds) {
  const double residue = target.leakage.gatedFraction;
  const PoweredTime powered = poweredTime(target, timing, intervalSeconds);
  auto effective = [&](double poweredSeconds, double allSeconds) {
    return poweredSeconds + residue * (allSeconds - poweredSeconds);
  };
  const Breakdown area = chipArea(target);
  Breakdown energy;
  divideByArea(
      effective(powered.cores, target.cores() * intervalSeconds) * target.leakage.coreMw * 1e-3,
      {Component::Scratchpad, Component::Dpu, Component::Dma, Component::Sequencer, Component::Noc},
      area, energy);
  divideByArea(effective(powered.arrays, double(target.arrays()) * intervalSeconds) *
                   target.leakage.arrayUw * 1e-6,
               {Component::Array, Component::Dac, Component::Adc, Component::ShiftAdd,
                Component::PopCount, Component::Neuron},
               area, energy);
  return energy;
}
