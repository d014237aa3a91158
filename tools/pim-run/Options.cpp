//===- Options.cpp - the command line of pim-run ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "pim/Driver/CommandLine.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <thread>

using namespace llvm;

namespace {

cl::OptionCategory dataCategory("Data");
cl::OptionCategory preprocessCategory("Preprocessing of raw bytes (the program records what "
                                      "pimc was told)");
cl::OptionCategory machineCategory("Machine");
cl::OptionCategory resultCategory("Results");

/// The options, made once freeOptionNames() has been called. Numbers are texts, since LLVM's own
/// message about a bad one has another form than our errors.
struct CommandLine {
  cl::opt<std::string> program{cl::Positional, cl::desc("PROGRAM.pimb"), cl::Required,
                               cl::cat(dataCategory)};
  cl::list<std::string> inputs{
      "input", cl::value_desc("[NAME=]DATA"),
      cl::desc("Samples of an input, in the order of the inputs or by name: .npy, .npz, .pb, MNIST "
               "idx or CIFAR-10 binary (repeatable)"),
      cl::cat(dataCategory)};
  cl::opt<std::string> labels{"labels", cl::value_desc("FILE"),
                              cl::desc("Class of each sample: idx, .npy, or text with one number a "
                                       "line or in the second column"),
                              cl::cat(dataCategory)};
  cl::opt<std::string> limit{"limit", cl::value_desc("N"), cl::desc("Run at most N samples"),
                             cl::cat(dataCategory)};
  cl::opt<std::string> offset{"offset", cl::init("0"), cl::value_desc("N"),
                              cl::desc("Skip the first N samples"), cl::cat(dataCategory)};
  cl::opt<std::string> scale{"scale", cl::value_desc("S"),
                             cl::desc("Raw bytes become (byte*S - mean)/std; 1/255 is accepted"),
                             cl::cat(preprocessCategory)};
  cl::opt<std::string> mean{"mean", cl::value_desc("M,..."),
                            cl::desc("Mean, one value or one for each channel"),
                            cl::cat(preprocessCategory)};
  cl::opt<std::string> standardDeviation{"std", cl::value_desc("D,..."),
                                         cl::desc("Standard deviation, likewise"),
                                         cl::cat(preprocessCategory)};
  cl::opt<std::string> layout{"layout", cl::value_desc("nhwc|nchw"),
                              cl::desc("Layout of image data where the file does not say it"),
                              cl::cat(preprocessCategory)};
  cl::list<std::string> settings{"set", cl::value_desc("KEY=VALUE"),
                                 cl::desc("Change a number of the target, e.g. adc.bits=5 "
                                          "(repeatable)"),
                                 cl::cat(machineCategory)};
  cl::opt<std::string> power{
      "power", cl::value_desc("TRACE|seeded:MTBF_S[,SEED]"),
      cl::desc("Let the supply fail: a file of intervals (on_s,off_s) or of harvested power "
               "(time_s,power_w), or at random with a mean time between failures"),
      cl::cat(machineCategory)};
  cl::opt<std::string> commitPolicy{
      "commit-policy", cl::value_desc("POLICY"),
      cl::desc("When state is made durable: auto for what suits the supply, pass, segment, pixel, "
               "layer, cycles:N, or program for its own commit instructions (default auto)"),
      cl::cat(machineCategory)};
  cl::opt<std::string> seed{"seed", cl::init("0"), cl::value_desc("N"),
                            cl::desc("Seed of everything random (default 0)"),
                            cl::cat(machineCategory)};
  cl::opt<std::string> interleave{
      "interleave", cl::init("0"), cl::value_desc("N"),
      cl::desc("Let cores take turns in an order drawn from N; results must not change (default "
               "0: in fixed order)"),
      cl::cat(machineCategory)};
  cl::opt<std::string> monteCarlo{
      "monte-carlo", cl::value_desc("N"),
      cl::desc("Run all samples on N chips, of seed, seed+1, ...: mean, deviation and confidence "
               "interval of the accuracy"),
      cl::cat(machineCategory)};
  cl::opt<std::string> threads{
      "threads", cl::init("1"), cl::value_desc("N"),
      cl::desc(
          "Simulate N samples (or, with --monte-carlo, N chips) at a time; 0: as many as there are "
          "processors (default 1)"),
      cl::cat(machineCategory)};
  cl::opt<bool> costsOnly{"costs-only",
                          cl::desc("Work out time, energy and area alone, which depend on no data; "
                                   "no --input is needed"),
                          cl::cat(resultCategory)};
  cl::opt<bool> check{"check",
                      cl::desc("Compare every layer and output with the reference that the "
                               "compiler left in the program; exit 1 on any difference"),
                      cl::cat(resultCategory)};
  cl::opt<std::string> output{"output", cl::value_desc("FILE.npz"),
                              cl::desc("Write the outputs, one array each, by name"),
                              cl::cat(resultCategory)};
  cl::opt<std::string> report{"report", cl::value_desc("FILE.json"),
                              cl::desc("Write accuracy, costs and layers; - for standard output"),
                              cl::cat(resultCategory)};
  cl::opt<std::string> checkpoint{
      "checkpoint", cl::value_desc("FILE"),
      cl::desc("Write what is done to a file now and then, and go on from there if it exists"),
      cl::cat(resultCategory)};
  cl::opt<bool> quiet{"quiet", cl::desc("Print errors only"), cl::cat(resultCategory)};
};

} // namespace

