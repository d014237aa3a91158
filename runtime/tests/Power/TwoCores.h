//===- TwoCores.h - a program to cut the supply of -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TESTS_POWER_TWOCORES_H
#define PIM_RUNTIME_TESTS_POWER_TWOCORES_H

#include "Support/ProgramBuilder.h"

#include "pim/Runtime/Functional/Executor.h"
#include "pim/Runtime/Power/CommitPlan.h"

namespace pim::runtime::testing {

struct TwoCoresOptions {
  target::ArrayKind kind = target::ArrayKind::Xbar;
  target::Durability durable = target::Durability::GlobalMemory;
  bool hasCommits = false;      ///< `restore` first, `commit` after each turn of the loop
  bool overwritesInput = false; ///< the second layer writes over what it has read
  uint32_t imagesInFlight = 1;
};

/// Core 0 turns six rows of a map into sums, added to those of the row before, and core 1 waits for
/// the result, keeps some of it in its scratchpad and writes what follows from it.
class TwoCores {
public:
  explicit TwoCores(const TwoCoresOptions &options = {});

  void start(MachineState &machine, uint32_t seed) const;
  /// All that lies in global memory behind the input.
  static std::vector<uint8_t> results(const MachineState &machine);
  /// The output alone: where global memory forgets, what nobody reads any more need not be there.
  static std::vector<uint8_t> output(const MachineState &machine);

  std::unique_ptr<LoadedProgram> program;
  std::unique_ptr<TimingTable> table;
  std::unique_ptr<Executable> executable;
};

} // namespace pim::runtime::testing

#endif // PIM_RUNTIME_TESTS_POWER_TWOCORES_H
