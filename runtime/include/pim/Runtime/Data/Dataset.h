//===- Dataset.h - data files ----------------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads .npy, .npz, ONNX TensorProto, MNIST idx and CIFAR-10 binary files, all of them also
// gzipped. The format is told by the content, never by the name. Files are hostile until verified:
// every size is checked against what is really there before memory is asked for.
//
// Tested by runtime/tests/Data.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_DATA_DATASET_H
#define PIM_RUNTIME_DATA_DATASET_H

#include "pim/Runtime/Data/Array.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pim::data {

enum class Format { Npy, Npz, TensorProto, Idx, Cifar10 };

/// How the dimensions of image data are ordered, where it is known.
enum class Layout { Unknown, Nhwc, Nchw };

/// What one data file holds.
struct Dataset {
  std::string path;
  Format format = Format::Npy;
  /// One array, or several in .npz. An idx or CIFAR-10 file gives one array named "".
  std::vector<NamedArray> arrays;
  /// CIFAR-10 says Nchw; others do not say.
  Layout layout = Layout::Unknown;
  /// The first dimension counts samples (idx of rank >= 2, CIFAR-10).
  bool batched = false;
  /// Labels that came with the data (CIFAR-10), one a sample; else empty.
  std::vector<int64_t> labels;
};

/// Reads the file at `path`. Throws pim::Error "path: what was found, what was expected".
Dataset load(const std::string &path);

/// Reads the content of a file whose name is `path` in messages.
Dataset parse(std::span<const std::byte> content, const std::string &path);

/// Reads the class of each sample: idx labels, .npy of integers, the labels of a CIFAR-10 file,
/// text with one integer a line, or a tab-separated table with the class in the second column. A
/// label of -1 means unlabelled.
std::vector<int64_t> loadLabels(const std::string &path);
std::vector<int64_t> parseLabels(std::span<const std::byte> content, const std::string &path);

/// Writes `arrays` as an uncompressed .npz file that numpy.load reads; equal arrays give equal
/// bytes. Written to a temporary file first, so that a failure leaves nothing behind. Throws
/// pim::Error if it cannot be written.
void writeNpz(const std::string &path, std::span<const NamedArray> arrays);

} // namespace pim::data

#endif // PIM_RUNTIME_DATA_DATASET_H
