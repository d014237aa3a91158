//===- Executor.h - runs an inference --------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Steps the cores of a machine until all have halted: each in turn, until it waits for a semaphore.
// The results of a program whose cores are synchronized do not depend on that order.
//
// Tested by runtime/tests/Functional/ExecutorTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FUNCTIONAL_EXECUTOR_H
#define PIM_RUNTIME_FUNCTIONAL_EXECUTOR_H

#include "pim/Runtime/Functional/MachineState.h"

#include <functional>

namespace pim::runtime {

/// What looks on. Either may be absent.
struct ExecutionObserver {
  /// Before each instruction: core and position.
  std::function<void(uint32_t core, uint32_t position)> onInstruction;
  /// When the last core has left a layer for the first time, before it goes on.
  std::function<void(size_t layer)> onLayer;
  /// Not 0: cores take turns in an order and for stretches drawn from this seed. The results of a
  /// program whose cores wait for all that they read are the same for all seeds.
  uint64_t interleaving = 0;
};

/// Runs every core to its `halt` and returns the number of instructions executed. Throws pim::Error
/// at an access outside a memory, and at a deadlock, naming core, layer and semaphore.
uint64_t runCores(MachineState &machine, const ExecutionObserver *observer = nullptr);

/// Executes the instruction at the core's position and goes on to the next. REQUIRES: a `wait` is
/// ready.
void executeNext(CoreState &core);

} // namespace pim::runtime

#endif // PIM_RUNTIME_FUNCTIONAL_EXECUTOR_H
