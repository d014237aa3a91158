//===- CommandLine.h - what every tool's command line has ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shared by pimc and pim-run: no MLIR in it.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DRIVER_COMMANDLINE_H
#define PIM_DRIVER_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/CommandLine.h"

#include <cmath>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace mlir::pim {

/// Exit statuses of every tool (besides 0).
constexpr int inputAtFaultStatus = 1;
constexpr int usageStatus = 2;

/// Parses the command line of `tool`. `--help` shows the options of `categories` in their order;
/// LLVM's own are hidden. Returns the exit status if the program is to end: 0 after --help or
/// --version, 2 after a wrong use, printed as `tool: error: ...`.
std::optional<int> parseCommandLine(int argc, char **argv, llvm::StringRef tool,
                                    llvm::StringRef overview,
                                    llvm::ArrayRef<llvm::cl::OptionCategory *> categories);

/// Reads the number that `option` holds as text: LLVM's own number options print what is wrong
/// themselves, in a form of their own. False, with `problem` set, if it is none or out of range.
template <typename Number>
bool readNumber(const llvm::cl::opt<std::string> &option, Number &number, std::string &problem) {
  bool bad;
  if constexpr (std::is_floating_point_v<Number>)
    bad = llvm::StringRef(option).getAsDouble(number) || !std::isfinite(number);
  else
    bad = llvm::StringRef(option).getAsInteger(10, number);
  if (bad)
    problem = ((option.ArgStr.size() == 1 ? "-" : "--") + option.ArgStr + " '" + option.getValue() +
               (std::is_floating_point_v<Number> ? "' is not a number"
                : std::is_signed_v<Number>       ? "' is not a whole number"
                                                 : "' is not a whole number of at least 0"))
                  .str();
  return !bad;
}

/// Throws pim::Error if `output` is the same file as one of `inputs`, each a path or "NAME=PATH":
/// what a tool reads is not what it is to write over.
void requireOtherFile(const std::string &output, llvm::ArrayRef<std::string> inputs);

/// Reads "0.485,0.456,0.406" or "1/255" into `numbers` (empty text: none). False, with `problem`
/// set, where a part is no finite number.
bool parseNumberList(llvm::StringRef text, std::vector<double> &numbers, std::string &problem);

} // namespace mlir::pim

#endif // PIM_DRIVER_COMMANDLINE_H
