//===- ReaderTest.cpp - files whose header does not fit them --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SmallProgram.h"
#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <zlib.h>

using namespace pim;
using namespace pim::program;
using ::testing::HasSubstr;

namespace {

using Bytes = std::vector<std::byte>;

constexpr size_t preambleSize = 32, crcAt = 12, headerBytesAt = 16, fileBytesAt = 24;

uint32_t crc(const std::byte *bytes, uint64_t count) {
  return uint32_t(crc32_z(0, reinterpret_cast<const Bytef *>(bytes), count));
}

template <typename T> void put(Bytes &file, size_t at, T value) {
  std::memcpy(file.data() + at, &value, sizeof value);
}

std::string problemOf(const Bytes &file) {
  try {
    read(file);
  } catch (const Error &error) {
    return error.what();
  }
  return "none";
}

/// A file with this header and, from byte `first` on, these segments, whose checksums fit.
Bytes join(const flatbuffers::FlatBufferBuilder &header, const Bytes &segments, size_t first) {
  Bytes file(std::max(first, preambleSize + header.GetSize()));
  const Bytes original = write(smallProgram());
  std::copy_n(original.begin(), preambleSize, file.begin());
  std::memcpy(file.data() + preambleSize, header.GetBufferPointer(), header.GetSize());
  file.insert(file.end(), segments.begin(), segments.end());
  put(file, headerBytesAt, uint64_t(header.GetSize()));
  put(file, crcAt, crc(file.data() + preambleSize, header.GetSize()));
  put(file, fileBytesAt, uint64_t(file.size()));
  return file;
}

/// What is wrong with the small program with another header and other segments.
std::string problemOf(
    const std::function<void(fb::ProgramT &)> &changeHeader,
    const std::function<void(Bytes &)> &changeSegments = [](Bytes &) {}) {
  const Bytes original = write(smallProgram());
  std::unique_ptr<fb::ProgramT> header(fb::GetProgram(original.data() + preambleSize)->UnPack());
  const size_t first = header->segments[0]->offset;
  Bytes segments(original.begin() + std::ptrdiff_t(first), original.end());
  changeSegments(segments);
  changeHeader(*header);
  for (auto &segment : header->segments)
    if (segment->offset >= first && segment->offset - first + segment->size <= segments.size())
      segment->crc32 = crc(segments.data() + (segment->offset - first), segment->size);
  flatbuffers::FlatBufferBuilder builder;
  fb::FinishProgramBuffer(builder, fb::CreateProgram(builder, header.get()));
  return problemOf(join(builder, segments, first));
}

TEST(ReaderTest, SegmentsFollowOneAnother) {
  using Header = fb::ProgramT;
  EXPECT_EQ(problemOf([](Header &) {}), "none");
  EXPECT_EQ(problemOf([](Header &h) { h.segments.pop_back(); }), "lists 3 segments, expected 4");
  EXPECT_EQ(problemOf([](Header &h) { h.segments[0]->name = "coda"; }),
            "has segment 'coda' where 'code' is expected");
  EXPECT_THAT(problemOf([](Header &h) { h.segments[1]->offset += 8; }),
              HasSubstr("has segment 'cells' at byte "));
  EXPECT_EQ(problemOf([](Header &h) { h.segments[3]->size = uint64_t(1) << 40; }),
            "has segment 'reference' that ends outside the file");
  EXPECT_EQ(problemOf([](Header &h) { h.segments[3]->size -= 8; }),
            "has 8 bytes behind its last segment");
  EXPECT_THAT(problemOf([](Header &h) { h.segments[0]->size += 1; }),
              HasSubstr("has segment 'code' of 105 bytes, which are no 64-bit words"));
  EXPECT_THAT(problemOf([](Header &) {}, [](Bytes &segments) { segments[200] = std::byte(1); }),
              HasSubstr("between its segments is not zero"));
}

TEST(ReaderTest, HeadersAreOfPrograms) {
  Bytes file = write(smallProgram());
  put(file, headerBytesAt, uint64_t(file.size()));
  EXPECT_THAT(problemOf(file), HasSubstr("bytes, which is more than the file holds"));
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(builder.CreateString("neither"));
  EXPECT_EQ(problemOf(join(builder, {}, 0)),
            "is damaged: its header is no valid FlatBuffer of a program");
}

/// What would unpack to much more than the file holds.
TEST(ReaderTest, HeadersMayNotRepeatThemselves) {
  flatbuffers::FlatBufferBuilder builder;
  const auto name = builder.CreateString(std::string(10000, 'x'));
  std::vector<flatbuffers::Offset<fb::Layer>> layers;
  for (int i = 0; i < 100; ++i) {
    fb::LayerBuilder layer(builder);
    layer.add_name(name);
    layers.push_back(layer.Finish());
  }
  const auto list = builder.CreateVector(layers);
  fb::ProgramBuilder program(builder);
  program.add_layers(list);
  fb::FinishProgramBuffer(builder, program.Finish());
  EXPECT_EQ(problemOf(join(builder, {}, 0)),
            "is damaged: its header refers to the same data again and again");
}

} // namespace
