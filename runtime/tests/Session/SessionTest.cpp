//===- SessionTest.cpp - programs over samples ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CopyingMachine.h"

#include "../Graph/GraphBuilder.h"
#include "Support/ProgramBuilder.h"
#include "pim/Runtime/Session/Session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using pim::runtime::testing::copyingMachine;
using pim::runtime::testing::randomFeed;
using pim::runtime::testing::samples;
using pim::runtime::testing::sampleSize;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

void expectError(std::span<const int64_t> labels, const SessionOptions &options,
                 const char *words) {
  try {
    runSession(copyingMachine(), randomFeed(), labels, options);
    ADD_FAILURE() << "no error; expected '" << words << "'";
  } catch (const Error &error) {
    EXPECT_THAT(error.what(), HasSubstr(words));
  }
}

TEST(Session, ResultsDoNotDependOnThreads) {
  std::vector<int64_t> labels(samples);
  for (int64_t i = 0; i < samples; ++i)
    labels[i] = i % 7 - 1; // -1: no label
  SessionOptions options;
  options.check = options.keepOutputs = true;
  SessionResult one = runSession(copyingMachine(1), randomFeed(), labels, options);
  options.threads = 3;
  int64_t calls = 0;
  options.progress = [&](int64_t done, int64_t total) {
    EXPECT_EQ(done, ++calls);
    EXPECT_EQ(total, samples);
  };
  SessionResult three = runSession(copyingMachine(1), randomFeed(), labels, options);
  EXPECT_EQ(calls, samples);
  EXPECT_EQ(one.outputs[0].array.bytes, three.outputs[0].array.bytes);
  EXPECT_EQ(one.accuracy->samples, 34);
  EXPECT_EQ(one.accuracy->top1(), three.accuracy->top1());
  EXPECT_EQ(one.check->comparedValues, uint64_t(2 * samples * sampleSize));
  EXPECT_EQ(one.check->mismatchedValues, uint64_t(2 * samples));
  EXPECT_EQ(three.check->mismatchedValues, uint64_t(2 * samples));
  for (const SessionResult *result : {&one, &three}) {
    EXPECT_EQ(result->check->first->where, "layer 'copy' (test)");
    EXPECT_EQ(result->check->first->sample, 0);
    EXPECT_THAT(result->check->first->index, ElementsAre(0, 0, 0, 2));
  }
}

TEST(Session, RunsTheSamplesAskedFor) {
  SessionOptions options;
  options.keepOutputs = true;
  options.offset = 37;
  options.limit = 10;
  SessionResult result = runSession(copyingMachine(), randomFeed(), {}, options);
  EXPECT_EQ(result.samples, 3);
  EXPECT_FALSE(result.accuracy);
  EXPECT_FALSE(result.check);
  ASSERT_EQ(result.outputs.size(), 1u);
  EXPECT_EQ(result.outputs[0].name, "y");
  EXPECT_THAT(result.outputs[0].array.shape, ElementsAre(3, 1, 1, sampleSize));
  std::vector<float> expected(sampleSize);
  randomFeed()[0].read(38, expected);
  for (int64_t i = 0; i < sampleSize; ++i)
    EXPECT_EQ(result.outputs[0].array.at(sampleSize + i), expected[i]);
}

TEST(Session, RefusesWhatDoesNotFit) {
  SessionOptions options;
  options.offset = samples;
  expectError({}, options, "the data hold 40 samples, but the first to run is 40");
  options.offset = 0;
  expectError(std::vector<int64_t>{1, 2}, options, "there are 2 labels for 40 samples");
  expectError(std::vector<int64_t>(samples, sampleSize), options, "has classes 0 to 5");
}

} // namespace
