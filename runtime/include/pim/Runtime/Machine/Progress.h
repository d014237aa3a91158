//===- Progress.h - a program comes to its end ---------------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Proves that the cores of a program do not wait for each other for ever.
//
// A semaphore only grows, and what a core does does not depend on data or time. So whatever the
// order in which cores run, a core that can go on can still go on later, and all orders come to the
// same end (the semaphores are a monotone, confluent system). One order that brings every core to
// its `halt` proves it for all, and one that gets stuck is a deadlock in all.
//
// Loops that neither wait nor bend a register that a wait reads, but for adding a constant, are not
// run but summed up, so the proof takes time in proportion to the waits that are passed, not to
// the instructions executed. Tested by runtime/tests/Machine/ProgressTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_MACHINE_PROGRESS_H
#define PIM_RUNTIME_MACHINE_PROGRESS_H

#include "pim/Program/Program.h"

#include <cstdint>

namespace pim::runtime {

/// What a proof took.
struct ProgressProof {
  uint64_t waits = 0; ///< passed, over all cores
  uint64_t steps = 0; ///< instructions and summed-up loops
};

/// Throws pim::Error naming core, instruction and semaphore if the program deadlocks. REQUIRES: the
/// program has been verified.
ProgressProof proveProgress(const program::Program &program);

} // namespace pim::runtime

#endif // PIM_RUNTIME_MACHINE_PROGRESS_H
