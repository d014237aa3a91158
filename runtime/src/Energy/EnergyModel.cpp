//===- EnergyModel.cpp - what events cost -----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Energy/EnergyModel.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;

namespace {

/// Picojoules of one execution, one rule for each kind of work.
class Rules {
public:
  Rules(const LoadedProgram &program, const TimingTable &table, uint32_t core)
      : program(program), target(program.target), table(table), core(core) {}

  template <typename X> Breakdown operator()(const X &) const { return {}; }

  Breakdown operator()(const isa::DmaCopy &inst) const {
    return transfer(transferShape(program, core, inst));
  }
  Breakdown operator()(const isa::DmaFill &inst) const {
    return transfer(transferShape(program, core, inst));
  }
  Breakdown operator()(const isa::Mvm &inst) const;
  Breakdown operator()(const isa::Reprogram &inst) const {
    const ProgrammingShape shape = programmingShape(program, core, inst);
    const double bytes = double(shape.bytes);
    Breakdown energy;
    energy[Component::Programming] = double(shape.cells) * target.cell.writeEnergyPj +
                                     bytes * target.weightStore.energyPjPerByte;
    energy[Component::Noc] = bytes * shape.hops * target.noc.energyPjPerByteHop;
    return energy;
  }
  Breakdown operator()(const isa::Vrequant &inst) const {
    return vectorWork(box(inst.dst).elements(), box(inst.src).bytes(), box(inst.dst).bytes());
  }
  Breakdown operator()(const isa::Vlookup &inst) const {
    return vectorWork(box(inst.dst).elements(), box(inst.src).bytes(), box(inst.dst).bytes());
  }
  Breakdown operator()(const isa::Vadd &inst) const { return binary(inst); }
  Breakdown operator()(const isa::Vsub &inst) const { return binary(inst); }
  Breakdown operator()(const isa::Vmul &inst) const { return binary(inst); }
  Breakdown operator()(const isa::Vmin &inst) const { return binary(inst); }
  Breakdown operator()(const isa::Vmax &inst) const { return binary(inst); }
  Breakdown operator()(const isa::Host &inst) const {
    return hostEnergy(hostWork(program.graphs[inst.call], target.host), target.host);
  }
  Breakdown operator()(const isa::Vmaxpool &inst) const { return pool(inst); }
  Breakdown operator()(const isa::Vavgpool &inst) const { return pool(inst); }

private:
  const Box &box(uint32_t index) const { return program.cores[core].boxes[index]; }
  const fb::WindowDescriptorT &window(uint32_t index) const {
    return *program.cores[core].tables->windows[index];
  }

  Breakdown transfer(const TransferShape &shape) const {
    const double bytes = double(shape.bytes);
    Breakdown energy;
    energy[Component::Dma] = bytes * target.dma.energyPjPerByte;
    energy[Component::Scratchpad] = bytes * (shape.readsScratchpad + shape.writesScratchpad) *
                                    target.scratchpad.energyPjPerByte;
    energy[Component::GlobalMemory] =
        bytes * (shape.readsGlobal + shape.writesGlobal) * target.globalMemory.energyPjPerByte;
    energy[Component::Noc] = bytes * shape.hops * target.noc.energyPjPerByteHop;
    return energy;
  }
  Breakdown vectorWork(uint64_t operations, uint64_t bytesRead, uint64_t bytesWritten) const {
    Breakdown energy;
    energy[Component::Dpu] = double(operations) * target.dpu.opEnergyPj;
    energy[Component::Scratchpad] =
        double(bytesRead + bytesWritten) * target.scratchpad.energyPjPerByte;
    return energy;
  }
  template <typename X> Breakdown binary(const X &inst) const {
    return vectorWork(box(inst.dst).elements(), box(inst.a).bytes() + box(inst.b).bytes(),
                      box(inst.dst).bytes());
  }
  template <typename X> Breakdown pool(const X &inst) const {
    const fb::WindowDescriptorT &from = window(inst.window);
    const Box &dst = box(inst.dst);
    const uint64_t taps = dst.elements() * from.kernel_rows * from.kernel_cols;
    return vectorWork(taps, taps * dst.elementBytes, dst.bytes());
  }

  const LoadedProgram &program;
  const target::Target &target;
  const TimingTable &table;
  uint32_t core;
};

Breakdown Rules::operator()(const isa::Mvm &inst) const {
  const fb::ArrayGroupT &group = *program.cores[core].tables->groups[inst.group];
  const fb::WindowDescriptorT &from = window(inst.window);
  Breakdown energy = matrixVectorEnergy(target, group, table.groups[core][inst.group]);
  const double bytes = double(group.matrix_rows) * elementBytesOf(from.element) +
                       double(group.matrix_cols) * 4 * (inst.accumulate ? 2 : 1);
  energy[Component::Scratchpad] += bytes * target.scratchpad.energyPjPerByte;
  return energy * (double(from.out_rows) * from.out_cols);
}

} // namespace

Breakdown runtime::hostEnergy(const HostWork &work, const target::Target::Host &host) {
  Breakdown energy;
  energy[Component::HostMac] = double(work.macs) * host.macEnergyPj;
  energy[Component::HostCache] =
      double(work.l1Bytes) * host.l1PjPerByte + double(work.l2Bytes) * host.l2PjPerByte;
  energy[Component::HostDram] = double(work.dramBytes) * host.dramPjPerByte;
  return energy;
}

