//===- CorruptionTest.cpp - damaged program files -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whatever happens to a file: the reader says so in one clear line, or the file means the same as
// before. Checksums catch accidents; the second half of the suite forges them, so that the
// verification behind has to hold alone.
//
//===----------------------------------------------------------------------===//

#include "SmallProgram.h"
#include "pim/Program/Assembly.h"
#include "pim/Support/Error.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <zlib.h>

using namespace pim;
using namespace pim::program;

namespace {

using Bytes = std::vector<std::byte>;

/// Reads `bytes`; true if they were refused. Anything thrown but pim::Error fails the test by
/// itself.
bool isRefused(const Bytes &bytes, Program *program = nullptr) {
  try {
    Program read = program::read(bytes);
    if (program)
      *program = std::move(read);
    return false;
  } catch (const Error &error) {
    std::string message = error.what();
    EXPECT_FALSE(message.empty());
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return true;
  }
}

TEST(CorruptionTest, FlippedBits) {
  const Bytes original = write(smallProgram());
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    Bytes bytes = original;
    size_t flips = 1 + random() % 4;
    for (size_t j = 0; j < flips; ++j)
      bytes[random() % bytes.size()] ^= std::byte(1 << random() % 8);
    EXPECT_TRUE(bytes == original || isRefused(bytes)) << "mutation " << i;
  }
}

TEST(CorruptionTest, EveryByteCounts) {
  Bytes bytes = write(smallProgram());
  for (std::byte &byte : bytes) {
    byte ^= std::byte(0x10);
    EXPECT_TRUE(isRefused(bytes)) << "byte " << &byte - bytes.data();
    byte ^= std::byte(0x10);
  }
}

TEST(CorruptionTest, Truncated) {
  const Bytes original = write(smallProgram());
  for (size_t size = 0; size < original.size(); size += size < 256 ? 1 : 37)
    EXPECT_TRUE(isRefused(Bytes(original.begin(), original.begin() + size))) << size;
}

/// Makes the header's checksum and the file's length fit again.
void forge(Bytes &bytes) {
  uint64_t headerBytes, fileBytes = bytes.size();
  std::memcpy(&headerBytes, bytes.data() + 16, 8);
  headerBytes = std::min<uint64_t>(headerBytes, bytes.size() - 32);
  auto crc = uint32_t(crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data() + 32), headerBytes));
  std::memcpy(bytes.data() + 12, &crc, 4);
  std::memcpy(bytes.data() + 16, &headerBytes, 8);
  std::memcpy(bytes.data() + 24, &fileBytes, 8);
}

TEST(CorruptionTest, ForgedHeaders) {
  const Bytes original = write(smallProgram());
  uint64_t headerBytes;
  std::memcpy(&headerBytes, original.data() + 16, 8);
  std::mt19937 random(2);
  size_t refused = 0;
  constexpr int mutations = 4000;
  for (int i = 0; i < mutations; ++i) {
    Bytes bytes = original;
    for (size_t flips = 1 + random() % 3; flips != 0; --flips) {
      std::byte &byte = bytes[32 + random() % headerBytes];
      byte = random() % 2 ? byte ^ std::byte(1 << random() % 8) : std::byte(random());
    }
    forge(bytes);
    Program program;
    if (isRefused(bytes, &program)) {
      ++refused;
      continue;
    }
    // What is accepted holds together: it can be written, listed and read again.
    Program again = read(write(program));
    EXPECT_EQ(printAssembly(again), printAssembly(program)) << "mutation " << i;
  }
  EXPECT_GT(refused, size_t(mutations / 3)) << "the mutations miss what matters";
}

TEST(CorruptionTest, ForgedTruncations) {
  const Bytes original = write(smallProgram());
  for (size_t size = 32; size < original.size(); size += 13) {
    Bytes bytes(original.begin(), original.begin() + size);
    forge(bytes);
    EXPECT_TRUE(isRefused(bytes)) << size;
  }
}

TEST(CorruptionTest, ForgedGraphs) {
  const Bytes original = graph::serialize(identityGraph(16));
  std::mt19937 random(3);
  for (int i = 0; i < 4000; ++i) {
    Bytes bytes = original;
    for (size_t flips = 1 + random() % 3; flips != 0; --flips)
      bytes[random() % bytes.size()] = std::byte(random());
    if (random() % 8 == 0)
      bytes.resize(random() % bytes.size());
    try {
      graph::Graph graph = graph::deserialize(bytes);
      EXPECT_EQ(graph.outputs.empty() ? -1 : graph.outputs[0] < int(graph.tensors.size()),
                graph.outputs.empty() ? -1 : true);
    } catch (const Error &) {
    }
  }
}

} // namespace
