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
  int codes() const { return 1 << (8 * elementBytes(GetParam())); }
};

TEST_P(SmallFloats, EveryCodeComesBack) {
  ASSERT_TRUE(isSmallFloat(GetParam()));
  for (int code = 0; code < codes(); ++code) {
    float value = decodeFloat(GetParam(), uint16_t(code));
    uint16_t back = encodeFloat(GetParam(), value, /*saturate=*/false);
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
                                           ElementType::F8E5M2, ElementType::F8E5M2FNUZ));

TEST(SmallFloats, OverflowsAsTheirKindSays) {
  auto overflow = [](ElementType type, float value, bool saturate) {
    return decodeFloat(type, encodeFloat(type, value, saturate));
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

} // namespace
} // namespace pim
