//===- Semantics.h - what instructions do to data --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function for each instruction that works on memories or semaphores: on the state of its core
// and the decoded instruction, nothing else. No cycle, no statistics. Those of the sequencer alone
// are in Machine/Sequencer.h. An instruction of the table without a function here does not compile
// or link.
//
// docs/isa.md states the meanings, runtime/tests/Functional has a test for each.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FUNCTIONAL_SEMANTICS_H
#define PIM_RUNTIME_FUNCTIONAL_SEMANTICS_H

#include "pim/Runtime/Functional/MachineState.h"

namespace pim::runtime {

/// Whether the semaphore allows the core to go on. `wait` changes nothing.
bool isReady(const CoreState &core, const isa::Wait &inst);
inline void execute(CoreState &, const isa::Wait &) {}
void execute(CoreState &core, const isa::Signal &inst);

void execute(CoreState &core, const isa::DmaCopy &inst);
void execute(CoreState &core, const isa::DmaFill &inst);

void execute(CoreState &core, const isa::Mvm &inst);
/// Which images a `mvm` drives is known from the code alone, and verified.
inline void execute(CoreState &, const isa::Reprogram &) {}

void execute(CoreState &core, const isa::Vrequant &inst);
void execute(CoreState &core, const isa::Vadd &inst);
void execute(CoreState &core, const isa::Vsub &inst);
void execute(CoreState &core, const isa::Vmul &inst);
void execute(CoreState &core, const isa::Vmin &inst);
void execute(CoreState &core, const isa::Vmax &inst);
void execute(CoreState &core, const isa::Vlookup &inst);
void execute(CoreState &core, const isa::Vmaxpool &inst);
void execute(CoreState &core, const isa::Vavgpool &inst);

void execute(CoreState &core, const isa::Host &inst);

} // namespace pim::runtime

#endif // PIM_RUNTIME_FUNCTIONAL_SEMANTICS_H
