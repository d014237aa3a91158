//===- pimc.cpp - compiles a network to a PIM program ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command line of pim/Driver/Compilation.h. Exit status: 0, 1 if the input is at fault, 2 for
// usage.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "pim/Driver/CommandLine.h"
#include "pim/Driver/CompileReport.h"
#include "pim/Driver/Diagnostics.h"
#include "pim/Driver/OutputFile.h"
#include "pim/Driver/ToolMain.h"
#include "pim/InitAllDialects.h"
#include "pim/Target/Settings.h"
#include "pim/Target/TargetYAML.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"

#include <omp.h>

using namespace mlir;
using namespace mlir::pim;

static LogicalResult listTargets(MLIRContext &context) {
  SmallVector<std::string> names = knownTargets();
  size_t width = 0;
  for (const std::string &name : names)
    width = std::max(width, name.size());
  for (const std::string &name : names) {
    auto target = loadTarget(name, [&] { return emitError(UnknownLoc::get(&context)); });
    if (failed(target))
      return failure();
    llvm::outs() << llvm::left_justify(name, unsigned(width)) << "  " << target->description
                 << "\n";
  }
  return success();
}

static LogicalResult printTarget(MLIRContext &context, const pimc::Options &options) {
  Compilation compilation(&context, options.compilation);
  if (failed(compilation.resolveTarget()))
    return failure();
  const ::pim::target::Target &target = compilation.target();
  llvm::outs()
      << target.name << ": " << target.description << "\n"
      << "pimc --set changes a key before the program is made, pim-run --set one without * "
         "afterwards\n\n"
      << ::pim::target::describeKeys(target);
  return success();
}

static LogicalResult compile(MLIRContext &context, const pimc::Options &options) {
  // An output that cannot be written is found out before the work, not after it.
  std::vector<std::string> read = options.compilation.calibration.data;
  read.push_back(options.compilation.input);
  for (const std::string &path : {options.output, options.report}) {
    if (!path.empty() && failed(checkWritable(&context, path)))
      return failure();
    requireOtherFile(path, read);
  }

  Compilation compilation(&context, options.compilation);
  if (failed(compilation.run()))
    return failure();
  if (failed(writeOutputFile(&context, options.output, [&](llvm::raw_pwrite_stream &stream) {
        return compilation.emit(stream);
      })))
    return failure();
  if (compilation.getOptions().stop != Stage::Binary)
    return success();
  if (!options.report.empty() &&
      failed(writeOutputFile(&context, options.report, [&](llvm::raw_pwrite_stream &stream) {
        writeCompileReport(compilation, stream);
        return success();
      })))
    return failure();
  (options.output == "-" ? llvm::errs() : llvm::outs()) << compilation.explanation();
  // The summary is for people; it must not mix with a program written to standard output.
  if (!options.quiet)
    printCompileSummary(compilation, options.output == "-" ? llvm::errs() : llvm::outs());
  return success();
}

/// How many threads work for `jobs`, oneDNN's among them.
static unsigned limitThreads(unsigned jobs) {
  if (jobs != 0)
    omp_set_num_threads(int(std::min(jobs, unsigned(omp_get_num_procs()))));
  return unsigned(omp_get_max_threads());
}

static int run(const pimc::Options &options) {
  DialectRegistry registry;
  mlir::pim::registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  std::optional<llvm::DefaultThreadPool> pool;
  if (const unsigned threads = limitThreads(options.jobs); threads > 1) {
    pool.emplace(llvm::hardware_concurrency(threads));
    context.setThreadPool(*pool);
  }
  ToolDiagnosticHandler diagnostics(&context, "pimc", llvm::errs());
  LogicalResult result = options.listTargets   ? listTargets(context)
                         : options.printTarget ? printTarget(context, options)
                                               : compile(context, options);
  if (succeeded(result))
    return 0;
  if (!diagnostics.sawError())
    llvm::errs() << "pimc: error: " << options.compilation.input
                 << ": compilation failed without a reason; please report this with the model\n";
  return 1;
}

int main(int argc, char **argv) {
  llvm::InitLLVM initialise(argc, argv);
  pimc::Options options;
  if (std::optional<int> status = pimc::parse(argc, argv, options))
    return *status;
  return runTool("pimc", options.compilation.input, [&] { return run(options); });
}
