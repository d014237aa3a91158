//===- IntermittentRun.h - an inference whose supply fails -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is computed when the supply fails: at a cut, volatile memories, registers and semaphores are
// filled with noise, and so are the bytes that were being written elsewhere; a commit that was
// under way leaves noise in the place that was not valid. Then the state that was last committed
// comes back and the rest runs again. Knows no energies.
//
// Tested by runtime/tests/Power/IntermittentRunTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_POWER_INTERMITTENTRUN_H
#define PIM_RUNTIME_POWER_INTERMITTENTRUN_H

#include "pim/Runtime/Functional/MachineState.h"
#include "pim/Runtime/Power/CommitPlan.h"

namespace pim::runtime {

/// The supply fails `cycles` after the chip went on from commit point `point`, before the next
/// commit is complete.
struct Cut {
  uint32_t point = 0;
  uint64_t cycles = 0;
};

/// Runs the inference of `plan` with these cuts, in order. `seed` is that of the noise. REQUIRES:
/// memories are as at the beginning of an inference. Throws pim::Error at an access outside a
/// memory.
void runIntermittent(MachineState &machine, const CommitPlan &plan, std::span<const Cut> cuts,
                     uint64_t seed);

} // namespace pim::runtime

#endif // PIM_RUNTIME_POWER_INTERMITTENTRUN_H
