//===- ImageRecords.cpp - MNIST idx and CIFAR-10 files ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "pim/Support/Error.h"

using namespace pim;
using namespace pim::data;

// An idx file: two zero bytes, a type, the number of dimensions, the big-endian sizes, the
// elements.

static std::optional<Type> idxType(std::byte code) {
  switch (std::to_integer<int>(code)) {
  case 0x08:
    return Type::U8;
  case 0x09:
    return Type::I8;
  case 0x0b:
    return Type::I16;
  case 0x0c:
    return Type::I32;
  case 0x0d:
    return Type::F32;
  case 0x0e:
    return Type::F64;
  default:
    return std::nullopt;
  }
}

bool pim::data::isIdx(Bytes content) {
  return content.size() >= 4 && content[0] == std::byte(0) && content[1] == std::byte(0) &&
         idxType(content[2]) && content[3] >= std::byte(1) && content[3] <= std::byte(8);
}

bool pim::data::hasIdxSize(Bytes content) {
  size_t rank = std::to_integer<size_t>(content[3]);
  uint64_t size = typeBytes(*idxType(content[2]));
  for (size_t d = 0; d < rank; ++d) {
    if (content.size() < 8 + 4 * d)
      return false;
    uint64_t dimension = __builtin_bswap32(readLittle<uint32_t>(content, 4 + 4 * d));
    if (__builtin_mul_overflow(size, dimension, &size))
      return false;
  }
  return size == content.size() - 4 - 4 * rank;
}

Array pim::data::parseIdx(Bytes content, const std::string &path) {
  Array array;
  array.type = *idxType(content[2]);
  size_t rank = std::to_integer<size_t>(content[3]), header = 4 + 4 * rank;
  if (content.size() < header)
    fail(path, ": idx header is truncated");
  for (size_t d = 0; d < rank; ++d)
    array.shape.push_back(__builtin_bswap32(readLittle<uint32_t>(content, 4 + 4 * d)));
  size_t elementBytes = typeBytes(array.type);
  uint64_t expected =
      static_cast<uint64_t>(checkedElementCount(array.shape, elementBytes, maxArrayBytes, path)) *
      elementBytes;
  if (content.size() - header != expected)
    fail(path, ": idx file has ", content.size() - header, " bytes of data, expected ", expected,
         " for shape ", shapeText(array.shape));
  array.bytes.assign(content.begin() + static_cast<std::ptrdiff_t>(header), content.end());
  swapBytes(array.bytes, elementBytes);
  return array;
}

// A CIFAR-10 record: a label, then 1024 bytes each of red, green and blue, row by row.
static constexpr size_t imageBytes = 3 * 32 * 32;
static constexpr size_t recordBytes = 1 + imageBytes;

bool pim::data::isCifar10(Bytes content) {
  if (content.empty() || content.size() % recordBytes != 0)
    return false;
  for (size_t i = 0; i < content.size(); i += recordBytes)
    if (content[i] > std::byte(9))
      return false;
  return true;
}

Dataset pim::data::parseCifar10(Bytes content, const std::string &path) {
  Dataset dataset;
  dataset.path = path;
  dataset.format = Format::Cifar10;
  dataset.layout = Layout::Nchw;
  dataset.batched = true;
  size_t count = content.size() / recordBytes;
  Array array;
  array.type = Type::U8;
  array.shape = {static_cast<int64_t>(count), 3, 32, 32};
  array.bytes.resize(count * imageBytes);
  for (size_t i = 0; i < count; ++i) {
    Bytes record = content.subspan(i * recordBytes, recordBytes);
    dataset.labels.push_back(std::to_integer<int64_t>(record[0]));
    std::memcpy(array.bytes.data() + i * imageBytes, record.data() + 1, imageBytes);
  }
  dataset.arrays.push_back({"", std::move(array)});
  return dataset;
}
