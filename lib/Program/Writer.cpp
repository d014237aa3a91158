//===- Writer.cpp - a program to bytes ------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FileFormat.h"
#include "pim/Program/Program.h"
#include "pim/Support/Error.h"

#include <cstring>

namespace pim::program {

static std::array<std::span<const std::byte>, segmentNames.size()>
segmentsOf(const Program &program) {
  return {std::as_bytes(std::span(program.code)), std::as_bytes(std::span(program.cells)),
          std::span(program.constants), std::span(program.reference)};
}

/// The header as a FlatBuffer, for a file whose first segment starts at `firstOffset`.
static flatbuffers::DetachedBuffer packHeader(const fb::ProgramT &header, uint64_t firstOffset,
                                              std::span<const std::span<const std::byte>> segments,
                                              std::span<const uint32_t> checksums) {
  fb::ProgramT complete = header;
  complete.segments.clear();
  uint64_t offset = firstOffset;
  for (size_t i = 0; i < segments.size(); ++i) {
    auto segment = std::make_unique<fb::SegmentT>();
    segment->name = segmentNames[i];
    segment->offset = offset;
    segment->size = segments[i].size();
    segment->crc32 = checksums[i];
    offset = alignUp(offset + segments[i].size());
    complete.segments.push_back(std::move(segment));
  }
  flatbuffers::FlatBufferBuilder builder;
  fb::FinishProgramBuffer(builder, fb::CreateProgram(builder, &complete));
  return builder.Release();
}

/// FlatBuffers cannot hold more than 2 GB and ends the process where it would.
static void checkHeaderSize(const fb::ProgramT &header) {
  uint64_t bytes = 0;
  for (const auto &call : header.host_calls)
    bytes += call->graph.size();
  if (bytes > (uint64_t(1) << 30))
    fail("the graphs of host calls take ", bytes, " bytes, more than a program file can hold");
}

std::vector<std::byte> write(const Program &program) {
  verify(program);
  checkHeaderSize(program.header);
  auto segments = segmentsOf(program);
  std::array<uint32_t, segments.size()> checksums;
  for (size_t i = 0; i < segments.size(); ++i)
    checksums[i] = checksum(segments[i]);

  // The header's size does not depend on the offsets in it, as long as none is zero.
  size_t headerBytes = packHeader(program.header, segmentAlignment, segments, checksums).size();
  uint64_t firstOffset = alignUp(Preamble::size + headerBytes);
  flatbuffers::DetachedBuffer header = packHeader(program.header, firstOffset, segments, checksums);

  uint64_t fileBytes = firstOffset;
  for (size_t i = 0; i < segments.size(); ++i)
    fileBytes = (i == 0 ? firstOffset : alignUp(fileBytes)) + segments[i].size();

  std::vector<std::byte> file(fileBytes);
  std::span<const std::byte> headerSpan = std::as_bytes(std::span(header.data(), header.size()));
  Preamble preamble{header.size(), fileBytes, checksum(headerSpan)};
  auto preambleBytes = preamble.encode();
  std::memcpy(file.data(), preambleBytes.data(), preambleBytes.size());
  std::memcpy(file.data() + Preamble::size, headerSpan.data(), headerSpan.size());
  uint64_t offset = firstOffset;
  for (const auto &segment : segments) {
    if (!segment.empty())
      std::memcpy(file.data() + offset, segment.data(), segment.size());
    offset = alignUp(offset + segment.size());
  }
  return file;
}

} // namespace pim::program
