//===- SmallFloatsTest.cpp - floats of 16 bits and less -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Program/SmallFloats.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace pim {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

class SmallFloats : public ::testing::TestWithParam<ElementType> {
protected:
  int codes() const { return 1 << elementBits(GetParam()); }
};

TEST_P(SmallFloats, EveryCodeComesBack) {
  ASSERT_TRUE(isSmallFloat(GetParam()));
  for (int code = 0; code < codes(); ++code) {
    float value = decodeFloat(GetParam(), uint16_t(code));
    uint16_t back = encodeFloat(GetParam(), value, {.saturate = false});
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(decodeFloat(GetParam(), back))) << code;
    else
      EXPECT_EQ(back, code);
  }
}

TEST_P(SmallFloats, RoundsToTheNearer) {
  // Between neighbours of the same sign, a quarter and three quarters of the way.
  for (int code = 0; code + 1 < codes() / 2; ++code) {
    float low = decodeFloat(GetParam(), uint16_t(code));
    float high = decodeFloat(GetParam(), uint16_t(code + 1));
    if (!std::isfinite(low) || !std::isfinite(high))
      break;
    EXPECT_EQ(encodeFloat(GetParam(), low + (high - low) / 4), code);
    EXPECT_EQ(encodeFloat(GetParam(), low + (high - low) * 0.75f), code + 1);
    EXPECT_EQ(encodeFloat(GetParam(), low + (high - low) / 2), code + code % 2);
  }
}

INSTANTIATE_TEST_SUITE_P(Types, SmallFloats,
                         ::testing::Values(ElementType::F16, ElementType::BF16,
                                           ElementType::F8E4M3FN, ElementType::F8E4M3FNUZ,
                                           ElementType::F8E5M2, ElementType::F8E5M2FNUZ,
                                           ElementType::F4E2M1));

TEST(SmallFloats, OverflowsAsTheirKindSays) {
  auto overflow = [](ElementType type, float value, bool saturate) {
    return decodeFloat(type, encodeFloat(type, value, {.saturate = saturate}));
  };
  for (float value : {1e6f, infinity}) {
    EXPECT_EQ(overflow(ElementType::F8E4M3FN, value, true), 448);
    EXPECT_EQ(overflow(ElementType::F8E4M3FNUZ, -value, true), -240);
    EXPECT_EQ(overflow(ElementType::F8E5M2, value, true), 57344);
    EXPECT_EQ(overflow(ElementType::F8E5M2FNUZ, value, true), 57344);
    EXPECT_TRUE(std::isnan(overflow(ElementType::F8E4M3FN, value, false)));
    EXPECT_TRUE(std::isnan(overflow(ElementType::F8E4M3FNUZ, value, false)));
    EXPECT_EQ(overflow(ElementType::F8E5M2, -value, false), -infinity);
    EXPECT_TRUE(std::isnan(overflow(ElementType::F8E5M2FNUZ, value, false)));
    EXPECT_EQ(overflow(ElementType::F16, value, true), infinity);
  }
  // Minus zero is NaN where there is no other one.
  EXPECT_EQ(encodeFloat(ElementType::F8E4M3FNUZ, -0.0f), 0);
  EXPECT_EQ(encodeFloat(ElementType::F8E4M3FN, -0.0f), 0x80);
  EXPECT_FALSE(isSmallFloat(ElementType::F32));
}

TEST(SmallFloats, FourBitsAlwaysSaturate) {
  const float values[] = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};
  for (uint16_t code = 0; code < 8; ++code) {
    EXPECT_EQ(decodeFloat(ElementType::F4E2M1, code), values[code]);
    EXPECT_EQ(decodeFloat(ElementType::F4E2M1, code | 8), -values[code]);
  }
  for (bool saturate : {false, true}) {
    EXPECT_EQ(encodeFloat(ElementType::F4E2M1, infinity, {.saturate = saturate}), 7);
    EXPECT_EQ(encodeFloat(ElementType::F4E2M1, -5.1f, {.saturate = saturate}), 15);
  }
  EXPECT_EQ(encodeFloat(ElementType::F4E2M1, std::nanf("")), 8);
}

TEST(SmallFloats, ScalesArePowersOfTwo) {
  constexpr ElementType type = ElementType::F8E8M0;
  ASSERT_TRUE(isSmallFloat(type));
  for (int code = 0; code < 255; ++code) {
    float value = decodeFloat(type, uint16_t(code));
    EXPECT_EQ(value, std::ldexp(1.0f, code - 127));
    for (ScaleRounding rounding : {ScaleRounding::Up, ScaleRounding::Down, ScaleRounding::Nearest})
      EXPECT_EQ(encodeFloat(type, value, {.saturate = false, .rounding = rounding}), code);
  }
  EXPECT_TRUE(std::isnan(decodeFloat(type, 255)));
  EXPECT_EQ(encodeFloat(type, std::nanf("")), 255);
}

TEST(SmallFloats, ScalesRoundAsAsked) {
  auto encode = [](float value, ScaleRounding rounding, bool saturate = true) {
    return int(encodeFloat(ElementType::F8E8M0, value, {saturate, rounding}));
  };
  using enum ScaleRounding;
  EXPECT_EQ(encode(1.01f, Up), 128);
  EXPECT_EQ(encode(1.99f, Down), 127);
  EXPECT_EQ(encode(1.49f, Nearest), 127);
  EXPECT_EQ(encode(1.5f, Nearest), 128); // as near to both
  // The largest is 2^127, the smallest 2^-127; zero is out of range.
  constexpr float large = 0x1.8p127f, small = 0x1p-128f;
  for (float value : {large, infinity}) {
    EXPECT_EQ(encode(value, Up), 254);
    EXPECT_EQ(encode(value, Up, false), 255);
  }
  EXPECT_EQ(encode(large, Down, false), 254);
  EXPECT_EQ(encode(0x1.2p-127f, Up), 1);
  for (float value : {small, 0.0f}) {
    EXPECT_EQ(encode(value, Nearest), 0);
    EXPECT_EQ(encode(value, Nearest, false), 255);
  }
}

} // namespace
} // namespace pim
