//===- CommandLine.cpp - what every tool's command line has ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Driver/CommandLine.h"
#include "pim/Support/Error.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <iterator>

using namespace llvm;

/// The text between quotes that follows `head` in `text`, empty if there is none.
static StringRef quotedAfter(StringRef text, StringRef head) {
  const size_t at = text.find(head);
  if (at == StringRef::npos)
    return "";
  return text.drop_front(at + head.size()).split('\'').first;
}

/// ", did you mean '--calibrate'" where LLVM's nearest option is near enough to be meant.
static std::string suggestion(StringRef errors) {
  const StringRef given =
      quotedAfter(errors, "Unknown command line argument '").ltrim('-').split('=').first;
  const StringRef nearest = quotedAfter(errors, "Did you mean '").ltrim('-').split('=').first;
  if (given.empty() || nearest.empty() || given.edit_distance(nearest) > given.size() / 3 + 1)
    return "";
  return (", did you mean '" + Twine(nearest.size() == 1 ? "-" : "--") + nearest + "'").str();
}

std::optional<int> mlir::pim::parseCommandLine(int argc, char **argv, StringRef tool,
                                               StringRef overview,
                                               ArrayRef<cl::OptionCategory *> categories) {
  cl::HideUnrelatedOptions(
      SmallVector<const cl::OptionCategory *>(categories.begin(), categories.end()));
  cl::SetVersionPrinter([tool = tool.str()](raw_ostream &stream) {
    stream << tool << " (pim-mlir) " << PIM_VERSION << ", LLVM " << LLVM_VERSION_STRING << "\n";
  });
  std::string help = (tool + ": " + overview + "\n").str();
  std::string errors;
  raw_string_ostream stream(errors);
  if (cl::ParseCommandLineOptions(argc, argv, help, &stream))
    return std::nullopt;
  // LLVM writes "path/tool: What.  Try: ..." and then hints on other lines.
  StringRef message = StringRef(errors).split('\n').first;
  if (size_t colon = message.find(": "); colon != StringRef::npos)
    message = message.drop_front(colon + 2);
  std::string text = message.split("  Try:").first.rtrim("!.").str();
  if (!text.empty())
    text[0] = toLower(text[0]);
  if (StringRef(text).starts_with("too many positional"))
    text = "more than one file is given; the value of an option that can stand alone follows a '='";
  llvm::errs() << tool << ": error: " << text << suggestion(errors) << "; see " << tool
               << " --help\n";
  return usageStatus;
}

void mlir::pim::requireOtherFile(const std::string &output, ArrayRef<std::string> inputs) {
  auto isOutput = [&](StringRef path) {
    return sys::fs::is_regular_file(path) && sys::fs::equivalent(path, output);
  };
  for (StringRef input : inputs)
    if (isOutput(input) || isOutput(input.split('=').second))
      ::pim::fail(output, ": is read too; name another file to write to");
}

/// A number, or a quotient of two.
static bool parseNumber(StringRef text, double &number) {
  auto [numerator, denominator] = text.split('/');
  if (numerator.trim().getAsDouble(number))
    return false;
  if (text.contains('/')) {
    double divisor;
    if (denominator.trim().getAsDouble(divisor) || divisor == 0)
      return false;
    number /= divisor;
  }
  return std::isfinite(number);
}

bool mlir::pim::parseNumberList(StringRef text, std::vector<double> &numbers,
                                std::string &problem) {
  numbers.clear();
  if (text.empty())
    return true;
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  for (StringRef part : parts) {
    double number;
    if (!parseNumber(part, number)) {
      problem = ("'" + part + "' is not a number").str();
      return false;
    }
    numbers.push_back(number);
  }
  return true;
}
