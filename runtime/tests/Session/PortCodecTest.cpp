//===- PortCodecTest.cpp - between model values and the chip's memory ---------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Session/PortCodec.h"
#include "pim/Runtime/Session/Accuracy.h"
#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

using namespace pim;
using namespace pim::runtime;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// An i8 port of two channels of 1x3 pixels, channels last in memory.
fb::PortT imagePort() {
  fb::PortT port;
  port.name = "image";
  port.shape = {1, 2, 1, 3};
  port.permutation = {0, 2, 3, 1};
  port.element = fb::ElementType::I8;
  port.scale = 0.5;
  port.zero_point = 1;
  port.min = -100;
  port.max = 100;
  return port;
}

std::vector<int8_t> integersOf(const std::vector<std::byte> &bytes) {
  std::vector<int8_t> values;
  for (std::byte byte : bytes)
    values.push_back(static_cast<int8_t>(byte));
  return values;
}

TEST(PortCodec, QuantizesAndPermutes) {
  PortCodec codec(imagePort());
  ASSERT_EQ(codec.byteCount(), 6u);
  std::vector<float> values = {0, 0.25, 0.75, 1, 1000, -1000};
  std::vector<std::byte> integers(6), memory(6), back(6);
  codec.quantize(values, integers);
  EXPECT_THAT(integersOf(integers), ElementsAre(1, 1, 3, 3, 100, -100));
  codec.toMemory(integers, memory);
  EXPECT_THAT(integersOf(memory), ElementsAre(1, 3, 1, 100, 3, -100));
  codec.fromMemory(memory, back);
  EXPECT_EQ(back, integers);
  codec.dequantize(integers, values);
  EXPECT_THAT(values, ElementsAre(0, 0, 1, 1, 49.5, -50.5));
}

TEST(PortCodec, LeavesFloatsAlone) {
  fb::PortT port;
  port.name = "probabilities";
  port.shape = {1, 2};
  port.element = fb::ElementType::F32;
  PortCodec codec(port);
  std::vector<float> values = {0.1f, -3e30f}, back(2);
  std::vector<std::byte> bytes(8);
  codec.quantize(values, bytes);
  codec.dequantize(bytes, back);
  EXPECT_EQ(back, values);
}

TEST(PortCodec, TakesTruthValues) {
  fb::PortT port;
  port.name = "mask";
  port.shape = {3};
  port.element = fb::ElementType::I1;
  port.scale = 1;
  port.min = 0;
  port.max = 1;
  PortCodec codec(port);
  ASSERT_EQ(codec.byteCount(), 3u);
  std::vector<float> values = {0, 1, 7};
  std::vector<std::byte> integers(3);
  codec.quantize(values, integers);
  EXPECT_THAT(integersOf(integers), ElementsAre(0, 1, 1));
  codec.dequantize(integers, values);
  EXPECT_THAT(values, ElementsAre(0, 1, 1));
}

TEST(PortCodec, RefusesWhatDoesNotFit) {
  const std::pair<std::function<void(fb::PortT &)>, const char *> changes[] = {
      {[](fb::PortT &p) {
         p.permutation = {0, 1, 1, 2};
       },
       "permutation"},
      {[](fb::PortT &p) {
         p.permutation = {0, 1};
       },
       "permutation"},
      {[](fb::PortT &p) {
         p.permutation = {0, 1, 2, -3};
       },
       "permutation"},
      {[](fb::PortT &p) { p.shape[1] = -2; }, "shape"},
      {[](fb::PortT &p) {
         p.shape = {1ll << 40, 1ll << 40};
       },
       "shape"},
      {[](fb::PortT &p) { p.scale = 0; }, "scale is 0"},
      {[](fb::PortT &p) { p.scale = -INFINITY; }, "scale"},
      {[](fb::PortT &p) { p.max = 128; }, "does not fit i8"},
      {[](fb::PortT &p) { p.min = 101; }, "range"},
      {[](fb::PortT &p) { p.element = fb::ElementType::I64; }, "type i64"},
      {[](fb::PortT &p) { p.element = fb::ElementType::F32; }, "has a scale"}};
  for (const auto &[change, words] : changes) {
    fb::PortT port = imagePort();
    change(port);
    try {
      PortCodec codec(port);
      ADD_FAILURE() << "not refused; expected '" << words << "'";
    } catch (const Error &error) {
      EXPECT_THAT(error.what(), HasSubstr(words));
    }
  }
}

TEST(Accuracy, RanksAndCounts) {
  std::vector<float> scores = {1, 5, 5, 3, 0, -1, -2};
  EXPECT_EQ(rankOf(1, scores), 0);
  EXPECT_EQ(rankOf(2, scores), 1); // the first of equals comes first
  EXPECT_EQ(rankOf(6, scores), 6);
  Accuracy accuracy;
  EXPECT_FALSE(accuracy.top1());
  for (int64_t label : {1, 2, 0, 6})
    accuracy.add(rankOf(label, scores));
  EXPECT_EQ(accuracy.top1(), 0.25);
  EXPECT_EQ(accuracy.top5(), 0.75);
}

} // namespace
