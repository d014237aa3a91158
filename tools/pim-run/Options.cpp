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

static cl::OptionCategory dataCategory("Data");
static cl::OptionCategory preprocessCategory("Preprocessing of raw bytes (the program records what "
                                             "pimc was told)");
static cl::OptionCategory machineCategory("Machine");
static cl::OptionCategory resultCategory("Results");

static cl::opt<std::string> program(cl::Positional, cl::desc("PROGRAM.pimb"), cl::Required,
                                    cl::cat(dataCategory));
static cl::list<std::string>
    inputs("input", cl::value_desc("[NAME=]DATA"),
           cl::desc("Samples of an input, in the order of the inputs or by name: .npy, .npz, .pb, MNIST "
                    "idx or CIFAR-10 binary (repeatable)"),
           cl::cat(dataCategory));
static cl::opt<std::string> labels("labels", cl::value_desc("FILE"),
                                   cl::desc("Class of each sample: idx, .npy, or text with one number a "
                                            "line or in the second column"),
                                   cl::cat(dataCategory));
static cl::opt<int64_t> limit("limit", cl::value_desc("N"), cl::desc("Run at most N samples"),
                              cl::cat(dataCategory));
static cl::opt<int64_t> offset("offset", cl::init(0), cl::value_desc("N"),
                               cl::desc("Skip the first N samples"), cl::cat(dataCategory));

static cl::opt<std::string> scale("scale", cl::value_desc("S"),
                                  cl::desc("Raw bytes become (byte*S - mean)/std; 1/255 is accepted"),
                                  cl::cat(preprocessCategory));
static cl::opt<std::string> mean("mean", cl::value_desc("M,..."),
                                 cl::desc("Mean, one value or one for each channel"),
                                 cl::cat(preprocessCategory));
static cl::opt<std::string> standardDeviation("std", cl::value_desc("D,..."),
                                              cl::desc("Standard deviation, likewise"),
                                              cl::cat(preprocessCategory));
static cl::opt<std::string> layout("layout", cl::value_desc("nhwc|nchw"),
                                   cl::desc("Layout of image data where the file does not say it"),
                                   cl::cat(preprocessCategory));

static cl::list<std::string> settings("set", cl::value_desc("KEY=VALUE"),
                                      cl::desc("Change a number of the target, e.g. adc.bits=5 "
                                               "(repeatable)"),
                                      cl::cat(machineCategory));
static cl::opt<uint64_t> seed("seed", cl::init(0), cl::value_desc("N"),
                              cl::desc("Seed of everything random (default 0)"),
                              cl::cat(machineCategory));
static cl::opt<unsigned> threads("threads", cl::init(1), cl::value_desc("N"),
                                 cl::desc("Simulate N samples at a time; 0: as many as there are "
                                          "processors (default 1)"),
                                 cl::cat(machineCategory));

static cl::opt<bool> check("check", cl::desc("Compare every layer and output with the reference that the "
                                             "compiler left in the program; exit 1 on any difference"),
                           cl::cat(resultCategory));
static cl::opt<std::string> output("output", cl::value_desc("FILE.npz"),
                                   cl::desc("Write the outputs, one array each, by name"),
                                   cl::cat(resultCategory));
static cl::opt<std::string> report("report", cl::value_desc("FILE.json"),
                                   cl::desc("Write accuracy, costs and layers; - for standard output"),
                                   cl::cat(resultCategory));
static cl::opt<bool> quiet("quiet", cl::desc("Print errors only"), cl::cat(resultCategory));

static int usageError(const Twine &message) {
  errs() << "pim-run: error: " << message << "; see pim-run --help\n";
  return mlir::pim::usageStatus;
}

/// Reads the options of preprocessing; the text of what is wrong, or nothing.
static std::optional<std::string> parsePreprocess(pimrun::Options &options) {
  std::vector<double> numbers;
  std::string problem;
  if (scale.getNumOccurrences()) {
    if (!mlir::pim::parseNumberList(scale, numbers, problem) || numbers.size() != 1)
      return "--scale '" + scale + "' is not a number";
    options.scale = numbers.front();
  }
  if (mean.getNumOccurrences()) {
    if (!mlir::pim::parseNumberList(mean, numbers, problem))
      return "--mean: " + problem;
    options.mean = numbers;
  }
  if (standardDeviation.getNumOccurrences()) {
    if (!mlir::pim::parseNumberList(standardDeviation, numbers, problem))
      return "--std: " + problem;
    if (is_contained(numbers, 0))
      return std::string("--std must not be zero");
    options.std = numbers;
  }
  if (layout.getNumOccurrences()) {
    if (layout != "nhwc" && layout != "nchw")
      return "--layout '" + layout + "' is unknown, expected nhwc or nchw";
    options.layout = layout;
  }
  return std::nullopt;
}

std::optional<int> pimrun::parse(int argc, char **argv, Options &options) {
  if (std::optional<int> status = mlir::pim::parseCommandLine(
          argc, argv, "pim-run", "runs a compiled program on a simulated processing-in-memory chip",
          {&dataCategory, &preprocessCategory, &machineCategory, &resultCategory}))
    return status;
  if (limit.getNumOccurrences() && limit < 1)
    return usageError("--limit must be at least 1");
  if (offset < 0)
    return usageError("--offset must not be negative");
  if (threads > 1024)
    return usageError("--threads is " + Twine(threads) + ", expected at most 1024");
  if (std::optional<std::string> problem = parsePreprocess(options))
    return usageError(*problem);
  if (output == "-")
    return usageError("--output writes an archive, which cannot go to standard output");

  options.program = program;
  options.inputs.assign(inputs.begin(), inputs.end());
  options.labels = labels;
  options.offset = offset;
  if (limit.getNumOccurrences())
    options.limit = limit;
  options.settings.assign(settings.begin(), settings.end());
  options.seed = seed;
  options.threads = threads ? static_cast<int>(threads)
                            : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.check = check;
  options.output = output;
  options.report = report;
  options.quiet = quiet;
  return std::nullopt;
}
