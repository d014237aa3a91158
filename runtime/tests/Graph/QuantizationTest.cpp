//===- QuantizationTest.cpp - rescale, table, cast, qcast, dcast --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "GraphBuilder.h"

#include "pim/Runtime/Graph/Quantize.h"

using namespace pim;
using namespace pim::graph;
using testing::ElementsAre;

namespace {

constexpr ElementType I8 = ElementType::I8, I16 = ElementType::I16, I32 = ElementType::I32,
                      F32 = ElementType::F32;

struct RescaleCase {
  std::vector<int32_t> multiplier = {1 << 30};
  std::vector<int8_t> shift = {30};
  std::string rounding = "SINGLE_ROUND";
  int32_t inputZeroPoint = 0;
  int8_t outputZeroPoint = 0;
};

/// Rescales i32 to i8, one channel for each multiplier.
std::vector<int8_t> rescale(const RescaleCase &how, std::vector<int32_t> values) {
  GraphBuilder b;
  int64_t channels = static_cast<int64_t>(how.multiplier.size());
  std::vector<int64_t> shape = {static_cast<int64_t>(values.size()) / channels, channels};
  int in = b.input(I32, shape);
  int out = b.op("tosa.rescale",
                 {in, b.constant<int32_t>({channels}, how.multiplier),
                  b.constant<int8_t>({channels}, how.shift), b.scalar<int32_t>(how.inputZeroPoint),
                  b.scalar<int8_t>(how.outputZeroPoint)},
                 I8, shape,
                 {{"scale32", ints({1})},
                  {"per_channel", ints({channels > 1})},
                  {"rounding_mode", text(how.rounding)},
                  {"input_unsigned", ints({0})},
                  {"output_unsigned", ints({0})}});
  return evaluateBoth<int8_t>(b.finish(out), values);
}

TEST(Rescale, RoundsHalvesUp) {
  RescaleCase half;
  half.shift = {31};
  EXPECT_THAT(rescale(half, {3, 1, -1, -3, 2, 1000, -1000}),
              ElementsAre(2, 1, 0, -1, 1, 127, -128));
}

TEST(Rescale, DoubleRoundAddsASecondRounding) {
  // 2^30 * 2^-34 = 1/16: the extra 2^30 lifts values from 7/16 to a half.
  RescaleCase sixteenth;
  sixteenth.shift = {34};
  EXPECT_THAT(rescale(sixteenth, {7, 8, -8, -9}), ElementsAre(0, 1, 0, -1));
  sixteenth.rounding = "DOUBLE_ROUND";
  EXPECT_THAT(rescale(sixteenth, {7, 8, -8, -9}), ElementsAre(1, 1, -1, -1));
  // Without effect up to a shift of 31.
  RescaleCase half;
  half.shift = {31};
  half.rounding = "DOUBLE_ROUND";
  EXPECT_THAT(rescale(half, {3, -3}), ElementsAre(2, -1));
}

TEST(Rescale, InexactRoundMultipliesFloats) {
  RescaleCase half;
  half.shift = {31};
  half.rounding = "INEXACT_ROUND";
  EXPECT_THAT(rescale(half, {3, 1, -1, -3, 2, 1000, -1000}),
              ElementsAre(2, 0, 0, -2, 1, 127, -128));
  // 0.5 * (1 + 2^-24) lies halfway between 0.5 and the next float; the even one is 0.5, which
  // rounds to zero.
  RescaleCase tiny = half;
  tiny.multiplier = {(1 << 30) + (1 << 6)};
  EXPECT_THAT(rescale(tiny, {1, 3}), ElementsAre(0, 2));
  tiny.rounding = "SINGLE_ROUND";
  EXPECT_THAT(rescale(tiny, {-1, 1}), ElementsAre(-1, 1));
  // So do sums of more than 24 bits: 2^24 + 1 is 2^24 as a float.
  RescaleCase large;
  large.shift = {55};
  large.rounding = "INEXACT_ROUND";
  EXPECT_THAT(rescale(large, {16777217, 16777218}), ElementsAre(0, 1));
}

TEST(Rescale, TakesZeroPointsAndChannels) {
  RescaleCase channels;
  channels.multiplier = {1 << 30, 1 << 30};
  channels.shift = {30, 32};
  channels.inputZeroPoint = 0;
  channels.outputZeroPoint = 5;
  EXPECT_THAT(rescale(channels, {10, 10, -20, -20}), ElementsAre(15, 8, -15, 0));
}

TEST(Rescale, From48BitsByA16BitMultiplier) {
  GraphBuilder b;
  int in = b.input(ElementType::I64, {2});
  int out = b.op("tosa.rescale",
                 {in, b.constant<int16_t>({1}, {1 << 14}), b.constant<int8_t>({1}, {34}),
                  b.scalar<int64_t>(0), b.scalar<int16_t>(7)},
                 I16, {2},
                 {{"scale32", ints({0})},
                  {"per_channel", ints({0})},
                  {"rounding_mode", text("SINGLE_ROUND")}});
  EXPECT_THAT(
      evaluateBoth<int16_t>(b.finish(out), std::vector<int64_t>{3 << 20, int64_t(-1) << 46}),
      ElementsAre(10, -32768));
}

TEST(Rescale, ReadsUnsignedBytes) {
  GraphBuilder b;
  int in = b.input(I8, {3});
  int out = b.op("tosa.rescale",
                 {in, b.constant<int32_t>({1}, {1 << 30}), b.constant<int8_t>({1}, {30}),
                  b.scalar<int8_t>(int8_t(-128)), b.scalar<int8_t>(0)},
                 I8, {3},
                 {{"scale32", ints({1})},
                  {"per_channel", ints({0})},
                  {"rounding_mode", text("SINGLE_ROUND")},
                  {"input_unsigned", ints({1})}});
  // Bytes 0, 128, 255 with zero point 128.
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), std::vector<int8_t>{0, -128, -1}),
              ElementsAre(-128, 0, 127));
}

