//===- CheckpointTest.cpp - a session that is killed goes on ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CopyingMachine.h"

#include "pim/Program/Program.h"
#include "pim/Support/Error.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <unistd.h>
#include <zlib.h>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using ::testing::HasSubstr;

namespace {

class CheckpointTest : public ::testing::Test {
public:
  void SetUp() override {
    options.checkpoint = std::filesystem::temp_directory_path() /
                         ("pim-checkpoint-" + std::to_string(getpid()) + ".bin");
    std::filesystem::remove(options.checkpoint);
    options.checkpointSeconds = 0;
    options.check = options.keepOutputs = true;
    for (int64_t i = 0; i < samples; ++i)
      labels.push_back(i % 6);
  }
  void TearDown() override { std::filesystem::remove(options.checkpoint); }

  SessionResult run() { return runSession(copyingMachine(1), randomFeed(), labels, options); }
  std::string error() {
    try {
      run();
    } catch (const Error &error) {
      return error.what();
    }
    return "no error";
  }
  std::string content() const {
    std::ifstream stream(options.checkpoint, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void write(const std::string &bytes) const {
    std::ofstream(options.checkpoint, std::ios::binary) << bytes;
  }

  SessionOptions options;
  std::vector<int64_t> labels;
};

/// Stops a session from the outside.
struct Killed {};

TEST_F(CheckpointTest, GoesOnWhereItWasKilled) {
  SessionOptions plain = options;
  plain.checkpoint.clear();
  const SessionResult expected = runSession(copyingMachine(1), randomFeed(), labels, plain);
  for (int64_t killedAt : {1, 17, int(samples) - 1}) {
    for (int threads : {1, 3}) {
      std::filesystem::remove(options.checkpoint);
      options.threads = threads;
      options.progress = [&](int64_t done, int64_t) {
        if (done == killedAt)
          throw Killed();
      };
      EXPECT_THROW(run(), Killed);
      int64_t runAgain = 0;
      options.progress = [&](int64_t, int64_t) { ++runAgain; };
      const SessionResult result = run();
      if (threads == 1) {
        EXPECT_EQ(runAgain, samples - killedAt);
      }
      EXPECT_EQ(result.outputs[0].array.bytes, expected.outputs[0].array.bytes);
      EXPECT_EQ(result.accuracy->samples, expected.accuracy->samples);
      EXPECT_EQ(result.accuracy->top1Hits, expected.accuracy->top1Hits);
      EXPECT_EQ(result.accuracy->top5Hits, expected.accuracy->top5Hits);
      EXPECT_EQ(result.check->comparedValues, expected.check->comparedValues);
      EXPECT_EQ(result.check->mismatchedValues, expected.check->mismatchedValues);
      ASSERT_EQ(result.check->layers.size(), expected.check->layers.size());
      for (size_t i = 0; i < expected.check->layers.size(); ++i) {
        EXPECT_EQ(result.check->layers[i].mismatchedValues,
                  expected.check->layers[i].mismatchedValues);
        EXPECT_EQ(result.check->layers[i].relativeError(),
                  expected.check->layers[i].relativeError());
      }
      EXPECT_EQ(result.check->first->sample, 0);
      EXPECT_EQ(result.check->first->found, expected.check->first->found);
      EXPECT_EQ(result.executedInstructions, expected.executedInstructions);
    }
  }
}

TEST_F(CheckpointTest, BelongsToOneSession) {
  run();
  options.seed = 1;
  EXPECT_THAT(error(), HasSubstr("belongs to a run with another"));
  options.seed = 0;
  labels[0] = 5;
  EXPECT_THAT(error(), HasSubstr("belongs to a run with another"));
  labels[0] = 0;
  EXPECT_EQ(error(), "no error");
}

TEST_F(CheckpointTest, RefusesOtherFiles) {
  write("");
  EXPECT_THAT(error(), HasSubstr("is no checkpoint of pim-run"));
  write("PK and something else that is long enough to be one");
  EXPECT_THAT(error(), HasSubstr("is no checkpoint of pim-run"));
}

/// What has a checksum that fits, and still is none of ours.
TEST_F(CheckpointTest, RefusesWhatDoesNotFitItself) {
  run();
  const std::string original = content();
  constexpr size_t checksumAt = 8, lengthAt = 16, preamble = 24, samplesAt = preamble + 8;
  auto put = [](std::string &bytes, size_t at, auto value) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
  };
  auto problem = [&](std::string bytes) {
    const auto *body = reinterpret_cast<const Bytef *>(bytes.data()) + preamble;
    put(bytes, checksumAt, uint32_t(crc32_z(0, body, bytes.size() - preamble)));
    put(bytes, lengthAt, uint64_t(bytes.size() - preamble));
    write(bytes);
    return error();
  };
  EXPECT_EQ(problem(original), "no error");
  EXPECT_THAT(problem(original.substr(0, original.size() - 1)),
              HasSubstr("is a damaged checkpoint: it ends too early; remove it"));
  EXPECT_THAT(problem(original + "x"), HasSubstr("it goes on behind its end"));
  std::string more = original;
  put(more, samplesAt, int64_t(samples + 1));
  EXPECT_THAT(problem(more), HasSubstr("it holds more samples than there are"));
  write(original.substr(0, original.size() - 1));
  EXPECT_THAT(error(), HasSubstr("its checksum or length does not fit"));
}

TEST_F(CheckpointTest, RefusesDamage) {
  run();
  const std::string original = content();
  std::mt19937 random(4);
  for (int i = 0; i < 300; ++i) {
    std::string bytes = original;
    if (i % 3 == 0)
      bytes.resize(random() % bytes.size());
    else
      bytes[random() % bytes.size()] ^= char(1 << random() % 8);
    // Four bytes of the preamble mean nothing.
    if (bytes.size() == original.size() && bytes.substr(0, 12) == original.substr(0, 12) &&
        bytes.substr(16) == original.substr(16))
      continue;
    write(bytes);
    EXPECT_NE(error(), "no error") << i;
  }
}

} // namespace
