//===- SimulatorTest.cpp - the simulator as tools see it --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/ProgramBuilder.h"

#include "pim/Runtime/Simulator.h"
#include "pim/Support/Error.h"
#include "pim/Target/Settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using Type = fb::ElementType;

namespace {

/// A fully connected layer of 300 inputs and 10 outputs: load, multiply, rescale, store.
class SimulatorTest : public ::testing::Test {
public:
  static constexpr uint32_t inputs = 300, outputs = 10;

  void SetUp() override {
    weights = randomWeights(random, inputs, outputs, 8);
    const uint32_t group = core.group(mapMatrix(weights, {}), 128);
    fb::WindowDescriptorT window;
    window.element = Type::I8;
    window.out_rows = window.out_cols = window.kernel_rows = window.kernel_cols = 1;
    window.rows = window.cols = window.ring_rows = 1;
    window.row_step = window.col_step = window.row_dilation = window.col_dilation = 1;
    window.channels = window.col_pitch = window.row_pitch = inputs;
    const uint32_t local = core.local(Type::I8, 0, {inputs}),
                   sums = core.local(Type::I32, 1024, {outputs});
    core.emit(isa::DmaCopy{local, 0, core.global(Type::I8, 64, {inputs}), 0});
    core.emit(isa::Mvm{group, sums, 0, core.window(window), 0, false});
    core.emit(isa::DmaCopy{core.global(Type::I32, 1024, {outputs}), 0, sums, 0});
    core.emit(isa::Halt{});
    builder.input("image", builder.tensor(box(fb::Space::Global, Type::I8, 64, {inputs})));
    const uint32_t result = builder.tensor(box(fb::Space::Global, Type::I32, 1024, {outputs}));
    builder.output("scores", result);
    builder.layer("fc", {fb::Span(0, 0, 3)}, int32_t(result));
  }

  std::vector<int32_t> expected(const std::vector<int8_t> &image) const {
    std::vector<int32_t> sums(outputs);
    for (size_t k = 0; k < inputs; ++k)
      for (size_t n = 0; n < outputs; ++n)
        sums[n] += weights.at(k, n) * (image[k] + 128);
    return sums;
  }
  std::vector<int8_t> randomImage() {
    std::vector<int8_t> image(inputs);
    for (int8_t &x : image)
      x = int8_t(random());
    return image;
  }
  static std::vector<int32_t> run(Simulator::Instance &instance, const std::vector<int8_t> &image,
                                  const LayerObserver &observer = {}) {
    std::vector<int32_t> scores(outputs);
    const std::span<const std::byte> in = std::as_bytes(std::span(image));
    const std::span<std::byte> out = std::as_writable_bytes(std::span(scores));
    instance.run(std::span(&in, 1), std::span(&out, 1), observer);
    return scores;
  }

  std::mt19937 random{3};
  WeightMatrix weights;
  target::Target target = testTarget();
  ProgramBuilder builder{target};
  CoreBuilder &core = builder.core();
};

TEST_F(SimulatorTest, RunsAnInference) {
  const auto simulator = std::make_shared<const Simulator>(builder.finish(), target);
  EXPECT_EQ(simulator->inputBytes(0), inputs);
  EXPECT_EQ(simulator->outputBytes(0), outputs * 4);
  Simulator::Instance instance(simulator);
  for (int i = 0; i < 3; ++i) {
    const std::vector<int8_t> image = randomImage();
    EXPECT_EQ(run(instance, image), expected(image));
  }
  EXPECT_EQ(instance.executedInstructions(), 4u);
  EXPECT_EQ(simulator->costs().executedInstructions, 4u);
  EXPECT_GT(simulator->costs().latencySeconds, 0);
  ASSERT_EQ(simulator->costs().layers.size(), 1u);
  EXPECT_EQ(simulator->costs().layers[0].name, "fc");
}

TEST_F(SimulatorTest, ShowsTheResultsOfLayers) {
  Simulator::Instance instance(std::make_shared<const Simulator>(builder.finish(), target));
  const std::vector<int8_t> image = randomImage();
  size_t calls = 0;
  const std::vector<int32_t> scores =
      run(instance, image, [&](size_t layer, const ReadTensor &read) {
        ++calls;
        EXPECT_EQ(layer, 0u);
        std::span<const std::byte> bytes = read(1);
        std::vector<int32_t> values(outputs);
        ASSERT_EQ(bytes.size(), outputs * 4);
        std::memcpy(values.data(), bytes.data(), bytes.size());
        EXPECT_EQ(values, expected(image));
      });
  EXPECT_EQ(calls, 1u);
  EXPECT_EQ(scores, run(instance, image)) << "watched or not";
}

TEST_F(SimulatorTest, OverridesReachTheConverters) {
  const auto program = builder.finish();
  Simulator::Instance exact(std::make_shared<const Simulator>(program, target));
  applySettings(target, {"adc.bits=3"}, target::SettingTime::Run);
  const auto weak = std::make_shared<const Simulator>(program, target);
  Simulator::Instance lossy(weak);
  const std::vector<int8_t> image = randomImage();
  EXPECT_EQ(run(exact, image), expected(image));
  EXPECT_NE(run(lossy, image), expected(image));
}

TEST_F(SimulatorTest, ThreadsShareAProgram) {
  const auto simulator = std::make_shared<const Simulator>(builder.finish(), target);
  std::vector<std::vector<int8_t>> images;
  for (int i = 0; i < 64; ++i)
    images.push_back(randomImage());
  std::vector<std::vector<int32_t>> scores(images.size());
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      Simulator::Instance instance(simulator);
      for (size_t i = t; i < images.size(); i += 4)
        scores[i] = run(instance, images[i]);
    });
  for (std::thread &thread : threads)
    thread.join();
  for (size_t i = 0; i < images.size(); ++i)
    EXPECT_EQ(scores[i], expected(images[i]));
}

TEST_F(SimulatorTest, RefusesBuffersOfTheWrongSize) {
  Simulator::Instance instance(std::make_shared<const Simulator>(builder.finish(), target));
  try {
    run(instance, std::vector<int8_t>(299));
    FAIL();
  } catch (const Error &error) {
    EXPECT_STREQ(error.what(), "input 'image' takes 300 bytes, got 299");
  }
}

TEST_F(SimulatorTest, RefusesADeadlockWhenLoading) {
  builder.header.semaphores = 1;
  core.code.pop_back();
  core.emit(isa::Wait{0, 0, 1});
  core.emit(isa::Halt{});
  try {
    Simulator(builder.finish(), target);
    FAIL();
  } catch (const Error &error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith("deadlock: core 0, instruction 3"));
  }
}

} // namespace
