//===- FileTest.cpp - whole files, read and written -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Support/File.h"
#include "pim/Support/Error.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <sys/stat.h>
#include <unistd.h>

using namespace pim;
namespace fs = std::filesystem;

namespace {

std::string errorOf(const std::function<void()> &act) {
  try {
    act();
  } catch (const Error &error) {
    return error.what();
  }
  return "";
}

std::vector<std::byte> bytesOf(const std::string &text) {
  auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// A folder of its own for every test.
class FileTest : public ::testing::Test {
protected:
  FileTest()
      : folder(fs::temp_directory_path() / ("pim-file-test-" + std::to_string(getpid()))),
        path(folder / "a") {
    fs::create_directory(folder);
  }
  ~FileTest() override { fs::remove_all(folder); }

  ptrdiff_t entries() const {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
  }

  fs::path folder;
  std::string path;
};

TEST_F(FileTest, WhatIsWrittenIsRead) {
  std::vector<std::byte> bytes = bytesOf("one\0two\n");
  writeBytes(path, bytes);
  EXPECT_EQ(readBytes(path), bytes);
  writeBytes(path, {});
  EXPECT_TRUE(readBytes(path).empty());
  EXPECT_EQ(entries(), 1) << "no temporary file is left";
}

TEST_F(FileTest, AFailureSaysWhere) {
  std::string nowhere = folder / "missing" / "a";
  std::string noFolder =
      nowhere + ": cannot be written: there is no folder '" + (folder / "missing").string() + "'";
  EXPECT_EQ(errorOf([&] { requireWritable(nowhere); }), noFolder);
  EXPECT_EQ(errorOf([&] { writeBytes(nowhere, {}); }), noFolder);
  EXPECT_EQ(errorOf([&] { readBytes(nowhere); }),
            nowhere + ": cannot be read: No such file or directory");
  std::string isFolder = folder.string() + ": is a folder, expected a file to write to";
  EXPECT_EQ(errorOf([&] { requireWritable(folder); }), isFolder);
  EXPECT_EQ(errorOf([&] { writeBytes(folder, {}); }), isFolder);
  EXPECT_EQ(errorOf([&] { readBytes(folder); }), folder.string() + ": is no regular file");
  EXPECT_EQ(entries(), 0);
}

TEST_F(FileTest, NoFileAndStandardOutputAreWritable) {
  EXPECT_EQ(errorOf([] { requireWritable(""); }), "");
  EXPECT_EQ(errorOf([] { requireWritable("-"); }), "");
  EXPECT_EQ(errorOf([] { requireWritable("name-in-this-folder"); }), "");
}

/// A rename would put a file in the place of the device or pipe.
TEST_F(FileTest, PipesAndDevicesStay) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(errorOf([&] { requireWritable(path); }), "");
  std::future<std::string> reader = std::async(std::launch::async, [&] {
    std::ifstream stream(path);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  });
  writeBytes(path, bytesOf("through the pipe"));
  EXPECT_EQ(reader.get(), "through the pipe");
  EXPECT_TRUE(fs::is_fifo(path));
  EXPECT_EQ(entries(), 1);
  writeBytes("/dev/null", bytesOf("gone"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

} // namespace
