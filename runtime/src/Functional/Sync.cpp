//===- Sync.cpp - semaphores ------------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Functional/Semantics.h"

using namespace pim;
using namespace pim::runtime;

bool runtime::isReady(const CoreState &core, const isa::Wait &inst) {
  return core.machine->semaphores[inst.semaphore] >= int64_t(core.sequencer[inst.rs]) + inst.imm;
}

void runtime::execute(CoreState &core, const isa::Signal &inst) {
  core.machine->semaphores[inst.semaphore] += inst.amount;
}
