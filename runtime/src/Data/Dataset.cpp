//===- Dataset.cpp - data files -----------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Data/Dataset.h"

#include "Formats.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"

using namespace pim;
using namespace pim::data;

Dataset pim::data::load(const std::string &path) { return parse(readBytes(path), path); }

Dataset pim::data::parse(std::span<const std::byte> content, const std::string &path) {
  if (content.empty())
    fail(path, ": is empty");
  std::vector<std::byte> expanded;
  if (isGzip(content)) {
    expanded = gunzip(content, path);
    content = expanded;
  }
  Dataset dataset;
  dataset.path = path;
  if (isNpy(content)) {
    dataset.format = Format::Npy;
    dataset.arrays.push_back({"", parseNpy(content, path)});
    return dataset;
  }
  if (isZip(content)) {
    dataset.format = Format::Npz;
    dataset.arrays = parseNpz(content, path);
    if (dataset.arrays.empty())
      fail(path, ": holds no array");
    return dataset;
  }
  // A dark CIFAR-10 image of an airplane can start like an idx header, but has another size.
  if (isCifar10(content) && !(isIdx(content) && hasIdxSize(content)))
    return parseCifar10(content, path);
  if (isIdx(content)) {
    dataset.format = Format::Idx;
    dataset.arrays.push_back({"", parseIdx(content, path)});
    dataset.batched = dataset.arrays[0].array.shape.size() > 1;
    return dataset;
  }
  if (std::optional<NamedArray> tensor = parseTensorProto(content, path)) {
    dataset.format = Format::TensorProto;
    dataset.arrays.push_back(std::move(*tensor));
    return dataset;
  }
  fail(path, ": format is not recognised, expected .npy, .npz, an ONNX tensor (.pb), MNIST idx or "
             "CIFAR-10 binary");
}
