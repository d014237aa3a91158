//===- ElementwiseTest.cpp - operators of one element each ------------===//
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

TEST(OnnxElementwise, BroadcastsBothWays) {
  Value sum = run("Add", 14, {floats({2, 1}, {1, 2}), floats({3}, {10, 20, 30})});
  EXPECT_EQ(shapeOf(sum), (Shape{2, 3}));
  EXPECT_THAT(values<float>(sum), ElementsAre(11, 21, 31, 12, 22, 32));
}

TEST(OnnxElementwise, PutsOldOperandsAtTheAxis) {
  Value sum = run("Add", 6, {counting({2, 2}), floats({2}, {10, 20})},
                  {{"axis", oneInt(0)}, {"broadcast", oneInt(1)}});
  EXPECT_THAT(values<float>(sum), ElementsAre(10, 11, 22, 23));
}

TEST(OnnxElementwise, RefusesShapesThatDoNotBroadcast) {
  EXPECT_THAT(errorOf("Mul", 14, {counting({2}), counting({3})}), HasSubstr("do not broadcast"));
  EXPECT_THAT(errorOf("Mul", 14, {counting({2}), ints({1, 2})}), HasSubstr("elements of types"));
}

TEST(OnnxElementwise, IntegersWrapAndNeverTrap) {
  int8_t least = -128;
  Tensor bytes = tensor<int8_t>({1}, {least});
  EXPECT_THAT(values<int8_t>(run("Abs", 13, {bytes})), ElementsAre(least));
  EXPECT_THAT(values<int8_t>(run("Add", 14, {bytes, bytes})), ElementsAre(0));
  Tensor longest = ints({std::numeric_limits<int64_t>::min()});
  EXPECT_THAT(values<int64_t>(run("Div", 14, {longest, ints({-1})})),
              ElementsAre(std::numeric_limits<int64_t>::min()));
  EXPECT_THAT(errorOf("Div", 14, {ints({1}), ints({0})}), HasSubstr("by zero"));
  EXPECT_THAT(values<int64_t>(run("Mod", 13, {ints({-7, 7}), ints({3, -3})})), ElementsAre(2, -2));
}

TEST(OnnxElementwise, ActivationsHaveTheirDefaults) {
  Tensor x = floats({3}, {-1, 0, 2});
  EXPECT_THAT(values<float>(run("LeakyRelu", 16, {x})), near({-0.01f, 0, 2}));
  EXPECT_THAT(values<float>(run("HardSigmoid", 6, {x})), near({0.3f, 0.5f, 0.9f}));
  EXPECT_THAT(values<float>(run("HardSwish", 14, {x})), near({-0.333333f, 0, 1.666667f}));
  EXPECT_THAT(values<float>(run("Gelu", 20, {x})), near({-0.158655f, 0, 1.9545f}));
  EXPECT_THAT(values<float>(run("Elu", 6, {x})), near({-0.632121f, 0, 2}));
}

TEST(OnnxElementwise, GatesWithSwish) {
  Tensor a = floats({2, 2}, {1, -2, 3, 0}), b = floats({2, 2}, {0.5f, 1, -1, 2});
  EXPECT_THAT(values<float>(run("SwiGLU", 28, {a, b})),
              near({0.365529f, -0.238406f, -2.857722f, 0}));
  EXPECT_THAT(values<float>(run("SwiGLU", 28, {a, b}, {{"alpha", oneFloat(0.5)}})),
              near({0.31123f, -0.537883f, -2.452724f, 0}));
  EXPECT_THAT(errorOf("SwiGLU", 28, {a, floats({2}, {1, 1})}), HasSubstr("operand 1"));
}

TEST(OnnxElementwise, ClipTakesAttributesOrOperands) {
  Tensor x = floats({3}, {-5, 0, 5});
  EXPECT_THAT(values<float>(run("Clip", 6, {x}, {{"min", oneFloat(-1)}, {"max", oneFloat(1)}})),
              ElementsAre(-1, 0, 1));
  EXPECT_THAT(values<float>(run("Clip", 13, {x, Value(), floats({}, {2})})), ElementsAre(-5, 0, 2));
}

TEST(OnnxElementwise, ComparesAndChooses) {
  Value less = run("Less", 13, {ints({1, 5}), ints({3, 3})});
  EXPECT_THAT(values<bool>(less), ElementsAre(true, false));
  EXPECT_THAT(values<float>(run("Where", 16, {less, floats({1}, {7}), floats({2}, {1, 2})})),
              ElementsAre(7, 2));
}

TEST(OnnxElementwise, CastsThroughSmallFloats) {
  Tensor x = floats({4}, {1.0f, 0.1f, 500.0f, -3.3f});
  Value eight = run("Cast", 19, {x}, {{"to", oneInt(17)}}); // float8e4m3fn
  EXPECT_EQ(std::get<Tensor>(eight).element(), ElementType::F8E4M3FN);
  EXPECT_THAT(values<float>(run("Cast", 19, {eight}, {{"to", oneInt(1)}})),
              ElementsAre(1, 0.1015625f, 448, -3.25f));
  Value half = run("Cast", 13, {floats({2}, {65520, 1e-8f})}, {{"to", oneInt(10)}});
  EXPECT_THAT(values<float>(run("Cast", 13, {half}, {{"to", oneInt(1)}})),
              ElementsAre(std::numeric_limits<float>::infinity(), 0));
}

TEST(OnnxElementwise, CastOfFloatsOutOfRangeIsNoTrap) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  Value cast = run("Cast", 13, {floats({2}, {nan, 1e30f})}, {{"to", oneInt(7)}});
  EXPECT_EQ(shapeOf(cast), (Shape{2}));
}
