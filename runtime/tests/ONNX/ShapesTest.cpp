//===- ShapesTest.cpp - operators that move elements ------------------===//
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

TEST(OnnxShapes, ReshapeFillsInDimensions) {
  EXPECT_EQ(shapeOf(run("Reshape", 14, {counting({2, 3, 4}), ints({0, -1})})), (Shape{2, 12}));
  EXPECT_THAT(errorOf("Reshape", 14, {counting({2, 3}), ints({4, -1})}),
              HasSubstr("shapes [2, 3]"));
  EXPECT_THAT(errorOf("Reshape", 14, {counting({2, 3}), ints({-1, -1})}),
              HasSubstr("two dimensions"));
}

TEST(OnnxShapes, AxesAreAttributesOrOperands) {
  EXPECT_EQ(shapeOf(run("Unsqueeze", 11, {counting({3})}, {{"axes", intList({0, 2})}})),
            (Shape{1, 3, 1}));
  EXPECT_EQ(shapeOf(run("Squeeze", 13, {counting({1, 3, 1}), ints({-1})})), (Shape{1, 3}));
  EXPECT_THAT(errorOf("Squeeze", 13, {counting({2, 3}), ints({0})}), HasSubstr("not 1"));
  EXPECT_THAT(errorOf("Unsqueeze", 13, {counting({2}), ints({0, 0})}), HasSubstr("twice"));
}

TEST(OnnxShapes, SliceWalksBackwardsAndStopsAtTheEnd) {
  Tensor x = counting({5});
  EXPECT_THAT(
      values<float>(run("Slice", 13, {x, ints({-1}), ints({INT64_MIN}), ints({0}), ints({-2})})),
      ElementsAre(4, 2, 0));
  EXPECT_THAT(values<float>(run("Slice", 13, {x, ints({1}), ints({INT64_MAX})})),
              ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(errorOf("Slice", 13, {x, ints({0}), ints({1}), ints({0}), ints({0})}),
              HasSubstr("by zero"));
}

TEST(OnnxShapes, PadsInEveryMode) {
  Tensor x = counting({3});
  auto pad = [&](const char *mode) {
    return values<float>(run("Pad", 19, {x, ints({2, 1})}, {{"mode", oneText(mode)}}));
  };
  EXPECT_THAT(pad("constant"), ElementsAre(0, 0, 0, 1, 2, 0));
  EXPECT_THAT(pad("edge"), ElementsAre(0, 0, 0, 1, 2, 2));
  EXPECT_THAT(pad("reflect"), ElementsAre(2, 1, 0, 1, 2, 1));
  EXPECT_THAT(pad("wrap"), ElementsAre(1, 2, 0, 1, 2, 0));
  EXPECT_THAT(errorOf("Pad", 19, {x, ints({-4, 0})}), HasSubstr("to the size -1"));
}

TEST(OnnxShapes, TransposesTilesAndConcatenates) {
  EXPECT_THAT(values<float>(run("Transpose", 13, {counting({2, 3})})),
              ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(values<float>(run("Tile", 13, {counting({2}), ints({2})})), ElementsAre(0, 1, 0, 1));
  Value both = run("Concat", 13, {counting({2, 1}), counting({2, 2})}, {{"axis", oneInt(1)}});
  EXPECT_THAT(values<float>(both), ElementsAre(0, 0, 1, 1, 2, 3));
  EXPECT_THAT(errorOf("Tile", 13, {counting({2}), ints({INT64_MAX})}), HasSubstr("repeats"));
}

TEST(OnnxShapes, SplitsUnevenly) {
  std::vector<Value> parts = runOp("Split", 18, {counting({5})}, {{"num_outputs", oneInt(2)}}, 2);
  EXPECT_THAT(values<float>(parts[0]), ElementsAre(0, 1, 2));
  EXPECT_THAT(values<float>(parts[1]), ElementsAre(3, 4));
}

TEST(OnnxShapes, GathersAndScatters) {
  Tensor x = counting({3, 2});
  EXPECT_THAT(values<float>(run("Gather", 13, {x, ints({-1, 0})})), ElementsAre(4, 5, 0, 1));
  EXPECT_THAT(errorOf("Gather", 13, {x, ints({3})}), HasSubstr("outside"));
  Value gathered = run("GatherND", 13, {x, tensor<int64_t>({2, 2}, {0, 1, 2, 0})});
  EXPECT_THAT(values<float>(gathered), ElementsAre(1, 4));
  Value summed = run("ScatterND", 18, {x, tensor<int64_t>({2, 1}, {1, 1}), counting({2, 2})},
                     {{"reduction", oneText("add")}});
  EXPECT_THAT(values<float>(summed), ElementsAre(0, 1, 4, 7, 4, 5));
  EXPECT_THAT(errorOf("ScatterND", 18, {x, tensor<int64_t>({1, 1}, {9}), counting({1, 2})}),
              HasSubstr("outside"));
}

TEST(OnnxShapes, DepthToSpaceKnowsBothOrders) {
  Tensor x = counting({1, 4, 1, 1});
  EXPECT_EQ(shapeOf(run("DepthToSpace", 13, {x}, {{"blocksize", oneInt(2)}})), (Shape{1, 1, 2, 2}));
  Tensor wide = counting({1, 8, 1, 1});
  EXPECT_THAT(values<float>(run("DepthToSpace", 13, {wide}, {{"blocksize", oneInt(2)}})),
              ElementsAre(0, 2, 4, 6, 1, 3, 5, 7));
  EXPECT_THAT(values<float>(run("DepthToSpace", 13, {wide},
                                {{"blocksize", oneInt(2)}, {"mode", oneText("CRD")}})),
              ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
}

TEST(OnnxShapes, MakesRangesAndOneHots) {
  EXPECT_THAT(values<int64_t>(run("Range", 11,
                                  {tensor<int64_t>({}, {5}), tensor<int64_t>({}, {-1}),
                                   tensor<int64_t>({}, {-2})})),
              ElementsAre(5, 3, 1));
  EXPECT_THAT(values<float>(run("OneHot", 11, {ints({1, -1}), ints({3}), floats({2}, {0, 9})})),
              ElementsAre(0, 9, 0, 0, 0, 9));
  EXPECT_THAT(errorOf("ConstantOfShape", 9, {ints({INT64_MAX, INT64_MAX})}),
              HasSubstr("too large"));
  EXPECT_THAT(errorOf("ConstantOfShape", 9, {ints({-1})}), HasSubstr("negative"));
}

TEST(OnnxShapes, SelectsInOrder) {
  std::vector<Value> top = runOp("TopK", 11, {floats({4}, {1, 3, 3, 2}), ints({2})}, {}, 2);
  EXPECT_THAT(values<float>(top[0]), ElementsAre(3, 3));
  EXPECT_THAT(values<int64_t>(top[1]), ElementsAre(1, 2));
  std::vector<Value> unique = runOp("Unique", 11, {ints({3, 1, 3})}, {{"sorted", oneInt(0)}}, 4);
  EXPECT_THAT(values<int64_t>(unique[0]), ElementsAre(3, 1));
  EXPECT_THAT(values<int64_t>(unique[3]), ElementsAre(2, 1));
}
