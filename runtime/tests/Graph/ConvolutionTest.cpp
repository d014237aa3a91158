//===- ConvolutionTest.cpp - convolutions, matrix products, pooling -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "GraphBuilder.h"

using namespace pim;
using namespace pim::graph;
using testing::ElementsAre;

namespace {

constexpr ElementType I8 = ElementType::I8, I32 = ElementType::I32, F32 = ElementType::F32;

TEST(Conv2d, SubtractsZeroPointsAndPadsWithThem) {
  GraphBuilder b;
  int in = b.input(I8, {1, 2, 2, 1});
  // Two output channels: the sum of the window, and its centre alone (weight zero point 1).
  int weight = b.constant<int8_t>({2, 3, 3, 1}, {2, 2, 2, 2, 2, 2, 2, 2, 2, //
                                                 1, 1, 1, 1, 2, 1, 1, 1, 1});
  int bias = b.constant<int32_t>({2}, {100, -100});
  int out = b.op("tosa.conv2d", {in, weight, bias, b.scalar<int8_t>(10), b.scalar<int8_t>(1)}, I32,
                 {1, 2, 2, 2}, window({1, 1, 1, 1}, {1, 1}));
  // Values less the zero point: 1, 2, 3, -138.
  EXPECT_THAT(evaluateBoth<int32_t>(b.finish(out), std::vector<int8_t>{11, 12, 13, -128}),
              ElementsAre(-32, -99, -32, -98, -32, -97, -32, -238));
}

TEST(Conv2d, StridesAndDilates) {
  GraphBuilder b;
  int in = b.input(I8, {1, 1, 7, 1});
  int weight = b.constant<int8_t>({1, 1, 2, 1}, {1, 10});
  int out = b.op("tosa.conv2d",
                 {in, weight, b.scalar<int32_t>(0), b.scalar<int8_t>(0), b.scalar<int8_t>(0)}, I32,
                 {1, 1, 3, 1}, window({0, 0, 1, 0}, {1, 2}, {1, 3}));
  // Columns -1, 1, 3 and 2, 4, 6.
  EXPECT_THAT(evaluateBoth<int32_t>(b.finish(out), std::vector<int8_t>{1, 2, 3, 4, 5, 6, 7}),
              ElementsAre(30, 52, 74));
}

TEST(Conv2d, SumsOf16BitsGoTo48) {
  GraphBuilder b;
  int in = b.input(ElementType::I16, {1, 1, 1, 3});
  int weight = b.constant<int8_t>({1, 1, 1, 3}, {127, 127, 127});
  int out = b.op(
      "tosa.conv2d",
      {in, weight, b.scalar<int64_t>(int64_t(1) << 40), b.scalar<int16_t>(0), b.scalar<int8_t>(0)},
      ElementType::I64, {1, 1, 1, 1}, window({0, 0, 0, 0}, {1, 1}));
  EXPECT_THAT(evaluateBoth<int64_t>(b.finish(out), std::vector<int16_t>{32767, 32767, 32767}),
              ElementsAre((int64_t(1) << 40) + 3 * 127 * 32767));
}

TEST(DepthwiseConv2d, HasAMultiplier) {
  GraphBuilder b;
  int in = b.input(I8, {1, 1, 2, 2});
  int weight = b.constant<int8_t>({1, 2, 2, 2}, {1, 2, 3, 4, 10, 20, 30, 40});
  int out = b.op("tosa.depthwise_conv2d",
                 {in, weight, b.constant<int32_t>({4}, {0, 0, 0, 1000}), b.scalar<int8_t>(0),
                  b.scalar<int8_t>(0)},
                 I32, {1, 1, 1, 4}, window({0, 0, 0, 0}, {1, 1}));
  // Channel 0 holds 1, 3; channel 1 holds 2, 4.
  EXPECT_THAT(evaluateBoth<int32_t>(b.finish(out), std::vector<int8_t>{1, 2, 3, 4}),
              ElementsAre(31, 62, 126, 1168));
}

/// A convolution of random floats by the loops of the reference and by oneDNN.
void expectFloatConvolution(const std::string &code, std::vector<int64_t> input,
                            std::vector<int64_t> weight, int64_t biases,
                            std::vector<int64_t> output,
                            std::map<std::string, Attribute> attributes) {
  auto count = [](const std::vector<int64_t> &shape) {
    size_t product = 1;
    for (int64_t size : shape)
      product *= static_cast<size_t>(size);
    return product;
  };
  GraphBuilder b;
  int in = b.input(F32, input);
  int w = b.constant<float>(weight, randomValues<float>(count(weight), -1, 1, 1));
  int bias = b.constant<float>({biases}, randomValues<float>(size_t(biases), -1, 1, 2));
  int zero = b.scalar<float>(0);
  int out = b.op(code, {in, w, bias, zero, zero}, F32, output, std::move(attributes));
  auto values = evaluateBoth<float>(b.finish(out), randomValues<float>(count(input), -1, 1, 3));
  EXPECT_EQ(values.size(), count(output));
}

TEST(FloatConvolution, ReferenceAndHostAgree) {
  expectFloatConvolution("tosa.conv2d", {1, 9, 8, 3}, {16, 3, 3, 3}, 16, {1, 9, 8, 16},
                         window({1, 1, 1, 1}, {1, 1}));
  expectFloatConvolution("tosa.conv2d", {2, 9, 9, 5}, {7, 3, 2, 5}, 1, {2, 4, 8, 7},
                         window({0, 0, 0, 0}, {2, 1}));
  expectFloatConvolution("tosa.conv2d", {1, 12, 12, 4}, {6, 3, 3, 4}, 6, {1, 8, 6, 6},
                         window({0, 0, 2, 1}, {1, 2}, {2, 2}));
  expectFloatConvolution("tosa.conv2d", {1, 1, 1, 300}, {10, 1, 1, 300}, 10, {1, 1, 1, 10},
                         window({0, 0, 0, 0}, {1, 1}));
  expectFloatConvolution("tosa.depthwise_conv2d", {1, 8, 8, 12}, {3, 3, 12, 1}, 12, {1, 4, 4, 12},
                         window({0, 1, 0, 1}, {2, 2}));
  expectFloatConvolution("tosa.depthwise_conv2d", {1, 5, 5, 3}, {2, 2, 3, 2}, 1, {1, 4, 4, 6},
                         window({0, 0, 0, 0}, {1, 1}));
}

TEST(TransposeConv2d, SpreadsEachInput) {
  GraphBuilder b;
  int in = b.input(I8, {1, 1, 2, 1});
  int weight = b.constant<int8_t>({1, 1, 3, 1}, {1, 2, 3});
  int out = b.op("tosa.transpose_conv2d",
                 {in, weight, b.scalar<int32_t>(5), b.scalar<int8_t>(0), b.scalar<int8_t>(0)}, I32,
                 {1, 1, 5, 1}, {{"out_pad", ints({0, 0, 0, 0})}, {"stride", ints({1, 2})}});
  EXPECT_THAT(evaluateBoth<int32_t>(b.finish(out), std::vector<int8_t>{1, 10}),
              ElementsAre(6, 7, 18, 25, 35));
}

TEST(MatMul, SubtractsZeroPoints) {
  GraphBuilder b;
  int x = b.input(I8, {1, 2, 2});
  int y = b.constant<int8_t>({1, 2, 2}, {1, 2, 3, 4});
  int out = b.op("tosa.matmul", {x, y, b.scalar<int8_t>(1), b.scalar<int8_t>(-1)}, I32, {1, 2, 2});
  // [[1, 2], [3, 4]] x [[2, 3], [4, 5]]
  EXPECT_THAT(evaluateBoth<int32_t>(b.finish(out), std::vector<int8_t>{2, 3, 4, 5}),
              ElementsAre(10, 13, 22, 29));
}

TEST(MatMul, FloatsAgree) {
  GraphBuilder b;
  int x = b.input(F32, {3, 5, 7}), y = b.input(F32, {3, 7, 4});
  int zero = b.scalar<float>(0);
  int out = b.op("tosa.matmul", {x, y, zero, zero}, F32, {3, 5, 4});
  evaluateBoth<float>(b.finish(out), randomValues<float>(105, -1, 1, 4),
                      randomValues<float>(84, -1, 1, 5));
}

TEST(MaxPool2d, IgnoresPadding) {
  GraphBuilder b;
  int in = b.input(I8, {1, 2, 3, 1});
  int out = b.op("tosa.max_pool2d", {in}, I8, {1, 1, 2, 1},
                 {{"kernel", ints({2, 2})}, {"stride", ints({2, 2})}, {"pad", ints({0, 0, 1, 0})}});
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), std::vector<int8_t>{-128, -7, -6, -100, -5, -9}),
              ElementsAre(-100, -5));
}

