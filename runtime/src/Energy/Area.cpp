//===- Area.cpp - area of a chip --------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Energy/EnergyModel.h"

using namespace pim;
using namespace pim::runtime;

Breakdown runtime::chipArea(const target::Target &target) {
  constexpr double mm2PerUm2 = 1e-6;
  const double cores = target.cores(), arrays = double(target.arrays());
  Breakdown area;
  area[Component::Array] = arrays * target.array.areaUm2;
  if (target.array.kind == target::ArrayKind::Imac) {
    area[Component::Neuron] = arrays * target.imacArray.peripheryAreaUm2;
    area[Component::Adc] = cores * target.imacArray.converters * target.adcAreaUm2();
  } else if (target.array.kind == target::ArrayKind::Xbar) {
    area[Component::Dac] = arrays * target.dac.perArray * target.dac.areaUm2;
    area[Component::Adc] = arrays * target.adc.perArray * target.adcAreaUm2();
    area[Component::ShiftAdd] = arrays * target.shiftAdd.areaUm2;
  } else {
    // One number covers compressor tree, shifter and accumulators.
    area[Component::PopCount] = arrays * target.andArray.peripheryAreaUm2;
  }
  area[Component::Dpu] = cores * target.dpu.areaUm2;
  area[Component::Scratchpad] = cores * target.core.scratchpadKib * target.scratchpad.areaUm2PerKib;
  area[Component::Dma] = cores * target.dma.areaUm2;
  area[Component::Noc] = cores * target.noc.routerAreaUm2;
  area[Component::Sequencer] = cores * target.sequencer.areaUm2;
  area[Component::GlobalMemory] = target.globalMemory.sizeMib * target.globalMemory.areaUm2PerMib;
  return area * mm2PerUm2;
}
