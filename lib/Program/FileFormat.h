//===- FileFormat.h - the bytes of a .pimb file ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What surrounds the FlatBuffers header: the preamble, encoder and decoder side by side, and where
// segments go. docs/BinaryFormat.md describes the whole.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_PROGRAM_FILEFORMAT_H
#define PIM_LIB_PROGRAM_FILEFORMAT_H

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pim::program {

static_assert(std::endian::native == std::endian::little,
              "the file is little-endian and its words are copied as they are");

/// The version of the format that this code writes, and the only one that it reads.
constexpr uint32_t formatVersion = 1;

/// As in PNG: the line ends and the control character show a file that went through a text
/// conversion.
constexpr std::array<uint8_t, 8> magic = {'P', 'I', 'M', 'B', '\r', '\n', 0x1a, '\n'};

/// Segments start at multiples of this, so that they can be mapped.
constexpr uint64_t segmentAlignment = 4096;

/// The segments, in the order in which they follow the header.
constexpr std::array<std::string_view, 4> segmentNames = {"code", "cells", "constants",
                                                          "reference"};

/// The first bytes of the file.
struct Preamble {
  static constexpr size_t size = 32;

  uint64_t headerBytes; ///< the FlatBuffers header, which follows at once
  uint64_t fileBytes;   ///< the whole file
  uint32_t headerCrc;

  std::array<std::byte, size> encode() const;
  /// Throws pim::Error if `file` does not start with a preamble that fits it.
  static Preamble decode(std::span<const std::byte> file);
};

constexpr uint64_t alignUp(uint64_t offset) {
  return (offset + segmentAlignment - 1) / segmentAlignment * segmentAlignment;
}

/// CRC-32 as in zlib, gzip and PNG.
uint32_t checksum(std::span<const std::byte> bytes);

} // namespace pim::program

#endif // PIM_LIB_PROGRAM_FILEFORMAT_H
