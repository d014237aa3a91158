//===- SessionTest.cpp - programs over samples ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Session/Session.h"
#include "../Graph/GraphBuilder.h"
#include "Support/ProgramBuilder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

constexpr int64_t sampleSize = 6, samples = 40;

/// A program that copies its input, six i8, to its output. The reference adds `difference` to the
/// third value.
std::shared_ptr<const Simulator> copyingMachine(int8_t difference = 0) {
  runtime::testing::ProgramBuilder builder(runtime::testing::testTarget());
  runtime::testing::CoreBuilder &core = builder.core();
  uint32_t from = core.global(fb::ElementType::I8, 0, {sampleSize});
  uint32_t to = core.global(fb::ElementType::I8, 64, {sampleSize});
  isa::DmaCopy copy;
  copy.dst = to;
  copy.src = from;
  core.emit(copy);
  core.emit(isa::Halt{});
  auto global = [](uint64_t base) {
    return runtime::testing::box(fb::Space::Global, fb::ElementType::I8, base, {sampleSize});
  };
  builder.input("x", builder.tensor(global(0)));
  uint32_t result = builder.tensor(global(64));
  builder.output("y", result);
  builder.layer("copy", {fb::Span(0, 0, 1)}, static_cast<int32_t>(result)).reference = "sum";

  graph::GraphBuilder b;
  int x = b.input(ElementType::I8, {1, 1, 1, sampleSize});
  int change = b.constant<int8_t>({1, 1, 1, sampleSize}, {0, 0, difference, 0, 0, 0});
  int sum = b.op("tosa.add", {x, change}, ElementType::I8, {1, 1, 1, sampleSize});
  b.graph.tensors[sum].name = "sum";
  // Nobody else has the program yet.
  auto program = std::const_pointer_cast<program::Program>(builder.finish());
  program->reference = graph::serialize(b.finish(sum));
  return std::make_shared<const Simulator>(program, program->target());
}

/// Forty samples of random bytes, an input for the machine.
std::vector<data::InputFeed> randomFeed() {
  auto dataset = std::make_shared<data::Dataset>();
  dataset->path = "file";
  data::Array array{data::Type::I8, {samples, sampleSize}, {}};
  for (int8_t value : graph::randomValues<int8_t>(samples * sampleSize, -100, 100, 1))
    array.bytes.push_back(static_cast<std::byte>(value));
  dataset->arrays.push_back({"", array});
  return {data::InputFeed(dataset, 0, {"x", {1, 1, 1, sampleSize}}, {})};
}

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
