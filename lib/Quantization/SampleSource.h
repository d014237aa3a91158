//===- SampleSource.h - the inputs that calibration runs on ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_SAMPLESOURCE_H
#define PIM_LIB_QUANTIZATION_SAMPLESOURCE_H

#include "pim/Program/Graph.h"
#include "pim/Quantization/Calibration.h"
#include "pim/Runtime/Data/InputFeed.h"

namespace mlir::pim {

/// Samples from data files, or random ones. Throws pim::Error where data and model do not fit.
class SampleSource {
public:
  /// Borrows `graph`, which must outlive the source.
  SampleSource(const ::pim::graph::Graph &graph, const CalibrationOptions &options);

  bool isRandom() const { return feeds.empty(); }
  /// What random inputs look like, for a warning.
  std::string describe() const;
  int64_t count() const { return samples; }

  /// Points `inputs` at one buffer for each input of the graph, valid until the next call.
  void read(int64_t sample, std::vector<std::span<const std::byte>> &inputs);

private:
  void readRandom(int64_t sample);
  std::span<const std::byte> elementsOf(size_t input);

  const ::pim::graph::Graph &graph;
  uint64_t seed;
  ::pim::data::Preprocess preprocess;
  std::vector<::pim::data::InputFeed> feeds;
  int64_t samples = 0;
  std::vector<std::vector<float>> buffers;
  std::vector<std::vector<std::byte>> integers; // of inputs that are no floats
};

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_SAMPLESOURCE_H
