//===- ArrayEnergy.cpp - energy of array kinds ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Energy/EnergyModel.h"

using namespace pim;
using namespace pim::runtime;

static Breakdown xbarEnergy(const target::Target &target, const fb::ArrayGroupT &group,
                            std::span<const ArrayUse> uses) {
  Breakdown energy;
  for (const ArrayUse &use : uses) {
    const double steps = (group.input_bits + use.mostDelay + target.dac.bits - 1) / target.dac.bits;
    // Cells that no row drives or no column reads draw nothing.
    const double cells = double(use.rows) * use.columns;
    const double conversions = steps * use.rowSets * use.columns;
    energy[Component::Array] +=
        steps * target.array.readEnergyPj * cells / (double(target.array.rows) * target.array.cols);
    energy[Component::Dac] += steps * use.rows * target.dac.energyPj;
    energy[Component::Adc] += conversions * target.adcEnergyPj();
    energy[Component::ShiftAdd] += conversions * target.shiftAdd.energyPj;
  }
  return energy;
}

static Breakdown andEnergy(const target::Target &target, const fb::ArrayGroupT &group,
                           std::span<const ArrayUse> uses) {
  Breakdown energy;
  for (const ArrayUse &use : uses) {
    const double planes = double(group.input_bits + use.mostDelay) * use.rowSets;
    const double pairs = planes * use.columns;
    // Columns without weights are neither sensed nor written, and zeros count for nothing.
    const double share = double(use.rows) / (double(use.rowSets) * target.matrixRows());
    energy[Component::Array] += pairs * share * target.andArray.energyPj;
    energy[Component::PopCount] += pairs * share * target.andArray.popcountEnergyPj;
    energy[Component::Accumulate] += pairs * target.andArray.accumulateEnergyPj;
    energy[Component::InputWrite] += planes * share * target.andArray.writeRowEnergyPj;
  }
  return energy;
}

/// For the time that the layers settle in, one after another, every line in use is at the supply
/// and every pair has one cell at low and one at high resistance: what ternary weights draw at most
/// where zeros are pairs at high resistance.
static Breakdown imacEnergy(const target::Target &target, const fb::ArrayGroupT &group,
                            std::span<const ArrayUse> uses) {
  constexpr double pjPerWattNs = 1e3, pjPerMicrowattNs = 1e-3;
  const target::Target::ImacArray &imac = target.imacArray;
  const double settling = double(group.neurons.size()) * imac.layerNs;
  const double pairSiemens = (1 + 1 / target.cell.onOffRatio) / target.cell.onOhm;
  Breakdown energy;
  double amplifiers = 0;
  for (const ArrayUse &use : uses) {
    const double pairs = use.columns / 2.0;
    amplifiers += pairs;
    energy[Component::Array] +=
        use.rows * pairs * imac.supplyV * imac.supplyV * pairSiemens * settling * pjPerWattNs;
  }
  const double neurons = program::columnCount(group);
  energy[Component::Neuron] =
      (amplifiers * imac.amplifierUw + neurons * imac.neuronUw) * settling * pjPerMicrowattNs;
  energy[Component::Dac] = group.matrix_rows * imac.signEnergyPj;
  energy[Component::Adc] = group.matrix_cols * target.adcEnergyPj();
  return energy;
}

Breakdown runtime::matrixVectorEnergy(const target::Target &target, const fb::ArrayGroupT &group,
                                      std::span<const ArrayUse> uses) {
  switch (target.array.kind) {
  case target::ArrayKind::And:
    return andEnergy(target, group, uses);
  case target::ArrayKind::Xbar:
    return xbarEnergy(target, group, uses);
  case target::ArrayKind::Imac:
    return imacEnergy(target, group, uses);
  }
  __builtin_unreachable(); // targets are checked when they are read
}
