//===- ProgramTest.cpp - tests of the program format ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SmallProgram.h"
#include "pim/ISA/Codec.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <unistd.h>
#include <zlib.h>

using namespace pim;
using namespace pim::program;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace {

template <typename Function> std::string errorOf(Function function) {
  try {
    function();
  } catch (const Error &error) {
    return error.what();
  }
  return "no error";
}

std::vector<std::byte> bytesOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

TEST(ProgramTest, ReadsBackWhatItWrites) {
  Program program = smallProgram();
  std::vector<std::byte> bytes = write(program);
  EXPECT_EQ(write(program), bytes) << "writing is reproducible";
  Program back = read(bytes);
  EXPECT_EQ(write(back), bytes);
  EXPECT_EQ(back.code, program.code);
  EXPECT_EQ(back.cells, program.cells);
  EXPECT_EQ(back.constants, program.constants);
  EXPECT_EQ(back.reference, program.reference);
  EXPECT_EQ(back.target().parameters(), smallTarget().parameters());
  EXPECT_EQ(back.header.inputs.front()->scale, 0.1);
  EXPECT_EQ(back.codeOf(1).size(), 2u);
  EXPECT_EQ(back.cellsOf(0).size(), 16u);
  EXPECT_TRUE(back.cellsOf(1).empty());
}

TEST(ProgramTest, SegmentsAreAligned) {
  std::vector<std::byte> bytes = write(smallProgram());
  Program back = read(bytes);
  // The code of core 0 starts the first segment, which starts a page.
  bool found = false;
  for (size_t at = 4096; at + 8 <= bytes.size(); at += 4096)
    found |= std::memcmp(bytes.data() + at, back.code.data(), 8) == 0;
  EXPECT_TRUE(found);
}

/// A file of version 1 as it was on the day when that was fixed: fields that came later are not
/// there, and it still says the same. The instruction set may have another fingerprint now.
/// PIM_UPDATE_GOLDEN=1 in the environment writes the file anew, for a new version.
TEST(ProgramTest, VersionOneIsGolden) {
  std::string path = PIM_GOLDEN_FOLDER "/version-1.pimb";
  Program program = smallProgram();
  // Keys of the target that came later may be left out; the file of that day has none of them.
  std::erase_if(program.header.target, [](const auto &parameter) {
    const target::KeyInfo *info = target::findKey(parameter->key);
    return info->isOptional && info->path != "description" && info->path != "adc.lsb";
  });
  std::vector<std::byte> bytes = write(program);
  if (std::getenv("PIM_UPDATE_GOLDEN"))
    writeBytes(path, bytes);
  std::vector<std::byte> golden = bytesOf(path);
  constexpr size_t crcAt = 12, headerBytesAt = 16, headerAt = 32;
  ASSERT_GT(golden.size(), headerAt);
  uint64_t headerBytes;
  std::memcpy(&headerBytes, golden.data() + headerBytesAt, 8);
  ASSERT_LE(headerBytes, golden.size() - headerAt);
  auto *header = flatbuffers::GetMutableRoot<flatbuffers::Table>(golden.data() + headerAt);
  ASSERT_TRUE(header->SetField<uint64_t>(fb::Program::VT_ISA_FINGERPRINT, isa::fingerprint(), 0));
  uint32_t crc =
      uint32_t(crc32_z(0, reinterpret_cast<const Bytef *>(golden.data() + headerAt), headerBytes));
  std::memcpy(golden.data() + crcAt, &crc, 4);
  EXPECT_EQ(write(read(golden)), bytes)
      << "what the file means changed: raise formatVersion and add a golden file";
}

TEST(ProgramTest, PreambleIsAsDocumented) {
  std::vector<std::byte> bytes = write(smallProgram());
  const uint8_t start[] = {'P', 'I', 'M', 'B', '\r', '\n', 0x1a, '\n', 1, 0, 0, 0};
  EXPECT_EQ(std::memcmp(bytes.data(), start, sizeof(start)), 0);
  uint64_t fileBytes;
  std::memcpy(&fileBytes, bytes.data() + 24, 8);
  EXPECT_EQ(fileBytes, bytes.size());
  EXPECT_EQ(std::memcmp(bytes.data() + 32 + 4, "PIMB", 4), 0) << "identifier of the FlatBuffer";
}

TEST(ProgramTest, OddAddressesAreFine) {
  std::vector<std::byte> bytes = write(smallProgram());
  for (size_t shift = 1; shift < 8; ++shift) {
    std::vector<std::byte> shifted(shift);
    shifted.insert(shifted.end(), bytes.begin(), bytes.end());
    EXPECT_EQ(write(read(std::span(shifted).subspan(shift))), bytes);
  }
}

TEST(ProgramTest, OtherFiles) {
  auto readText = [](std::string_view text) {
    return errorOf([&] { read(std::as_bytes(std::span(text.data(), text.size()))); });
  };
  EXPECT_THAT(readText(""), HasSubstr("is not a compiled program"));
  EXPECT_THAT(readText("module {}"), HasSubstr("is not a compiled program"));
  EXPECT_THAT(readText(std::string_view("PIMB\r\n\x1a\n\1\0", 10)), HasSubstr("is truncated"));
  std::vector<std::byte> bytes = write(smallProgram());
  auto error = [&] { return errorOf([&] { read(bytes); }); };
  bytes.push_back(std::byte(0));
  EXPECT_THAT(error(), HasSubstr("has bytes at its end"));
  bytes.resize(bytes.size() - 2);
  EXPECT_THAT(error(), HasSubstr("is truncated: has "));
  bytes = write(smallProgram());
  bytes[8] = std::byte(2);
  EXPECT_THAT(error(), HasSubstr("has format version 2, expected 1"));
  bytes = write(smallProgram());
  bytes[40] ^= std::byte(1);
  EXPECT_EQ(error(), "is damaged: the checksum of its header is wrong");
  bytes = write(smallProgram());
  bytes.back() ^= std::byte(1);
  EXPECT_EQ(error(), "is damaged: the checksum of segment 'reference' is wrong");
}

TEST(ProgramTest, FilesAreReadWhole) {
  namespace fs = std::filesystem;
  fs::path folder = fs::temp_directory_path() / ("pim-program-test-" + std::to_string(getpid()));
  fs::create_directory(folder);
  std::string path = folder / "a.pimb";
  std::vector<std::byte> bytes = write(smallProgram());
  writeBytes(path, bytes);
  EXPECT_EQ(write(readFile(path)), bytes);
  std::string nowhere = folder / "missing" / "a.pimb";
  EXPECT_EQ(errorOf([&] { readFile(nowhere); }),
            nowhere + ": cannot be read: No such file or directory");
  EXPECT_THAT(errorOf([&] { readFile(folder); }), HasSubstr("is no regular file"));
  fs::resize_file(path, 100);
  EXPECT_THAT(errorOf([&] { readFile(path); }), StartsWith(path + ": is truncated"));
  fs::remove_all(folder);
}

} // namespace