Breakdown runtime::instructionEnergy(const LoadedProgram &program, const TimingTable &table,
                                     uint32_t core, uint32_t position) {
  Breakdown energy =
      isa::visit(program.cores[core].code[position],
                 [rules = Rules(program, table, core)](const auto &inst) { return rules(inst); });
  energy[Component::Sequencer] += program.target.sequencer.energyPj;
  return energy;
}

/// Cells that `reprogram`s write in an inference. They stand outside of loops, and every round
/// writes the arrays from 0 on, so array 0 of a core is written most.
static void countWrites(const LoadedProgram &program, Costs &costs) {
  for (uint32_t core = 0; core < program.cores.size(); ++core) {
    uint64_t writes = 0;
    for (const isa::Instruction &instruction : program.cores[core].code)
      if (const auto *reprogram = instruction.getIf<isa::Reprogram>()) {
        costs.cellWrites += programmingShape(program, core, *reprogram).cells;
        ++writes;
      }
    costs.writesPerCell = std::max(costs.writesPerCell, writes);
  }
}

static LayerCosts layerCosts(const LayerTiming &timing, double cycleSeconds) {
  auto busy = [&](isa::Unit unit) { return double(timing.busy[size_t(unit)]) * cycleSeconds; };
  LayerCosts costs;
  if (timing.cycles() != 0) {
    costs.beginSeconds = double(timing.begin) * cycleSeconds;
    costs.endSeconds = double(timing.end) * cycleSeconds;
  }
  costs.arraysBusySeconds = busy(isa::Unit::Array);
  costs.dpuBusySeconds = busy(isa::Unit::Dpu);
  costs.dmaBusySeconds = busy(isa::Unit::Dma);
  costs.hostBusySeconds = busy(isa::Unit::HostCpu);
  costs.executedInstructions = timing.executed;
  return costs;
}

/// Divides the leakage of the inference among the layers by their latencies; what is left, if they
/// do not cover all of it, belongs to none.
static void shareLeakage(double joules, Costs &costs) {
  double covered = 0;
  for (const LayerCosts &layer : costs.layers)
    covered += layer.latencySeconds();
  const double whole = std::max(covered, costs.latencySeconds);
  double left = joules;
  for (LayerCosts &layer : costs.layers) {
    const double share = whole > 0 ? joules * layer.latencySeconds() / whole : 0;
    layer.energyJoules[Component::Leakage] = share;
    left -= share;
  }
  costs.other.energyJoules[Component::Leakage] = std::max(left, 0.0);
}

Costs runtime::computeCosts(const LoadedProgram &program, const TimingTable &table,
                            const Timing &timing) {
  constexpr double joulesPerPj = 1e-12;
  const double cycleSeconds = program.target.cycleNs() * 1e-9;
  Costs costs;
  costs.cycles = timing.cycles;
  costs.latencySeconds = double(timing.cycles) * cycleSeconds;
  costs.intervalSeconds = double(steadyInterval(program, table, timing)) * cycleSeconds;
  costs.imagesInFlight = program.header().images_in_flight;
  costs.executedInstructions = timing.executed;
  costs.areaSquareMillimetres = chipArea(program.target);

  for (size_t i = 0; i < timing.layers.size(); ++i) {
    const fb::LayerT &source = *program.header().layers[i];
    LayerCosts &layer = costs.layers.emplace_back(layerCosts(timing.layers[i], cycleSeconds));
    layer.name = source.name;
    layer.op = source.op;
    layer.mapping = source.mapping;
    layer.macs = source.macs;
    layer.arrays = source.arrays;
    layer.weights = source.weights;
  }
  costs.other = layerCosts(timing.other, cycleSeconds);

  for (uint32_t core = 0; core < program.cores.size(); ++core)
    for (uint32_t position = 0; position < program.cores[core].code.size(); ++position) {
      const uint64_t executions = timing.executions[core][position];
      if (executions == 0)
        continue;
      const int32_t layer = program.cores[core].layerOf[position];
      LayerCosts &owner = layer < 0 ? costs.other : costs.layers[size_t(layer)];
      owner.energyJoules +=
          instructionEnergy(program, table, core, position) * (double(executions) * joulesPerPj);
    }
  countWrites(program, costs);
  auto addHost = [&](LayerCosts &layer) {
    layer.energyJoules[Component::Host] = layer.hostBusySeconds * program.target.host.powerW;
  };
  std::for_each(costs.layers.begin(), costs.layers.end(), addHost);
  addHost(costs.other);
  costs.staticJoules = staticEnergy(program.target, timing, costs.intervalSeconds);
  shareLeakage(costs.staticJoules.total(), costs);

  for (const LayerCosts &layer : costs.layers)
    costs.energyJoules += layer.energyJoules;
  costs.energyJoules += costs.other.energyJoules;
  costs.aloneJoules = costs.energyJoules.total() - costs.staticJoules.total() +
                      staticEnergy(program.target, timing, costs.latencySeconds).total();
  return costs;
}
