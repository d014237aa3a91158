//===- Options.h - the command line of pim-compress -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TOOLS_PIM_COMPRESS_OPTIONS_H
#define PIM_TOOLS_PIM_COMPRESS_OPTIONS_H

#include "pim/Compress/Options.h"

#include <optional>
#include <string>

namespace pimcompress {

struct CommandLine {
  pim::compress::Options options;
  std::string initial; ///< name of a graph to write instead of compressing; empty: none
  std::string report;  ///< empty: none, "-": standard output
  bool quiet = false;
};

/// Reads the command line. Returns the exit status if the program is to end here: 0 after --help, 2
/// after a wrong use, which has been printed.
std::optional<int> parse(int argc, char **argv, CommandLine &line);

} // namespace pimcompress

#endif // PIM_TOOLS_PIM_COMPRESS_OPTIONS_H
