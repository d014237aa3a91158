//===- ImagesTest.cpp - operators on images ---------------------------===//
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

TEST(OnnxImages, ConvolvesGroupsAndPadding) {
  // One 2x2 window of ones over 3x3, padded on the upper left alone.
  Value sums = run("Conv", 11, {counting({1, 1, 3, 3}), floats({1, 1, 2, 2}, {1, 1, 1, 1})},
                   {{"pads", intList({1, 1, 0, 0})}});
  EXPECT_THAT(values<float>(sums), ElementsAre(0, 1, 3, 3, 8, 12, 9, 20, 24));
  Value groups =
      run("Conv", 11, {counting({1, 2, 2}), floats({2, 1, 1}, {2, 10}), floats({2}, {1, 0})},
          {{"group", oneInt(2)}});
  EXPECT_THAT(values<float>(groups), ElementsAre(1, 3, 20, 30));
}

TEST(OnnxImages, ConvolvesThreeDimensionsWithDilation) {
  Value sums = run("Conv", 11,
                   {counting({1, 1, 3, 3, 3}), floats({1, 1, 2, 2, 2}, std::vector<float>(8, 1))},
                   {{"dilations", intList({2, 2, 2})}});
  EXPECT_THAT(values<float>(sums), ElementsAre(8 * 13)); // the corners of the cube
}

TEST(OnnxImages, PadsAutomatically) {
  Tensor x = counting({1, 1, 4}), ones = floats({1, 1, 2}, {1, 1});
  EXPECT_THAT(values<float>(run("Conv", 11, {x, ones}, {{"auto_pad", oneText("SAME_UPPER")}})),
              ElementsAre(1, 3, 5, 3));
  EXPECT_THAT(values<float>(run("Conv", 11, {x, ones}, {{"auto_pad", oneText("SAME_LOWER")}})),
              ElementsAre(0, 1, 3, 5));
}

TEST(OnnxImages, RefusesWindowsThatDoNotFit) {
  Tensor x = counting({1, 1, 2});
  EXPECT_THAT(errorOf("Conv", 11, {x, counting({1, 1, 3})}), HasSubstr("does not fit"));
  EXPECT_THAT(errorOf("Conv", 11, {x, counting({1, 2, 1})}), HasSubstr("do not fit"));
  EXPECT_THAT(errorOf("Conv", 11, {x, counting({1, 1, 1})}, {{"strides", intList({0})}}),
              HasSubstr("attribute 'strides' holds 0"));
  EXPECT_THAT(errorOf("Conv", 11, {x, counting({1, 1, 1})}, {{"pads", intList({INT64_MAX, 0})}}),
              HasSubstr("too large"));
}

TEST(OnnxImages, TransposedConvolutionSpreads) {
  Value spread =
      run("ConvTranspose", 11, {floats({1, 1, 2}, {1, 2}), floats({1, 1, 3}, {1, 10, 100})},
          {{"strides", intList({2})}});
  EXPECT_THAT(values<float>(spread), ElementsAre(1, 10, 102, 20, 200));
  Value shaped =
      run("ConvTranspose", 11, {floats({1, 1, 2}, {1, 2}), floats({1, 1, 3}, {1, 10, 100})},
          {{"strides", intList({2})}, {"output_shape", intList({4})}});
  EXPECT_THAT(values<float>(shaped), ElementsAre(10, 102, 20, 200));
}

TEST(OnnxImages, PoolsWithCeilAndPadding) {
  Tensor x = counting({1, 1, 4});
  std::vector<Value> most = runOp(
      "MaxPool", 12, {x},
      {{"kernel_shape", intList({3})}, {"strides", intList({2})}, {"ceil_mode", oneInt(1)}}, 2);
  EXPECT_THAT(values<float>(most[0]), ElementsAre(2, 3));
  EXPECT_THAT(values<int64_t>(most[1]), ElementsAre(2, 3));
  Attributes padded{{"kernel_shape", intList({3})}, {"pads", intList({1, 1})}};
  EXPECT_THAT(values<float>(run("AveragePool", 19, {x}, padded)), near({0.5f, 1, 2, 2.5f}));
  padded["count_include_pad"] = oneInt(1);
  EXPECT_THAT(values<float>(run("AveragePool", 19, {x}, padded)),
              near({0.333333f, 1, 2, 1.666667f}));
  EXPECT_THAT(values<float>(run("GlobalAveragePool", 1, {counting({1, 2, 2})})),
              ElementsAre(0.5f, 2.5f));
  EXPECT_THAT(values<float>(
                  run("LpPool", 18, {floats({1, 1, 2}, {3, 4})}, {{"kernel_shape", intList({2})}})),
              near({5}));
}

