//===- Options.h - the command line of pimc --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef TOOLS_PIMC_OPTIONS_H
#define TOOLS_PIMC_OPTIONS_H

#include "pim/Driver/Compilation.h"

namespace pimc {

struct Options {
  mlir::pim::CompilationOptions compilation;
  std::string output;
  std::string report; ///< empty: none
  unsigned jobs = 0;  ///< threads; 0: of all processors, or what OMP_NUM_THREADS says
  bool listTargets = false, printTarget = false; ///< instead of compiling
  bool quiet = false;
};

/// Reads the command line. Returns the exit status if the program is to end here: 0 after --help, 2
/// after a wrong use, which has been printed.
std::optional<int> parse(int argc, char **argv, Options &options);

} // namespace pimc

#endif // TOOLS_PIMC_OPTIONS_H