TEST(Table, LooksUpAndInterpolates) {
  GraphBuilder b;
  std::vector<int8_t> entries(256);
  for (int i = 0; i < 256; ++i)
    entries[i] = static_cast<int8_t>(127 - i);
  int in = b.input(I8, {3});
  int out = b.op("tosa.table", {in, b.constant<int8_t>({256}, entries)}, I8, {3});
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), std::vector<int8_t>{-128, 0, 127}),
              ElementsAre(127, -1, -128));

  GraphBuilder wide;
  std::vector<int16_t> steps(513);
  for (int i = 0; i < 513; ++i)
    steps[i] = static_cast<int16_t>(i);
  int wideIn = wide.input(I16, {3});
  int wideOut = wide.op("tosa.table", {wideIn, wide.constant<int16_t>({513}, steps)}, I32, {3});
  EXPECT_THAT(evaluateBoth<int32_t>(wide.finish(wideOut), std::vector<int16_t>{-32768, 1, 32767}),
              ElementsAre(0, 256 * 128 + 1, 511 * 128 + 127));
}

TEST(Cast, RoundsToEvenAndSaturates) {
  GraphBuilder b;
  int in = b.input(F32, {7});
  int out = b.op("tosa.cast", {in}, I8, {7});
  EXPECT_THAT(
      evaluateBoth<int8_t>(b.finish(out), std::vector<float>{0.5, 1.5, 2.5, -0.5, 1e9, -1e9, NAN}),
      ElementsAre(0, 2, 2, 0, 127, -128, 0));
}

TEST(Cast, KeepsTheLimitsOf64Bits) {
  GraphBuilder b;
  int in = b.input(F32, {2});
  int out = b.op("tosa.cast", {in}, ElementType::I64, {2});
  EXPECT_THAT(evaluateBoth<int64_t>(b.finish(out), std::vector<float>{INFINITY, -INFINITY}),
              ElementsAre(INT64_MAX, INT64_MIN));
}

TEST(QuantizedCasts, RoundTrip) {
  GraphBuilder b;
  std::map<std::string, Attribute> type = {{"scale", floats({0.5})},
                                           {"zero_point", ints({-3})},
                                           {"min", ints({-100})},
                                           {"max", ints({100})}};
  int in = b.input(F32, {6});
  int integers = b.op("quant.qcast", {in}, I8, {6}, type);
  int out = b.op("quant.dcast", {integers}, F32, {6}, type);
  // 0.25/0.5 and 0.75/0.5 lie halfway and go to the even neighbour.
  EXPECT_THAT(
      evaluateBoth<float>(b.finish(out), std::vector<float>{0.25, 0.75, 1000, -1000, NAN, -2}),
      ElementsAre(0, 1, 51.5, -48.5, 0, -2));
}

TEST(QuantizedCasts, HaveAxes) {
  GraphBuilder b;
  int in = b.input(I8, {2, 2});
  int out = b.op("quant.dcast", {in}, F32, {2, 2},
                 {{"scale", floats({1, 10})}, {"zero_point", ints({0, 1})}, {"axis", ints({1})}});
  EXPECT_THAT(evaluateBoth<float>(b.finish(out), std::vector<int8_t>{1, 2, 3, 4}),
              ElementsAre(1, 10, 3, 30));
}

TEST(Quantize, SaturatesFarValues) {
  EXPECT_EQ(quantize(INFINITY, 1e-30, 0, -128, 127), 127);
  EXPECT_EQ(quantize(-INFINITY, 1, 5, -128, 127), -128);
  EXPECT_EQ(quantize(NAN, 1, 5, -128, 127), 5);
}

} // namespace
