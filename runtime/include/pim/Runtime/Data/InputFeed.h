//===- InputFeed.h - samples of a data file as model inputs ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bridges what a file holds and what a graph input wants: picks sample i, fits its shape ([28,28]
// for [1,1,28,28], NHWC for NCHW), and turns raw bytes into x = (byte*scale - mean)/std.
//
// Tested by runtime/tests/Data.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_DATA_INPUTFEED_H
#define PIM_RUNTIME_DATA_INPUTFEED_H

#include "pim/Runtime/Data/Dataset.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pim::data {

/// How raw bytes (u8 and i8) become the values of the model: (byte*scale - mean)/std, mean and std
/// empty, of one value, or one for each channel in the order of the file. Wider element types are
/// taken as they are.
struct Preprocess {
  double scale = 1;
  std::vector<double> mean;
  std::vector<double> std;
  /// "nhwc" or "nchw" for data whose file does not say, or empty.
  std::string layout;

  bool isIdentity() const { return scale == 1 && mean.empty() && std.empty(); }
};

/// An input of a model: its name and shape, the batch (1) first.
struct InputSpec {
  std::string name;
  std::vector<int64_t> shape;
};

/// The samples of one file, ready for one input.
class InputFeed {
public:
  /// Takes array `arrayIndex` of `dataset` for `input`. Throws pim::Error naming the file and both
  /// shapes if no sample of it fits the input.
  InputFeed(std::shared_ptr<const Dataset> dataset, size_t arrayIndex, InputSpec input,
            Preprocess preprocess);

  int64_t sampleCount() const { return samples; }
  int64_t elementsPerSample() const { return elements; }
  const InputSpec &input() const { return spec; }
  const std::vector<int64_t> &labels() const { return dataset->labels; }
  const std::string &path() const { return dataset->path; }

  /// Writes sample `index` in the layout of the input, preprocessed. REQUIRES: index <
  /// sampleCount() and `values` has elementsPerSample() elements. May be called from several
  /// threads.
  void read(int64_t index, std::span<float> values) const;

private:
  const Array &array() const { return dataset->arrays[arrayIndex].array; }
  void fitShape();
  int64_t position(int64_t element) const {
    return source.empty() ? element : source[static_cast<size_t>(element)];
  }
  void fitPreprocess(const std::vector<int64_t> &sample);

  std::shared_ptr<const Dataset> dataset;
  size_t arrayIndex;
  InputSpec spec;
  Preprocess preprocess;
  Layout layout = Layout::Unknown;
  int64_t samples = 0;
  int64_t elements = 0;
  /// Position in the file's sample of each element of the input; empty where the order is the same.
  std::vector<int32_t> source;
  /// What each byte becomes, 256 values for each channel; empty: elements are taken as they are.
  std::vector<float> lookup;
  /// Of each element of the input: where the values of its channel begin; empty for one channel.
  std::vector<uint32_t> channelLookup;
  int64_t channelCount = 1;
  int64_t channelStride = 1; ///< elements of the file's sample between one channel and the next
};

/// Matches the files of the command line, each "PATH" (in order) or "NAME=PATH", with `inputs`. An
/// .npz file with several arrays serves the inputs by name, or by order. Throws pim::Error if one
/// stays without data, a name is unknown or the files have different numbers of samples (a file of
/// one sample serves all).
std::vector<InputFeed> openInputs(std::span<const std::string> files,
                                  std::span<const InputSpec> inputs, const Preprocess &preprocess);

/// The number of samples that `feeds` hold together.
int64_t sampleCount(std::span<const InputFeed> feeds);

} // namespace pim::data

#endif // PIM_RUNTIME_DATA_INPUTFEED_H