TEST(MaxPool2d, PropagatesNan) {
  GraphBuilder b;
  int in = b.input(F32, {1, 1, 3, 1});
  int out = b.op("tosa.max_pool2d", {in}, F32, {1, 1, 1, 1},
                 {{"kernel", ints({1, 3})}, {"stride", ints({1, 1})}, {"pad", ints({0, 0, 0, 0})}});
  EXPECT_TRUE(
      std::isnan(evaluate<float>(HostEvaluator(b.finish(out)), std::vector<float>{1, NAN, 2})[0]));
}

TEST(AvgPool2d, DividesByTheTapsInside) {
  GraphBuilder b;
  int in = b.input(I8, {1, 2, 2, 1});
  int out =
      b.op("tosa.avg_pool2d", {in, b.scalar<int8_t>(3), b.scalar<int8_t>(-20)}, I8, {1, 2, 2, 1},
           {{"kernel", ints({2, 2})}, {"stride", ints({1, 1})}, {"pad", ints({1, 0, 1, 0})}});
  // Less the zero point: 1, 4 / -6, 3. Means 1, 2.5, -2.5, 0.5; TOSA's reciprocals are a hair too
  // large, which takes halves away from 0.
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), std::vector<int8_t>{4, 7, -3, 6}),
              ElementsAre(-19, -17, -23, -19));
}

TEST(AvgPool2d, FloatsAgree) {
  GraphBuilder b;
  int in = b.input(F32, {1, 7, 7, 5});
  int zero = b.scalar<float>(0);
  int out = b.op("tosa.avg_pool2d", {in, zero, zero}, F32, {1, 4, 4, 5},
                 {{"kernel", ints({3, 3})}, {"stride", ints({2, 2})}, {"pad", ints({1, 1, 1, 1})}});
  evaluateBoth<float>(b.finish(out), randomValues<float>(245, -1, 1, 6));
}

} // namespace
