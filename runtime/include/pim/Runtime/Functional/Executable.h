//===- Executable.h - a program, programmed into arrays --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the functional run needs beyond the decoded program: arrays with their cells, and the tables
// of the vector unit in the form that its kernels load. Immutable, shared by threads.
//
// Tested by runtime/tests/Functional.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FUNCTIONAL_EXECUTABLE_H
#define PIM_RUNTIME_FUNCTIONAL_EXECUTABLE_H

#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Runtime/Functional/RequantizeTable.h"
#include "pim/Runtime/Machine/LoadedProgram.h"

#include <functional>

namespace pim::runtime {

struct CoreExecutable {
  std::vector<std::unique_ptr<const ProgrammedGroup>> groups;
  std::vector<RequantizeTable> requantize;
};

struct Executable {
  /// Programs the arrays of the chip that `seed` picks, and tells `progress` the number of array
  /// groups done and of all. `program` must outlive the executable. Throws pim::Error.
  explicit Executable(const LoadedProgram &program, uint64_t seed = 0,
                      const std::function<void(int64_t done, int64_t total)> &progress = {});

  const LoadedProgram &program;
  std::vector<CoreExecutable> cores;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_FUNCTIONAL_EXECUTABLE_H
