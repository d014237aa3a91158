//===- Summary.cpp - the tables of pim-compress ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "llvm/Support/Format.h"

using namespace llvm;
using namespace pim::compress;

static void printSteps(const Report &report, raw_ostream &stream) {
  stream << "step                epochs  validation    test   weights left  pruned  bits saved\n";
  for (const StepReport &step : report.steps) {
    stream << format("%-18s  %6lld  %8.2f %%", step.name.c_str(),
                     static_cast<long long>(step.epochs), step.validationAccuracy);
    if (step.testAccuracy >= 0)
      stream << format("  %6.2f", step.testAccuracy);
    else
      stream << "       -";
    stream << format("  %12lld  %5.1fx  %8.1fx\n", static_cast<long long>(step.nonZero()),
                     step.pruningFactor(), step.storageFactor());
  }
}

static void printLayers(const StepReport &step, raw_ostream &stream) {
  stream << "\nlayer               weights      left  filters    columns      pattern, code\n";
  for (const LayerReport &layer : step.layers) {
    std::string filters = std::to_string(layer.filtersLeft) + "/" + std::to_string(layer.filters);
    std::string columns = std::to_string(layer.columnsLeft) + "/" + std::to_string(layer.columns);
    stream << format("%-18s %8lld  %8lld  %-9s  %-11s  ", layer.name.c_str(),
                     static_cast<long long>(layer.weights), static_cast<long long>(layer.nonZero),
                     filters.c_str(), columns.c_str())
           << (layer.pattern.empty() ? "-" : layer.pattern) << ", "
           << (layer.code.empty() ? "float" : layer.code) << "\n";
  }
}

void pimcompress::printSummary(const Report &report, raw_ostream &stream) {
  stream << "\n";
  printSteps(report, stream);
  if (!report.steps.empty())
    printLayers(report.steps.back(), stream);
  stream << "\n"
         << report.output << format(": validation %.2f %%", report.exportedValidationAccuracy);
  if (report.exportedTestAccuracy >= 0)
    stream << format(", test %.2f %%", report.exportedTestAccuracy);
  stream << format("; %.0f s\n", report.trainingSeconds);
}
