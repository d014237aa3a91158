//===- TrainingTest.cpp - steps of training -------------------------------===//
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

static std::string training(const char *type) {
  return std::string("ai.onnx.preview.training:") + type;
}

TEST(OnnxTraining, Adagrad) {
  const Attributes attributes{{"norm_coefficient", oneFloat(0.5)},
                              {"epsilon", oneFloat(1)},
                              {"decay_factor", oneFloat(0.5)}};
  // The rate is 0.8 / (1 + 2 * 0.5) = 0.4; the gradient 0.5 * 2 + 2 = 3.
  std::vector<Value> results =
      runOp(training("Adagrad"), 1,
            {floats({}, {0.8f}), ints({2}), floats({1}, {2}), floats({1}, {2}), floats({1}, {7})},
            attributes, 2);
  EXPECT_THAT(values<float>(results[0]), near({1.76f})); // 2 - 0.4 * 3 / (4 + 1)
  EXPECT_THAT(values<float>(results[1]), ElementsAre(16));
}

TEST(OnnxTraining, Adam) {
  const Attributes attributes{
      {"alpha", oneFloat(0.5)}, {"beta", oneFloat(0.75)}, {"norm_coefficient_post", oneFloat(0.5)}};
  auto step = [&](int64_t steps) {
    return runOp(training("Adam"), 1,
                 {floats({}, {1}), ints({steps}), floats({1}, {3}), floats({1}, {2}),
                  floats({1}, {4}), floats({1}, {4})},
                 attributes, 3);
  };
  std::vector<Value> results = step(0);
  EXPECT_THAT(values<float>(results[0]), near({0.75f})); // half of 3 - 3 / 2
  EXPECT_THAT(values<float>(results[1]), ElementsAre(3));
  EXPECT_THAT(values<float>(results[2]), ElementsAre(4));
  // After the first step the rate is sqrt(1 - 0.75) / (1 - 0.5) = 1 too.
  EXPECT_THAT(values<float>(step(1)[0]), near({0.75f}));
}

TEST(OnnxTraining, Momentum) {
  Attributes attributes{{"alpha", oneFloat(0.5)},
                        {"beta", oneFloat(0.25)},
                        {"norm_coefficient", oneFloat(0)},
                        {"mode", oneText("standard")}};
  // Two tensors: those, their gradients, their momenta.
  auto step = [&](int64_t steps) {
    return runOp(training("Momentum"), 1,
                 {tensor<double>({}, {0.1}), ints({steps}), floats({2}, {1, 2}), floats({}, {3}),
                  floats({2}, {4, 8}), floats({}, {2}), floats({2}, {2, 0}), floats({}, {6})},
                 attributes, 4);
  };
  std::vector<Value> results = step(0);
  EXPECT_THAT(values<float>(results[0]), near({0.5f, 1.2f})); // 1 - 0.1 * 5, 2 - 0.1 * 8
  EXPECT_THAT(values<float>(results[1]), near({2.5f}));       // 3 - 0.1 * 5
  EXPECT_THAT(values<float>(results[2]), ElementsAre(5, 8));
  EXPECT_THAT(values<float>(results[3]), ElementsAre(5));
  EXPECT_THAT(values<float>(step(1)[2]), ElementsAre(2, 2)); // a quarter of the gradient
  attributes["mode"] = oneText("nesterov");
  EXPECT_THAT(values<float>(step(0)[0]), near({0.35f, 0.8f})); // 1 - 0.1 * (4 + 0.5 * 5)
}

TEST(OnnxTraining, RefuseOtherOperands) {
  const Tensor one = floats({1}, {1}), rate = floats({}, {1});
  EXPECT_THAT(errorOf(training("Adagrad"), 1, {rate, ints({0}), one, one}),
              HasSubstr("has 4 operands, expected 2 and 3 for each tensor"));
  EXPECT_THAT(errorOf(training("Adagrad"), 1, {rate}), HasSubstr("has 1 operands"));
  EXPECT_THAT(errorOf(training("Adam"), 1, {rate, ints({0}), one, one, floats({2}, {1, 2}), one}),
              HasSubstr("a gradient or a state has shape [2], expected [1]"));
  EXPECT_THAT(
      errorOf(training("Momentum"), 1, {rate, ints({0}), one, one, tensor<double>({1}, {1})}),
      HasSubstr("elements of type f64, expected f32"));
  EXPECT_THAT(errorOf(training("Momentum"), 1, {rate, ints({0}), one, one, one},
                      {{"mode", oneText("heavy")}}),
              HasSubstr("'mode' is 'heavy'"));
}
