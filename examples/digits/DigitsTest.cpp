//===- DigitsTest.cpp - tests of the digit generator ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Digits.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <numeric>
#include <zlib.h>

using namespace pim::digits;

namespace {

uint64_t fingerprint(const Dataset &dataset) {
  uint64_t hash = 0xcbf29ce484222325u; // FNV-1a
  auto add = [&](uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3u; };
  for (const Image &image : dataset.images)
    for (uint8_t level : image)
      add(level);
  for (uint8_t label : dataset.labels)
    add(label);
  return hash;
}

int totalInk(const Image &image) { return std::accumulate(image.begin(), image.end(), 0); }

TEST(Digits, EqualOnEveryMachine) {
  EXPECT_EQ(fingerprint(makeDataset(4, 500)), 15933735719153444518u);
}

TEST(Digits, ShorterSetIsPrefix) {
  Dataset small = makeDataset(7, 20), large = makeDataset(7, 60);
  for (size_t i = 0; i < small.images.size(); ++i) {
    EXPECT_EQ(small.images[i], large.images[i]);
    EXPECT_EQ(small.labels[i], large.labels[i]);
  }
}

TEST(Digits, SeedsGiveDifferentImages) {
  EXPECT_NE(fingerprint(makeDataset(1, 10)), fingerprint(makeDataset(2, 10)));
}

TEST(Digits, EveryDigitLeavesInkAndPaper) {
  for (int label = 0; label < 10; ++label)
    for (uint64_t seed = 0; seed < 50; ++seed) {
      int ink = totalInk(drawDigit(label, seed));
      EXPECT_GT(ink, 1500) << label << " with seed " << seed;
      EXPECT_LT(ink, kPixels * 255 / 2) << label << " with seed " << seed;
    }
}

TEST(Digits, LabelsAreSpread) {
  Dataset dataset = makeDataset(3, 1000);
  std::array<int, 10> counts{};
  for (uint8_t label : dataset.labels)
    ++counts.at(label);
  for (int count : counts)
    EXPECT_GT(count, 60);
}

TEST(Digits, WritesTheMnistFormat) {
  std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "digits-test";
  std::filesystem::create_directories(folder);
  Dataset dataset = makeDataset(5, 3);
  writeIdx(dataset, (folder / "d").string());

  gzFile file = gzopen((folder / "d-images-idx3-ubyte.gz").c_str(), "rb");
  ASSERT_NE(file, nullptr);
  std::array<uint8_t, 16 + 3 * kPixels + 1> bytes;
  int length = gzread(file, bytes.data(), bytes.size());
  gzclose(file);
  ASSERT_EQ(length, 16 + 3 * kPixels);
  const std::array<uint8_t, 16> header = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28};
  EXPECT_TRUE(std::equal(header.begin(), header.end(), bytes.begin()));
  EXPECT_TRUE(
      std::equal(dataset.images[1].begin(), dataset.images[1].end(), bytes.begin() + 16 + kPixels));
  std::filesystem::remove_all(folder);
}

TEST(Digits, RefusesAPathThatCannotBeWritten) {
  EXPECT_THROW(writeIdx(makeDataset(5, 1), "/nowhere/at/all"), std::runtime_error);
}

} // namespace