TEST(OnnxImages, ResizesInEveryMode) {
  Tensor x = floats({1, 1, 2}, {1, 3}), scales = floats({3}, {1, 1, 2});
  auto resize = [&](const char *mode, const char *coordinates) {
    return values<float>(
        run("Resize", 13, {x, Value(), scales},
            {{"mode", oneText(mode)}, {"coordinate_transformation_mode", oneText(coordinates)}}));
  };
  EXPECT_THAT(resize("nearest", "half_pixel"), ElementsAre(1, 1, 3, 3));
  EXPECT_THAT(resize("linear", "half_pixel"), near({1, 1.5f, 2.5f, 3}));
  EXPECT_THAT(resize("linear", "align_corners"), near({1, 1.666667f, 2.333333f, 3}));
  EXPECT_THAT(resize("linear", "asymmetric"), near({1, 2, 3, 3}));
  EXPECT_EQ(shapeOf(run("Resize", 13, {x, Value(), Value(), ints({1, 1, 5})})), (Shape{1, 1, 5}));
  EXPECT_THAT(errorOf("Resize", 13, {x, Value(), floats({3}, {1, 1, -1})}),
              HasSubstr("scales by -1"));
  EXPECT_THAT(errorOf("Resize", 13, {x, Value(), floats({3}, {1e9f, 1e9f, 1e9f})}),
              HasSubstr("too large"));
}

TEST(OnnxImages, PutsColumnsBack) {
  // Two windows of two elements that overlap in the middle.
  Value image = run("Col2Im", 18, {floats({1, 2, 2}, {1, 2, 10, 20}), ints({3}), ints({2})});
  EXPECT_THAT(values<float>(image), ElementsAre(1, 12, 20));
  EXPECT_THAT(errorOf("Col2Im", 18, {counting({1, 2, 3}), ints({3}), ints({2})}),
              HasSubstr("does not hold 2 windows"));
}

TEST(OnnxImages, SamplesBesideAndBetweenElements) {
  Tensor x = floats({1, 1, 1, 2}, {1, 3});
  auto sample = [&](float at, const char *padding) {
    return values<float>(run("GridSample", 20, {x, floats({1, 1, 1, 2}, {at, 0})},
                             {{"padding_mode", oneText(padding)}, {"align_corners", oneInt(1)}}));
  };
  EXPECT_THAT(sample(0, "zeros"), near({2}));
  EXPECT_THAT(sample(2, "zeros"), near({1.5f}));
  EXPECT_THAT(sample(2, "border"), near({3}));
  EXPECT_THAT(sample(2, "reflection"), near({2}));
  EXPECT_THAT(values<float>(run("AffineGrid", 20,
                                {floats({1, 2, 3}, {1, 0, 0.5f, 0, 2, 0}), ints({1, 1, 1, 2})})),
              near({0, 0, 1, 0}));
}

TEST(OnnxImages, AlignsRegions) {
  Value bins = run(
      "RoiAlign", 16, {counting({1, 1, 4, 4}), floats({1, 4}, {0.5f, 0.5f, 2.5f, 2.5f}), ints({0})},
      {{"output_height", oneInt(1)}, {"output_width", oneInt(2)}, {"sampling_ratio", oneInt(1)}});
  EXPECT_THAT(values<float>(bins), near({4.5f, 5.5f}));
  EXPECT_THAT(errorOf("RoiAlign", 16, {counting({1, 1, 4, 4}), counting({1, 4}), ints({7})}),
              HasSubstr("of image 7"));
}

TEST(OnnxImages, ShiftedWindowsOfOneElement) {
  Value shifted =
      run("Conv", 11, {counting({1, 1, 3}), floats({1, 1, 1}, {1})}, {{"pads", intList({1, -1})}});
  EXPECT_THAT(values<float>(shifted), ElementsAre(0, 0, 1));
}

TEST(OnnxImages, MovesTheTapsOfWindows) {
  // One tap that is moved by half an element, and by one with half its weight.
  Value moved =
      run("DeformConv", 19,
          {floats({1, 1, 1, 2}, {2, 4}), floats({1, 1, 1, 1}, {1}),
           floats({1, 2, 1, 2}, {0, 0, 0.5f, -1}), Value(), floats({1, 1, 1, 2}, {1, 0.5f})});
  EXPECT_THAT(values<float>(moved), near({3, 1}));
  EXPECT_THAT(errorOf("DeformConv", 19,
                      {counting({1, 1, 1, 2}), counting({1, 1, 1, 1}), counting({1, 1, 1, 2})}),
              HasSubstr("expected [1, 2, 1, 2]"));
}