static int usageError(const Twine &message) {
  errs() << "pim-run: error: " << message << "; see pim-run --help\n";
  return mlir::pim::usageStatus;
}

/// Reads the numbers of the command line; the text of what is wrong, or nothing.
static std::optional<std::string> parseNumbers(const CommandLine &line, pimrun::Options &options) {
  int64_t limit = 0;
  if (line.limit.getNumOccurrences()) {
    if (StringRef(line.limit).getAsInteger(10, limit) || limit < 1)
      return "--limit is '" + line.limit + "', expected a number of at least 1";
    options.limit = limit;
  }
  if (StringRef(line.offset).getAsInteger(10, options.offset) || options.offset < 0)
    return "--offset is '" + line.offset + "', expected a number of at least 0";
  if (StringRef(line.seed).getAsInteger(10, options.seed))
    return "--seed is '" + line.seed + "', expected a number of at least 0";
  if (StringRef(line.interleave).getAsInteger(10, options.interleaving))
    return "--interleave is '" + line.interleave + "', expected a number of at least 0";
  int64_t runs = 0;
  if (line.monteCarlo.getNumOccurrences()) {
    if (StringRef(line.monteCarlo).getAsInteger(10, runs) || runs < 1 || runs > 1000000)
      return "--monte-carlo is '" + line.monteCarlo + "', expected a number from 1 to 1000000";
    options.monteCarlo = runs;
  }
  if (StringRef(line.threads).getAsInteger(10, options.threads) || options.threads < 0 ||
      options.threads > 1024)
    return "--threads is '" + line.threads + "', expected a number from 0 to 1024";
  if (options.threads == 0)
    options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  return std::nullopt;
}

/// Reads the options of preprocessing; the text of what is wrong, or nothing.
static std::optional<std::string> parsePreprocess(const CommandLine &line,
                                                  pimrun::Options &options) {
  std::vector<double> numbers;
  std::string problem;
  if (line.scale.getNumOccurrences()) {
    if (!mlir::pim::parseNumberList(line.scale, numbers, problem) || numbers.size() != 1)
      return "--scale '" + line.scale + "' is not a number";
    options.scale = numbers.front();
  }
  if (line.mean.getNumOccurrences()) {
    if (!mlir::pim::parseNumberList(line.mean, numbers, problem))
      return "--mean: " + problem;
    options.mean = numbers;
  }
  if (line.standardDeviation.getNumOccurrences()) {
    if (!mlir::pim::parseNumberList(line.standardDeviation, numbers, problem))
      return "--std: " + problem;
    if (is_contained(numbers, 0))
      return std::string("--std must not be zero");
    options.std = numbers;
  }
  if (line.layout.getNumOccurrences()) {
    if (line.layout != "nhwc" && line.layout != "nchw")
      return "--layout '" + line.layout + "' is unknown, expected nhwc or nchw";
    options.layout = line.layout;
  }
  return std::nullopt;
}

/// LLVM's shared library registers options of its own, such as --threads, which are of no use here.
static void freeOptionNames() {
  for (const char *name :
       {"input",      "labels", "limit",       "offset",  "scale",         "mean",
        "std",        "layout", "set",         "power",   "commit-policy", "checkpoint",
        "interleave", "seed",   "monte-carlo", "threads", "check",         "output",
        "report",     "quiet",  "costs-only"})
    if (cl::Option *other = cl::getRegisteredOptions().lookup(name))
      other->removeArgument();
}

std::optional<int> pimrun::parse(int argc, char **argv, Options &options) {
  freeOptionNames();
  CommandLine line;
  if (std::optional<int> status = mlir::pim::parseCommandLine(
          argc, argv, "pim-run", "runs a compiled program on a simulated processing-in-memory chip",
          {&dataCategory, &preprocessCategory, &machineCategory, &resultCategory}))
    return status;
  if (std::optional<std::string> problem = parseNumbers(line, options))
    return usageError(*problem);
  if (std::optional<std::string> problem = parsePreprocess(line, options))
    return usageError(*problem);
  if (line.output == "-")
    return usageError("--output writes an archive, which cannot go to standard output");
  if (line.commitPolicy.getNumOccurrences() && !line.power.getNumOccurrences())
    return usageError("--commit-policy says what to do when the supply fails; --power says when");

  if (options.monteCarlo &&
      (line.check || !line.output.empty() || !line.power.empty() || !line.checkpoint.empty()))
    return usageError("--monte-carlo runs many chips; --check, --output, --power and --checkpoint "
                      "are for one");

  if (line.costsOnly &&
      (!line.inputs.empty() || !line.labels.empty() || options.monteCarlo || line.check ||
       !line.output.empty() || !line.power.empty() || !line.checkpoint.empty()))
    return usageError("--costs-only runs no samples; --input, --labels, --monte-carlo, --check, "
                      "--output, --power and --checkpoint are for runs that do");

  options.program = line.program;
  options.inputs.assign(line.inputs.begin(), line.inputs.end());
  options.labels = line.labels;
  options.settings.assign(line.settings.begin(), line.settings.end());
  options.power = line.power;
  if (line.commitPolicy.getNumOccurrences())
    options.commitPolicy = line.commitPolicy;
  options.checkpoint = line.checkpoint;
  options.costsOnly = line.costsOnly;
  options.check = line.check;
  options.output = line.output;
  options.report = line.report;
  options.quiet = line.quiet;
  return std::nullopt;
}
