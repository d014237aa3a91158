//===- EnergyModel.h - what events cost ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Energy from counted events and the target's numbers, area from its geometry; docs/cost-model.md
// has the rules. Fed by the result of a timing run; nothing is measured while data flows.
//
// Tested by runtime/tests/Energy.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ENERGY_ENERGYMODEL_H
#define PIM_RUNTIME_ENERGY_ENERGYMODEL_H

#include "pim/Runtime/Energy/Costs.h"
#include "pim/Runtime/Timing/TimingRun.h"

namespace pim::runtime {

/// Picojoules that one output position takes in the arrays of a group, by the kind of the target's
/// arrays.
Breakdown matrixVectorEnergy(const target::Target &target, const fb::ArrayGroupT &group,
                             std::span<const ArrayUse> uses);

/// Picojoules of the work of a call of the host, by multiply-accumulates and bytes; its power over
/// time comes on top.
Breakdown hostEnergy(const HostWork &work, const target::Target::Host &host);

/// Picojoules of one execution of an instruction, without the power of the host.
Breakdown instructionEnergy(const LoadedProgram &program, const TimingTable &table, uint32_t core,
                            uint32_t position);

/// Square millimetres of the chip, used or not.
Breakdown chipArea(const target::Target &target);

/// Leakage of an inference, by what leaks, in joules, where one ends every `intervalSeconds`: parts
/// that the target's gating cuts off draw their `gated_fraction`. A core's leakage and an array's
/// are divided by the areas of their parts.
Breakdown staticEnergy(const target::Target &target, const Timing &timing, double intervalSeconds);

/// Everything that an inference costs.
Costs computeCosts(const LoadedProgram &program, const TimingTable &table, const Timing &timing);

} // namespace pim::runtime

#endif // PIM_RUNTIME_ENERGY_ENERGYMODEL_H
