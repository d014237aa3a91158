//===- Options.h - the command line of pim-run -----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TOOLS_PIM_RUN_OPTIONS_H
#define PIM_TOOLS_PIM_RUN_OPTIONS_H

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pimrun {

struct Options {
  std::string program;
  std::vector<std::string> inputs; ///< "[NAME=]PATH"
  std::string labels;              ///< empty: none
  int64_t offset = 0;
  std::optional<int64_t> limit;

  // What the command line says of raw bytes; the program's own holds for the rest.
  std::optional<double> scale;
  std::optional<std::vector<double>> mean, std;
  std::optional<std::string> layout;

  std::vector<std::string> settings; ///< "KEY=VALUE"
  uint64_t seed = 0;
  uint64_t interleaving = 0;
  std::optional<int64_t> monteCarlo; ///< runs on different chips
  int threads = 1;

  std::string power;                 ///< "TRACE" or "seeded:MTBF_S[,SEED]", empty: never fails
  std::string commitPolicy = "auto"; ///< of CommitPolicy::parse()
  std::string checkpoint;            ///< empty: none

  bool costsOnly = false; ///< no data
  bool check = false;
  std::string output; ///< empty: none
  std::string report; ///< empty: none, "-": standard output
  bool quiet = false;
};

/// Reads the command line. Returns the exit status if the program is to end here: 0 after --help, 2
/// after a wrong use, which has been printed.
std::optional<int> parse(int argc, char **argv, Options &options);

} // namespace pimrun

#endif // PIM_TOOLS_PIM_RUN_OPTIONS_H
