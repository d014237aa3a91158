//===- MonteCarloTest.cpp - one program on many chips ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Session/MonteCarlo.h"
#include "Support/ProgramBuilder.h"

#include "pim/Target/Settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

constexpr int64_t features = 40, classes = 8, samples = 60;

/// One fully connected layer on crossbars whose cells are stuck at a rate of 5 %.
std::shared_ptr<const Simulator> noisyMachine() {
  ProgramBuilder builder(testTarget());
  CoreBuilder &core = builder.core();
  std::mt19937 random(41);
  const MappedMatrix matrix = mapMatrix(randomWeights(random, features, classes, 8), {});
  const uint32_t from = core.global(fb::ElementType::I8, 0, {features});
  const uint32_t local = core.local(fb::ElementType::I8, 0, {features});
  const uint32_t sums = core.local(fb::ElementType::I32, 256, {1, 1, 1, classes});
  const uint32_t to = core.global(fb::ElementType::I32, 64, {1, 1, 1, classes});
  isa::DmaCopy load;
  load.dst = local;
  load.src = from;
  core.emit(load);
  core.tables.scratchpad_bytes = 4096;
  fb::WindowDescriptorT window;
  window.element = fb::ElementType::I8;
  window.channels = window.col_pitch = window.row_pitch = features;
  window.rows = window.cols = window.ring_rows = 1;
  window.kernel_rows = window.kernel_cols = window.row_step = window.col_step = 1;
  window.row_dilation = window.col_dilation = window.out_rows = window.out_cols = 1;
  isa::Mvm mvm;
  mvm.group = core.group(matrix, 128);
  mvm.dst = sums;
  mvm.window = core.window(window);
  core.emit(mvm);
  isa::DmaCopy store;
  store.dst = to;
  store.src = sums;
  core.emit(store);
  core.emit(isa::Halt{});
  builder.input("x", builder.tensor(box(fb::Space::Global, fb::ElementType::I8, 0, {features})));
  builder.output("y", builder.tensor(box(fb::Space::Global, fb::ElementType::I32, 64, {classes})));
  auto program = builder.finish();
  target::Target target = program->target();
  applySettings(target, {"cell.stuck_on_rate=0.05", "cell.read_noise_sigma=0.2"},
                target::SettingTime::Run);
  return std::make_shared<const Simulator>(program, target);
}

std::vector<data::InputFeed> randomFeed() {
  auto dataset = std::make_shared<data::Dataset>();
  dataset->path = "file";
  data::Array array{data::Type::I8, {samples, features}, {}};
  std::mt19937 random(42);
  for (int64_t i = 0; i < samples * features; ++i)
    array.bytes.push_back(std::byte(random()));
  dataset->arrays.push_back({"", std::move(array)});
  return {data::InputFeed(dataset, 0, {"x", {1, 1, 1, features}}, {})};
}

TEST(MonteCarloTest, StudentQuantilesAreThoseOfTheTables) {
  EXPECT_NEAR(studentQuantile(0.95, 1), 12.706, 1e-3);
  EXPECT_NEAR(studentQuantile(0.95, 2), 4.303, 1e-3);
  EXPECT_NEAR(studentQuantile(0.95, 3), 3.182, 1e-3);
  EXPECT_NEAR(studentQuantile(0.95, 10), 2.228, 1e-3);
  EXPECT_NEAR(studentQuantile(0.95, 99), 1.984, 1e-3);
  EXPECT_NEAR(studentQuantile(0.99, 4), 4.604, 1e-3);
}

TEST(MonteCarloTest, EstimateOfKnownValues) {
  const double values[] = {0.90, 0.92, 0.94, 0.96};
  const Estimate known = estimateShare(values);
  EXPECT_DOUBLE_EQ(known.mean, 0.93);
  EXPECT_NEAR(known.standardDeviation, std::sqrt(0.002 / 3), 1e-12);
  EXPECT_NEAR(known.high95 - known.mean, 3.1824 * std::sqrt(0.002 / 3) / 2, 1e-5);
  EXPECT_DOUBLE_EQ(known.mean - known.low95, known.high95 - known.mean);
  EXPECT_EQ(known.minimum, 0.90);
  EXPECT_EQ(known.maximum, 0.96);
  const Estimate one = estimateShare(std::span(values, 1));
  EXPECT_EQ(one.standardDeviation, 0);
  EXPECT_EQ(one.low95, one.high95);
}

TEST(MonteCarloTest, NoShareLiesAboveOneOrBelowZero) {
  const double nearlyAll[] = {1, 1, 1, 0.9};
  const Estimate high = estimateShare(nearlyAll);
  EXPECT_EQ(high.high95, 1);
  EXPECT_GT(high.low95, 0.8);
  const double nearlyNone[] = {0, 0, 0, 0.1};
  EXPECT_EQ(estimateShare(nearlyNone).low95, 0);
}

MonteCarloResult runChips(int64_t runs, int threads, std::span<const int64_t> labels) {
  SessionOptions options;
  options.threads = threads;
  return runMonteCarlo(*noisyMachine(), 5, runs, randomFeed(), labels, options);
}

std::vector<int64_t> someLabels() {
  std::vector<int64_t> labels(samples);
  for (int64_t i = 0; i < samples; ++i)
    labels[i] = i % classes;
  return labels;
}

TEST(MonteCarloTest, RunsDoNotDependOnThreads) {
  const std::vector<int64_t> labels = someLabels();
  const MonteCarloResult one = runChips(9, 1, labels);
  ASSERT_EQ(one.runs.size(), 9u);
  for (int threads : {2, 8}) {
    const MonteCarloResult several = runChips(9, threads, labels);
    for (size_t run = 0; run < 9; ++run) {
      EXPECT_EQ(several.runs[run].seed, 5 + run);
      EXPECT_EQ(several.runs[run].accuracy.top1Hits, one.runs[run].accuracy.top1Hits);
      EXPECT_EQ(several.runs[run].accuracy.top5Hits, one.runs[run].accuracy.top5Hits);
    }
    EXPECT_EQ(several.top1.mean, one.top1.mean);
    EXPECT_EQ(several.top1.high95, one.top1.high95);
  }
  EXPECT_GT(one.top1.standardDeviation, 0) << "chips differ";
}

TEST(MonteCarloTest, EachRunIsASessionWithItsSeed) {
  const std::vector<int64_t> labels = someLabels();
  const MonteCarloResult all = runChips(3, 2, labels);
  for (const MonteCarloResult::Run &run : all.runs) {
    const SessionResult alone =
        runSession(noisyMachine()->onDie(run.seed), randomFeed(), labels, {});
    EXPECT_EQ(alone.accuracy->top1Hits, run.accuracy.top1Hits);
  }
}

TEST(MonteCarloTest, CountsTheSamplesOfAllRuns) {
  SessionOptions options;
  options.threads = 2;
  int64_t calls = 0;
  options.progress = [&](int64_t done, int64_t total) {
    EXPECT_EQ(done, ++calls);
    EXPECT_EQ(total, 4 * samples);
  };
  runMonteCarlo(*noisyMachine(), 0, 4, randomFeed(), someLabels(), options);
  EXPECT_EQ(calls, 4 * samples);
}

TEST(MonteCarloTest, RefusesDataWithoutLabels) {
  for (const std::vector<int64_t> &labels : {std::vector<int64_t>{}, {samples, -1}})
    try {
      runChips(2, 1, labels.empty() ? labels : std::vector<int64_t>(samples, -1));
      ADD_FAILURE() << "no error";
    } catch (const Error &error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr("a Monte Carlo run measures accuracy"));
    }
}

} // namespace
