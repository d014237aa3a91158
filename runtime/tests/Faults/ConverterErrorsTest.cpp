//===- ConverterErrorsTest.cpp - offset, gain and bend of ADCs ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/ConverterErrors.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace pim;
using namespace pim::runtime;

namespace {

target::Target targetOf(double offset, double gain, double bend) {
  target::Target target;
  target.array.cols = 128;
  target.adc.perArray = 4;
  target.adc.offsetLsb = offset;
  target.adc.gainSigma = gain;
  target.adc.inlLsb = bend;
  return target;
}

TEST(ConverterErrorsTest, NoneUnlessAsked) {
  EXPECT_FALSE(hasConverterErrors(targetOf(0, 0, 0)));
  EXPECT_TRUE(hasConverterErrors(targetOf(0, 0, 0.5)));
  const ConverterError error = converterError(targetOf(0, 0, 0), {}, 3, 5);
  EXPECT_EQ(error.gain, 1);
  EXPECT_EQ(error.offset, 0);
  EXPECT_EQ(error.bend, 0);
}

TEST(ConverterErrorsTest, NeighbouringColumnsShareAConverter) {
  const target::Target target = targetOf(1, 0.1, 1);
  auto offset = [&](uint32_t array, uint32_t column) {
    return converterError(target, {}, array, column).offset;
  };
  EXPECT_EQ(offset(0, 0), offset(0, 31));
  EXPECT_NE(offset(0, 31), offset(0, 32));
  EXPECT_NE(offset(0, 0), offset(1, 0));
}

TEST(ConverterErrorsTest, DeviationsAreThoseOfTheTarget) {
  const target::Target target = targetOf(2, 0.1, 0.5);
  double offsets = 0, gains = 0, bends = 0;
  constexpr uint32_t count = 20000;
  for (uint32_t array = 0; array < count; ++array) {
    const ConverterError error = converterError(target, {}, array, 0);
    offsets += double(error.offset) * error.offset;
    gains += double(error.gain - 1) * (error.gain - 1);
    bends += double(error.bend) * error.bend;
  }
  EXPECT_NEAR(std::sqrt(offsets / count), 2, 0.05);
  EXPECT_NEAR(std::sqrt(gains / count), 0.1, 0.0025);
  EXPECT_NEAR(std::sqrt(bends / count), 0.5, 0.0125);
}

} // namespace
