//===- Report.h - what a compression did ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_COMPRESS_REPORT_H
#define PIM_COMPRESS_REPORT_H

#include <cstdint>
#include <string>
#include <vector>

namespace pim::compress {

/// A layer at the end of a step.
struct LayerReport {
  std::string name, op;
  int64_t weights = 0; ///< as the model came
  int64_t nonZero = 0;
  int64_t filters = 0, columns = 0;         ///< of the dense matrix
  int64_t filtersLeft = 0, columnsLeft = 0; ///< with a non-zero
  std::string pattern, code;                ///< what was asked of it; empty: nothing
  double weightBits = 32;
};

/// The network at the end of a step.
struct StepReport {
  std::string name;
  int64_t epochs = 0;
  double loss = 0;               ///< of the last epoch
  double validationAccuracy = 0; ///< percent
  double testAccuracy = -1;      ///< percent; -1: there are no test samples
  double seconds = 0;
  std::vector<LayerReport> layers;

  int64_t weights() const;
  int64_t nonZero() const;
  /// Times fewer weights.
  double pruningFactor() const;
  /// Times fewer bits, counting non-zero weights at their width against 32 bits each.
  double storageFactor() const;
};

struct Report {
  std::string model, output;
  int64_t parameters = 0;
  int64_t trainingSamples = 0, validationSamples = 0, testSamples = 0;
  uint64_t seed = 0;
  int threads = 1;
  double trainingSeconds = 0;
  int64_t trainedSamples = 0; ///< samples times epochs of this run
  /// The accuracy of the file that was written, run as it is: percent.
  double exportedValidationAccuracy = 0, exportedTestAccuracy = -1;
  std::vector<StepReport> steps; ///< the first one is the model as it came
};

} // namespace pim::compress

#endif // PIM_COMPRESS_REPORT_H
