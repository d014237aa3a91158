//===- FileFormat.cpp - the bytes of a .pimb file -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FileFormat.h"
#include "pim/Support/Error.h"

#include <cstring>
#include <zlib.h>

namespace pim::program {

// Offsets in the preamble.
constexpr size_t versionAt = 8, crcAt = 12, headerBytesAt = 16, fileBytesAt = 24;

template <typename T> static void put(std::byte *at, T value) {
  std::memcpy(at, &value, sizeof(T));
}

template <typename T> static T get(const std::byte *at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

std::array<std::byte, Preamble::size> Preamble::encode() const {
  std::array<std::byte, size> bytes{};
  std::memcpy(bytes.data(), magic.data(), magic.size());
  put(bytes.data() + versionAt, formatVersion);
  put(bytes.data() + crcAt, headerCrc);
  put(bytes.data() + headerBytesAt, headerBytes);
  put(bytes.data() + fileBytesAt, fileBytes);
  return bytes;
}

Preamble Preamble::decode(std::span<const std::byte> file) {
  if (file.size() < magic.size() || std::memcmp(file.data(), magic.data(), magic.size()) != 0)
    fail("is not a compiled program: does not start with the mark of a .pimb file; pimc makes "
         "one of a model");
  if (file.size() < size)
    fail("is truncated: ", file.size(), " bytes are less than the ", size, " of the preamble");
  uint32_t version = get<uint32_t>(file.data() + versionAt);
  if (version != formatVersion)
    fail("has format version ", version, ", expected ", formatVersion,
         "; compile the model again with this version");
  Preamble preamble;
  preamble.headerCrc = get<uint32_t>(file.data() + crcAt);
  preamble.headerBytes = get<uint64_t>(file.data() + headerBytesAt);
  preamble.fileBytes = get<uint64_t>(file.data() + fileBytesAt);
  if (preamble.fileBytes != file.size())
    fail(preamble.fileBytes > file.size() ? "is truncated: has " : "has bytes at its end: has ",
         file.size(), " bytes, expected ", preamble.fileBytes);
  if (preamble.headerBytes > file.size() - size)
    fail("has a header of ", preamble.headerBytes, " bytes, which is more than the file holds");
  return preamble;
}

uint32_t checksum(std::span<const std::byte> bytes) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size()));
}

} // namespace pim::program
