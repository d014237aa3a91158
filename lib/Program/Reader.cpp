//===- Reader.cpp - a program from bytes ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FileFormat.h"
#include "VectorCheck.h"
#include "pim/Program/Program.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace pim::program {

/// Padding carries nothing; a byte in it that is not zero is damage like any other.
static void checkPadding(std::span<const std::byte> file, uint64_t begin, uint64_t end) {
  for (uint64_t at = begin; at < end; ++at)
    if (file[at] != std::byte(0))
      fail("is damaged: byte ", at, " between its segments is not zero");
}

/// The segments in the order of segmentNames, checked against the file.
static std::vector<std::span<const std::byte>>
readSegments(std::span<const std::byte> file, uint64_t headerEnd, const fb::ProgramT &header) {
  if (header.segments.size() != segmentNames.size())
    fail("lists ", header.segments.size(), " segments, expected ", segmentNames.size());
  std::vector<std::span<const std::byte>> result;
  uint64_t end = headerEnd;
  for (size_t i = 0; i < segmentNames.size(); ++i) {
    const fb::SegmentT &segment = *header.segments[i];
    if (segment.name != segmentNames[i])
      fail("has segment '", segment.name, "' where '", segmentNames[i], "' is expected");
    if (segment.offset != alignUp(end))
      fail("has segment '", segment.name, "' at byte ", segment.offset, ", expected ",
           alignUp(end));
    if (segment.offset > file.size() || segment.size > file.size() - segment.offset)
      fail("has segment '", segment.name, "' that ends outside the file");
    checkPadding(file, end, segment.offset);
    auto bytes = file.subspan(segment.offset, segment.size);
    if (checksum(bytes) != segment.crc32)
      fail("is damaged: the checksum of segment '", segment.name, "' is wrong");
    end = segment.offset + segment.size;
    result.push_back(bytes);
  }
  if (end != file.size())
    fail("has ", file.size() - end, " bytes behind its last segment");
  return result;
}

static std::vector<uint64_t> wordsOf(std::span<const std::byte> bytes, const char *name) {
  if (bytes.size() % sizeof(uint64_t) != 0)
    fail("has segment '", name, "' of ", bytes.size(), " bytes, which are no 64-bit words");
  std::vector<uint64_t> words(bytes.size() / sizeof(uint64_t));
  if (!bytes.empty())
    std::memcpy(words.data(), bytes.data(), bytes.size());
  return words;
}

static fb::ProgramT readHeader(std::span<const std::byte> bytes) {
  // FlatBuffers reads in place, so the copy gives it the alignment it needs. It also needs
  // something to read.
  std::vector<uint64_t> aligned(bytes.size() / sizeof(uint64_t) + 2);
  if (!bytes.empty())
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto *data = reinterpret_cast<const uint8_t *>(aligned.data());
  flatbuffers::Verifier verifier(data, bytes.size());
  // Below this size even looking for the identifier reads outside.
  if (bytes.size() < 16 || !fb::VerifyProgramBuffer(verifier))
    fail("is damaged: its header is no valid FlatBuffer of a program");
  const fb::Program *root = fb::GetProgram(data);
  checkVectors(*root, bytes.size());
  fb::ProgramT header;
  root->UnPackTo(&header);
  return header;
}

static Program readUnchecked(std::span<const std::byte> file) {
  Preamble preamble = Preamble::decode(file);
  auto headerBytes = file.subspan(Preamble::size, preamble.headerBytes);
  if (checksum(headerBytes) != preamble.headerCrc)
    fail("is damaged: the checksum of its header is wrong");
  Program program;
  program.header = readHeader(headerBytes);
  auto segments = readSegments(file, Preamble::size + preamble.headerBytes, program.header);
  program.header.segments.clear();
  program.code = wordsOf(segments[0], "code");
  program.cells = wordsOf(segments[1], "cells");
  program.constants.assign(segments[2].begin(), segments[2].end());
  program.reference.assign(segments[3].begin(), segments[3].end());
  return program;
}

Program read(std::span<const std::byte> bytes) {
  Program program;
  try {
    program = readUnchecked(bytes);
  } catch (const std::bad_alloc &) {
    fail("needs more memory than there is");
  } catch (const std::length_error &) {
    fail("needs more memory than there is");
  }
  verify(program);
  return program;
}

} // namespace pim::program
