//===- pim-compress.cpp - trains a network to fit PIM arrays --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command line of pim/Compress/Compress.h. Exit status: 0, 1 if the input is at fault, 2 for
// usage.
//
//===----------------------------------------------------------------------===//

#include "Geometry.h"
#include "Options.h"
#include "Report.h"

#include "pim/Compress/Compress.h"
#include "pim/Driver/Progress.h"
#include "pim/Driver/ToolMain.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"

#include <limits>
#include <span>
#ifdef __GLIBC__
#include <malloc.h>
#endif

using namespace pim;

static void writeReport(const compress::Report &report, const std::string &path) {
  if (path == "-") {
    pimcompress::writeReport(report, llvm::outs());
    return;
  }
  std::string text;
  llvm::raw_string_ostream stream(text);
  pimcompress::writeReport(report, stream);
  writeBytes(path, std::as_bytes(std::span(text)));
}

/// A bar for each step: a new one when the step's name changes.
static auto makeProgress() {
  return [name = std::string(), bar = std::function<void(int64_t, int64_t)>()](
             const std::string &step, int64_t done, int64_t total) mutable {
    if (step != name || !bar) {
      name = step;
      bar = mlir::pim::makeProgressBar(step);
    }
    bar(done, total);
  };
}

static int run(pimcompress::CommandLine &line) {
  compress::Options &options = line.options;
  requireWritable(options.output);
  if (!line.initial.empty()) {
    compress::writeInitialModel(line.initial, options.seed, options.output);
    return 0;
  }
  requireWritable(line.report);
  requireWritable(options.log);
  requireWritable(options.checkpoint);
  if (!options.target.empty())
    options.geometry = pimcompress::loadGeometry(options.target);
  if (!line.quiet) {
    options.progress = makeProgress();
    options.say = [](const std::string &text) { llvm::errs() << text << "\n"; };
  }
  compress::Report report = compress::compress(options);
  if (!line.report.empty())
    writeReport(report, line.report);
  if (!line.quiet)
    pimcompress::printSummary(report, line.report == "-" ? llvm::errs() : llvm::outs());
  return 0;
}

/// The tensors of a step come and go with each batch; given back to the system in between, their
/// pages would be cleared anew each time, a tenth of the time of training.
static void keepMemory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
#endif
}

int main(int argc, char **argv) {
  llvm::InitLLVM initialise(argc, argv);
  keepMemory();
  pimcompress::CommandLine line;
  if (std::optional<int> status = pimcompress::parse(argc, argv, line))
    return *status;
  return mlir::pim::runTool("pim-compress", line.options.model, [&] { return run(line); });
}
