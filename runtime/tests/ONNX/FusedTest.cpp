//===- FusedTest.cpp - what onnxruntime makes of several nodes ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpRunner.h"

using namespace pim;
using namespace pim::onnx;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(OnnxFused, ConvolutionAddsAndActivates) {
  const Tensor x = floats({1, 1, 3}, {1, 2, 3}), w = floats({1, 1, 1}, {2}), b = floats({1}, {-3});
  EXPECT_THAT(values<float>(run("com.microsoft:FusedConv", 1, {x, w, b})), ElementsAre(-1, 1, 3));
  EXPECT_THAT(values<float>(
                  run("com.microsoft:FusedConv", 1, {x, w, b}, {{"activation", oneText("Relu")}})),
              ElementsAre(0, 1, 3));
  EXPECT_THAT(values<float>(
                  run("com.microsoft:FusedConv", 1, {x, w, Value(), floats({1, 1, 3}, {-3, -3, 1})},
                      {{"activation", oneText("Clip")}, {"activation_params", floatList({0, 6})}})),
              ElementsAre(0, 1, 6));
  EXPECT_THAT(values<float>(run("com.microsoft:FusedConv", 1, {x, w, b},
                                {{"activation", oneText("LeakyRelu")},
                                 {"activation_params", floatList({0.5})},
                                 {"strides", intList({2})}})),
              ElementsAre(-0.5, 3));
  EXPECT_THAT(errorOf("com.microsoft:FusedConv", 1, {x, w}, {{"activation", oneText("Swish")}}),
              HasSubstr("activation 'Swish' is unknown"));
  EXPECT_THAT(errorOf("com.microsoft:FusedConv", 1, {x, w}, {{"activation", oneText("Clip")}}),
              HasSubstr("has no lower bound"));
}

TEST(OnnxFused, MatrixProducts) {
  const Tensor a = floats({2, 2}, {1, 2, 3, 4}), b = floats({2, 2}, {1, 0, 1, -1});
  EXPECT_THAT(values<float>(run("com.microsoft:FusedMatMul", 1, {a, b},
                                {{"alpha", oneFloat(0.5)}, {"transB", oneInt(1)}})),
              ElementsAre(0.5, -0.5, 1.5, -0.5));
  EXPECT_THAT(values<float>(run("com.microsoft:FusedGemm", 1, {a, b, floats({2}, {0, 1})},
                                {{"transA", oneInt(1)}, {"activation", oneText("Relu")}})),
              ElementsAre(4, 0, 6, 0));
  EXPECT_THAT(errorOf("com.microsoft:FusedMatMul", 1, {a, b}, {{"transBatchA", oneInt(1)}}),
              HasSubstr("transBatchA, which is not supported"));
}

TEST(OnnxFused, GeluOfSums) {
  // x Phi(x) of 1 and -1, and with tanh (Hendrycks and Gimpel 2016).
  EXPECT_THAT(values<float>(
                  run("com.microsoft:BiasGelu", 1, {floats({1, 2}, {0, -2}), floats({2}, {1, 1})})),
              near({0.841345f, -0.158655f}, 1e-6f));
  EXPECT_THAT(values<float>(run("com.microsoft:FastGelu", 1, {floats({2}, {1, -1})})),
              near({0.841192f, -0.158808f}, 1e-6f));
}

TEST(OnnxFused, NormalizesSums) {
  std::vector<Value> results = runOp("com.microsoft:SkipLayerNormalization", 1,
                                     {floats({1, 2}, {1, 2}), floats({1, 2}, {0, 1}),
                                      floats({2}, {1, 2}), Value(), floats({2}, {0, 2})},
                                     {}, 1);
  EXPECT_THAT(values<float>(results[0]), near({-1, 2})); // of 1 and 5
  const Value y = run("com.microsoft:SkipSimplifiedLayerNormalization", 1,
                      {floats({1, 2}, {1, 3}), floats({1, 2}, {0, 4}), floats({2}, {1, 1})});
  EXPECT_THAT(values<float>(y), near({0.2f, 1.4f})); // over the root of (1 + 49) / 2
}
