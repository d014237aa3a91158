//===- SignalTest.cpp - bands of a spectrum -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpRunner.h"

using namespace pim;
using namespace pim::onnx;
using testing::HasSubstr;

static Value melWeights(int64_t bands, int64_t length, int64_t rate, float low, float high) {
  return run("MelWeightMatrix", 17,
             {tensor<int64_t>({}, {bands}), tensor<int64_t>({}, {length}),
              tensor<int64_t>({}, {rate}), floats({}, {low}), floats({}, {high})});
}

TEST(OnnxSignal, MelBandsAreTriangles) {
  // A third and two thirds of the mels of 8 kHz are 921 and 3056 Hz: bins 1 and 6 of 9.
  const Value y = melWeights(1, 16, 8192, 0, 8000);
  EXPECT_EQ(shapeOf(y), Shape({9, 1}));
  EXPECT_THAT(values<float>(y), near({0, 1, 0.8f, 0.6f, 0.4f, 0.2f, 0, 0, 0}));
}

TEST(OnnxSignal, MelBandsEndWithinTheSpectrum) {
  EXPECT_THAT(errorOf("MelWeightMatrix", 17,
                      {tensor<int64_t>({}, {1}), tensor<int64_t>({}, {16}),
                       tensor<int64_t>({}, {100}), floats({}, {0}), floats({}, {8000})}),
              HasSubstr("above half of 100"));
}
