//===- ShapeTest.cpp - operators that move and fold elements ------------------===//
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

const std::vector<int8_t> six = {1, 2, 3, 4, 5, 6};

TEST(Transpose, Permutes) {
  GraphBuilder b;
  int out =
      b.op("tosa.transpose", {b.input(I8, {1, 2, 3})}, I8, {3, 1, 2}, {{"perms", ints({2, 0, 1})}});
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), six), ElementsAre(1, 4, 2, 5, 3, 6));
}

TEST(Reshape, KeepsTheOrder) {
  GraphBuilder b;
  int out = b.op("tosa.reshape", {b.input(I8, {2, 3}), b.shape({3, 2})}, I8, {3, 2});
  EXPECT_EQ(evaluateBoth<int8_t>(b.finish(out), six), six);
}

TEST(Concat, JoinsAlongAnAxis) {
  GraphBuilder b;
  int x = b.input(I8, {2, 2}), y = b.input(I8, {2, 1});
  int out = b.op("tosa.concat", {x, y}, I8, {2, 3}, {{"axis", ints({1})}});
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), std::vector<int8_t>{1, 2, 3, 4},
                                   std::vector<int8_t>{9, 8}),
              ElementsAre(1, 2, 9, 3, 4, 8));
}

TEST(Slice, TakesABox) {
  GraphBuilder b;
  int out = b.op("tosa.slice", {b.input(I8, {2, 3}), b.shape({0, 1}), b.shape({2, 2})}, I8, {2, 2});
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), six), ElementsAre(2, 3, 5, 6));
}

TEST(Pad, FillsTheBorder) {
  GraphBuilder b;
  int out = b.op("tosa.pad", {b.input(I8, {1, 2}), b.shape({1, 0, 0, 1}), b.scalar<int8_t>(7)}, I8,
                 {2, 3});
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), std::vector<int8_t>{1, 2}),
              ElementsAre(7, 7, 7, 1, 2, 7));
}

TEST(Tile, Repeats) {
  GraphBuilder b;
  int out = b.op("tosa.tile", {b.input(I8, {2, 1}), b.shape({2, 2})}, I8, {4, 2});
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), std::vector<int8_t>{1, 2}),
              ElementsAre(1, 1, 2, 2, 1, 1, 2, 2));
}

TEST(Reverse, TurnsOneAxis) {
  GraphBuilder b;
  int out = b.op("tosa.reverse", {b.input(I8, {2, 3})}, I8, {2, 3}, {{"axis", ints({1})}});
  EXPECT_THAT(evaluateBoth<int8_t>(b.finish(out), six), ElementsAre(3, 2, 1, 6, 5, 4));
}

TEST(Gather, PicksRowsAndChecksIndices) {
  GraphBuilder b;
  int values = b.input(I8, {1, 3, 2}), indices = b.input(I32, {1, 2});
  int out = b.op("tosa.gather", {values, indices}, I8, {1, 2, 2});
  ReferenceEvaluator evaluator(b.finish(out));
  EXPECT_THAT(evaluate<int8_t>(evaluator, six, std::vector<int32_t>{2, 0}),
              ElementsAre(5, 6, 1, 2));
  EXPECT_THROW(evaluate<int8_t>(evaluator, six, std::vector<int32_t>{3, 0}), Error);
  EXPECT_THROW(evaluate<int8_t>(evaluator, six, std::vector<int32_t>{0, -1}), Error);
}

TEST(Scatter, ReplacesRows) {
  GraphBuilder b;
  int values = b.input(I8, {1, 3, 2}), indices = b.input(I32, {1, 1}),
      rows = b.input(I8, {1, 1, 2});
  int out = b.op("tosa.scatter", {values, indices, rows}, I8, {1, 3, 2});
  EXPECT_THAT(
      evaluateBoth<int8_t>(b.finish(out), six, std::vector<int32_t>{1}, std::vector<int8_t>{9, 8}),
      ElementsAre(1, 2, 9, 8, 5, 6));
}

TEST(Reduce, FoldsTheMiddle) {
  auto reduce = [](const std::string &code) {
    GraphBuilder b;
    int out = b.op(code, {b.input(I32, {1, 3, 2})}, I32, {1, 1, 2}, {{"axis", ints({1})}});
    return evaluateBoth<int32_t>(b.finish(out), std::vector<int32_t>{1, 2, 3, 4, -5, 6});
  };
  EXPECT_THAT(reduce("tosa.reduce_sum"), ElementsAre(-1, 12));
  EXPECT_THAT(reduce("tosa.reduce_product"), ElementsAre(-15, 48));
  EXPECT_THAT(reduce("tosa.reduce_max"), ElementsAre(3, 6));
  EXPECT_THAT(reduce("tosa.reduce_min"), ElementsAre(-5, 2));
}

TEST(ArgMax, TakesTheFirstOfEquals) {
  GraphBuilder b;
  int out = b.op("tosa.argmax", {b.input(F32, {2, 3})}, I32, {2}, {{"axis", ints({1})}});
  EXPECT_THAT(evaluateBoth<int32_t>(b.finish(out), std::vector<float>{1, 3, 3, -1, -2, -3}),
              ElementsAre(1, 0));
}

TEST(Resize, DoublesALine) {
  auto resize = [](const std::string &mode, std::vector<float> values) {
    GraphBuilder b;
    int in = b.input(F32, {1, 1, 3, 1});
    int out = b.op("tosa.resize", {in, b.shape({1, 1, 4, 2}), b.shape({0, 0}), b.shape({0, 0})},
                   F32, {1, 1, 5, 1}, {{"mode", text(mode)}});
    return evaluateBoth<float>(b.finish(out), values);
  };
  EXPECT_THAT(resize("BILINEAR", {0, 2, 4}), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(resize("NEAREST_NEIGHBOR", {0, 2, 4}), ElementsAre(0, 2, 2, 4, 4));
}

} // namespace
