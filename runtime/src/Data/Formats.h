//===- Formats.h - the readers of the data formats ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_DATA_FORMATS_H
#define PIM_RUNTIME_SRC_DATA_FORMATS_H

#include "pim/Runtime/Data/Dataset.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pim::data {

using Bytes = std::span<const std::byte>;

/// More than any data set of ours, less than what a damaged file may ask for.
constexpr uint64_t maxArrayBytes = uint64_t(1) << 34;

/// Reads a little-endian number at `offset`. REQUIRES: it lies inside.
template <typename T> T readLittle(Bytes bytes, size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

/// Reverses the bytes of each element.
void swapBytes(std::span<std::byte> bytes, size_t elementBytes);

bool isGzip(Bytes content);
/// A few compressed bytes can expand to gigabytes; what a data set of ours needs is far below this.
constexpr size_t maxExpandedBytes = size_t(1) << 30;
/// Expands a gzip file, every member of it, to at most `limit` bytes.
std::vector<std::byte> gunzip(Bytes content, const std::string &path,
                              size_t limit = maxExpandedBytes);
/// Expands raw deflate data to exactly `size` bytes.
std::vector<std::byte> inflateRaw(Bytes content, size_t size, const std::string &what);

bool isNpy(Bytes content);
Array parseNpy(Bytes content, const std::string &what);
std::vector<std::byte> formatNpy(const Array &array);

bool isZip(Bytes content);
std::vector<NamedArray> parseNpz(Bytes content, const std::string &path);

/// Whether the content starts like an idx file, and whether it has the size that such a header
/// states.
bool isIdx(Bytes content);
bool hasIdxSize(Bytes content);
/// The array of an idx file; throws where its size is not what its header says.
Array parseIdx(Bytes content, const std::string &path);

/// Whether the content has whole CIFAR-10 records with labels of 0 to 9.
bool isCifar10(Bytes content);
Dataset parseCifar10(Bytes content, const std::string &path);

/// Nothing if the content is no TensorProto; throws if it is a bad one.
std::optional<NamedArray> parseTensorProto(Bytes content, const std::string &path);

} // namespace pim::data

#endif // PIM_RUNTIME_SRC_DATA_FORMATS_H
