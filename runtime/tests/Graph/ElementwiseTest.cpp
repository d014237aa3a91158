//===- ElementwiseTest.cpp - operators on elements ----------------------------===//
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
using testing::FloatEq;

namespace {

constexpr ElementType I1 = ElementType::I1, I8 = ElementType::I8, I32 = ElementType::I32,
                      F32 = ElementType::F32;

template <typename T>
std::vector<T> binary(const std::string &code, std::vector<T> a, std::vector<T> b) {
  GraphBuilder builder;
  int64_t size = static_cast<int64_t>(a.size());
  int x = builder.input(elementTypeOf<T>(), {size}), y = builder.input(elementTypeOf<T>(), {size});
  int out = builder.op(code, {x, y}, elementTypeOf<T>(), {size});
  return evaluateBoth<T>(builder.finish(out), a, b);
}

std::vector<float> unary(const std::string &code, std::vector<float> values) {
  GraphBuilder builder;
  int64_t size = static_cast<int64_t>(values.size());
  int out = builder.op(code, {builder.input(F32, {size})}, F32, {size});
  return evaluateBoth<float>(builder.finish(out), values);
}

TEST(Binary, Integers) {
  EXPECT_THAT(binary<int32_t>("tosa.add", {1, INT32_MAX}, {2, 1}), ElementsAre(3, INT32_MIN));
  EXPECT_THAT(binary<int32_t>("tosa.sub", {1, INT32_MIN}, {2, 1}), ElementsAre(-1, INT32_MAX));
  EXPECT_THAT(binary<int8_t>("tosa.maximum", {1, -5}, {2, -7}), ElementsAre(2, -5));
  EXPECT_THAT(binary<int8_t>("tosa.minimum", {1, -5}, {2, -7}), ElementsAre(1, -7));
  EXPECT_THAT(binary<int32_t>("tosa.intdiv", {7, -7}, {2, 2}), ElementsAre(3, -3));
  EXPECT_THAT(binary<int32_t>("tosa.bitwise_xor", {6, -1}, {3, 1}), ElementsAre(5, -2));
  EXPECT_THAT(binary<int32_t>("tosa.logical_left_shift", {1, -1}, {31, 4}),
              ElementsAre(INT32_MIN, -16));
  EXPECT_THAT(binary<int32_t>("tosa.logical_right_shift", {-1, 8}, {28, 1}), ElementsAre(15, 4));
}

TEST(Binary, Floats) {
  EXPECT_THAT(binary<float>("tosa.pow", {2, 9}, {3, 0.5}), ElementsAre(8, 3));
  EXPECT_THAT(binary<float>("tosa.minimum", {2, 9}, {3, 0.5}), ElementsAre(2, 0.5));
}

TEST(Binary, MaximumPropagatesNan) {
  GraphBuilder b;
  int out = b.op("tosa.maximum", {b.input(F32, {1}), b.input(F32, {1})}, F32, {1});
  ReferenceEvaluator evaluator(b.finish(out));
  EXPECT_TRUE(
      std::isnan(evaluate<float>(evaluator, std::vector<float>{NAN}, std::vector<float>{1})[0]));
  EXPECT_TRUE(
      std::isnan(evaluate<float>(evaluator, std::vector<float>{1}, std::vector<float>{NAN})[0]));
}

TEST(Binary, DivisionByZeroIsAnError) {
  GraphBuilder b;
  int out = b.op("tosa.intdiv", {b.input(I32, {1}), b.input(I32, {1})}, I32, {1});
  ReferenceEvaluator evaluator(b.finish(out));
  EXPECT_THROW(evaluate<int32_t>(evaluator, std::vector<int32_t>{1}, std::vector<int32_t>{0}),
               Error);
}

TEST(Binary, BroadcastsEveryDimension) {
  GraphBuilder b;
  int x = b.input(I32, {2, 1, 3}), y = b.input(I32, {1, 2, 1});
  int out = b.op("tosa.add", {x, y}, I32, {2, 2, 3});
  EXPECT_THAT(evaluateBoth<int32_t>(b.finish(out), std::vector<int32_t>{1, 2, 3, 4, 5, 6},
                                    std::vector<int32_t>{10, 20}),
              ElementsAre(11, 12, 13, 21, 22, 23, 14, 15, 16, 24, 25, 26));
}

TEST(ArithmeticRightShift, RoundsIfAsked) {
  for (bool round : {false, true}) {
    GraphBuilder b;
    int x = b.input(I32, {3}), y = b.input(I32, {3});
    int out = b.op("tosa.arithmetic_right_shift", {x, y}, I32, {3}, {{"round", ints({round})}});
    auto values = evaluateBoth<int32_t>(b.finish(out), std::vector<int32_t>{7, -7, 5},
                                        std::vector<int32_t>{1, 1, 0});
    if (round)
      EXPECT_THAT(values, ElementsAre(4, -3, 5));
    else
      EXPECT_THAT(values, ElementsAre(3, -4, 5));
  }
}

TEST(Mul, WidensAndShifts) {
  GraphBuilder b;
  int x = b.input(I8, {2}), y = b.input(I8, {1});
  int out = b.op("tosa.mul", {x, y, b.scalar<int8_t>(0)}, I32, {2});
  EXPECT_THAT(evaluateBoth<int32_t>(b.finish(out), std::vector<int8_t>{-128, 100},
                                    std::vector<int8_t>{-128}),
              ElementsAre(16384, -12800));

  GraphBuilder shifted;
  int u = shifted.input(I32, {2}), v = shifted.input(I32, {2});
  int product = shifted.op("tosa.mul", {u, v, shifted.scalar<int8_t>(20)}, I32, {2});
  // (2^30 * 2^10) >> 20 and 3 * 2^19 / 2^20, rounded up.
  EXPECT_THAT(evaluateBoth<int32_t>(shifted.finish(product), std::vector<int32_t>{1 << 30, 3},
                                    std::vector<int32_t>{1 << 10, 1 << 19}),
              ElementsAre(1 << 20, 2));
}

TEST(Select, PicksByCondition) {
  GraphBuilder b;
  int x = b.input(F32, {4}), y = b.input(F32, {1});
  int condition = b.op("tosa.greater", {x, y}, I1, {4});
  int out = b.op("tosa.select", {condition, x, y}, F32, {4});
  EXPECT_THAT(
      evaluateBoth<float>(b.finish(out), std::vector<float>{1, 5, NAN, 3}, std::vector<float>{3}),
      ElementsAre(3, 5, 3, 3));
}

TEST(Unary, Floats) {
  EXPECT_THAT(unary("tosa.exp", {0, 1}), ElementsAre(1, FloatEq(std::exp(1.0f))));
  EXPECT_THAT(unary("tosa.log", {1}), ElementsAre(0));
  EXPECT_THAT(unary("tosa.reciprocal", {4}), ElementsAre(0.25));
  EXPECT_THAT(unary("tosa.rsqrt", {4}), ElementsAre(0.5));
  EXPECT_THAT(unary("tosa.sigmoid", {0, -1000, 1000}), ElementsAre(0.5, 0, 1));
  EXPECT_THAT(unary("tosa.tanh", {0, 50}), ElementsAre(0, 1));
  EXPECT_THAT(unary("tosa.erf", {0, 1}), ElementsAre(0, FloatEq(0.84270079f)));
  EXPECT_THAT(unary("tosa.floor", {-1.5, 1.5}), ElementsAre(-2, 1));
  EXPECT_THAT(unary("tosa.ceil", {-1.5, 1.5}), ElementsAre(-1, 2));
  EXPECT_THAT(unary("tosa.abs", {-1.5, 1.5}), ElementsAre(1.5, 1.5));
}

TEST(Clamp, BoundsIntegersAndFloats) {
  GraphBuilder b;
  int out = b.op("tosa.clamp", {b.input(I8, {3})}, I8, {3},
                 {{"min_val", ints({-2})}, {"max_val", ints({6})}});
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), std::vector<int8_t>{-100, 3, 100}),
              ElementsAre(-2, 3, 6));
  GraphBuilder real;
  int relu = real.op("tosa.clamp", {real.input(F32, {2})}, F32, {2},
                     {{"min_val", floats({0})}, {"max_val", floats({INFINITY})}});
  EXPECT_THAT(evaluateBoth<float>(real.finish(relu), std::vector<float>{-1, 3e38f}),
              ElementsAre(0, 3e38f));
}

TEST(Negate, UsesZeroPointsAndSaturates) {
  GraphBuilder b;
  int out =
      b.op("tosa.negate", {b.input(I8, {2}), b.scalar<int8_t>(1), b.scalar<int8_t>(2)}, I8, {2});
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), std::vector<int8_t>{5, -128}),
              ElementsAre(-2, 127));
}

} // namespace
