//===- pim-run.cpp - runs a compiled program on the simulator -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command line of pim/Runtime/Session/Session.h. Exit status: 0, 1 if the input is at fault or
// --check finds a difference, 2 for usage.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Report.h"

#include "pim/Driver/CommandLine.h"
#include "pim/Driver/Progress.h"
#include "pim/Driver/ToolMain.h"
#include "pim/Program/Program.h"
#include "pim/Runtime/Session/HostSession.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"
#include "pim/Support/OneLine.h"
#include "pim/Target/Settings.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"

using namespace pim;
using namespace pim::runtime;

static data::Preprocess resolvePreprocess(const program::Program &program,
                                          const pimrun::Options &options) {
  data::Preprocess preprocess = preprocessOf(program);
  preprocess.scale = options.scale.value_or(preprocess.scale);
  preprocess.mean = options.mean.value_or(preprocess.mean);
  preprocess.std = options.std.value_or(preprocess.std);
  preprocess.layout = options.layout.value_or(preprocess.layout);
  return preprocess;
}

/// The labels of the command line, or those that came with the data.
static std::vector<int64_t> resolveLabels(const std::string &path,
                                          const std::vector<data::InputFeed> &feeds) {
  if (!path.empty())
    return data::loadLabels(path);
  for (const data::InputFeed &feed : feeds)
    if (!feed.labels().empty())
      return feed.labels();
  return {};
}

static void writeReport(const pimrun::Run &run, const std::string &path) {
  if (path == "-") {
    pimrun::writeReport(run, llvm::outs());
    return;
  }
  std::string text;
  llvm::raw_string_ostream stream(text);
  pimrun::writeReport(run, stream);
  writeBytes(path, std::as_bytes(std::span(text)));
}

static void reportDifference(const Difference &difference) {
  llvm::errs() << "pim-run: error: " << difference.where << " differs from the reference in sample "
               << difference.sample << " at [";
  for (size_t i = 0; i < difference.index.size(); ++i)
    llvm::errs() << (i ? ", " : "") << difference.index[i];
  llvm::errs() << "]: found " << difference.found << ", expected " << difference.expected << "\n";
}

static SessionOptions sessionOptions(const pimrun::Options &options) {
  SessionOptions session;
  session.threads = options.threads;
  session.offset = options.offset;
  session.limit = options.limit;
  session.keepOutputs = !options.output.empty();
  session.check = options.check;
  session.seed = options.seed;
  session.checkpoint = options.checkpoint;
  if (!options.power.empty())
    session.power =
        PowerOptions{SupplyTrace::parse(options.power), CommitPolicy::parse(options.commitPolicy)};
  if (!options.quiet)
    session.progress = mlir::pim::makeProgressBar("simulating");
  return session;
}

/// Writes what was asked for; returns the exit status.
static int finish(const pimrun::Options &options, const pimrun::Run &finished) {
  const SessionResult &result = finished.result;
  if (!options.output.empty())
    data::writeNpz(options.output, result.outputs);
  if (!options.report.empty())
    writeReport(finished, options.report);
  // A report on standard output is for programs; the summary must not mix with it.
  if (!options.quiet)
    pimrun::printSummary(finished, options.report == "-" ? llvm::errs() : llvm::outs());
  if (result.power && result.power->differingBytes != 0)
    fail(options.program, ": ", result.power->differingBytes,
         " bytes of outputs differ where the supply fails; this is an error of the simulator");
  if (result.check && result.check->first) {
    llvm::outs().flush();
    reportDifference(*result.check->first);
    return 1;
  }
  return 0;
}

/// A program for target `host`.
static int runOnHost(const pimrun::Options &options, const program::Program &program,
                     const target::Target &target) {
  if (!options.power.empty() || !options.checkpoint.empty() || options.monteCarlo ||
      options.costsOnly)
    fail(options.program, ": this program runs on the host; --power, --checkpoint, --monte-carlo "
                          "and --costs-only are for programs of a chip: compile for one");
  HostInputs inputs(program, options.inputs, resolvePreprocess(program, options));
  std::vector<int64_t> labels =
      options.labels.empty() ? inputs.labels() : data::loadLabels(options.labels);
  HostSessionResult result =
      runHostSession(program, target, inputs, labels, sessionOptions(options));
  return finish(options,
                {program, target, result.costs, result.session, options.threads, options.seed});
}

/// What an inference takes, without one.
static int workOutCosts(const pimrun::Options &options,
                        std::shared_ptr<const program::Program> program,
                        const target::Target &target) {
  const Simulator simulator(std::move(program), target);
  SessionResult none;
  none.executedInstructions = simulator.costs().executedInstructions;
  return finish(options, {simulator.program(), target, simulator.costs(), none, options.threads,
                          options.seed});
}

static int run(const pimrun::Options &options) {
  std::vector<std::string> read = options.inputs;
  read.insert(read.end(), {options.program, options.labels, options.power});
  for (const std::string &path : {options.output, options.report, options.checkpoint}) {
    requireWritable(path);
    mlir::pim::requireOtherFile(path, read);
  }
  auto program = std::make_shared<const program::Program>(program::readFile(options.program));
  target::Target target = program->target();
  applySettings(target, options.settings, target::SettingTime::Run);
  if (program->isHostProgram())
    return runOnHost(options, *program, target);
  if (options.costsOnly)
    return workOutCosts(options, program, target);
  std::vector<data::InputSpec> specs = inputSpecs(*program);
  std::vector<data::InputFeed> feeds =
      data::openInputs(options.inputs, specs, resolvePreprocess(*program, options));
  std::vector<int64_t> labels = resolveLabels(options.labels, feeds);
  SimulatorOptions simulatorOptions;
  simulatorOptions.seed = options.seed;
  simulatorOptions.interleaving = options.interleaving;
  if (!options.quiet)
    simulatorOptions.progress = mlir::pim::makeProgressBar("programming arrays");
  auto simulator = std::make_shared<const Simulator>(program, target, simulatorOptions);

  SessionResult result;
  std::optional<MonteCarloResult> monteCarlo;
  if (options.monteCarlo)
    monteCarlo = runMonteCarlo(*simulator, options.seed, *options.monteCarlo, feeds, labels,
                               sessionOptions(options), &result);
  else
    result = runSession(simulator, feeds, labels, sessionOptions(options));
  return finish(options, {simulator->program(), simulator->target(), simulator->costs(), result,
                          options.threads, options.seed, monteCarlo ? &*monteCarlo : nullptr});
}

int main(int argc, char **argv) {
  llvm::InitLLVM initialise(argc, argv);
  pimrun::Options options;
  if (std::optional<int> status = pimrun::parse(argc, argv, options))
    return *status;
  return mlir::pim::runTool("pim-run", options.program, [&] { return run(options); });
}
