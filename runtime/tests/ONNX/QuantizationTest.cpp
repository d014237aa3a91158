//===- QuantizationTest.cpp - quantized operators ---------------------===//
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

TEST(OnnxQuantization, RoundsHalvesToEvenAndSaturates) {
  Value q =
      run("QuantizeLinear", 13,
          {floats({5}, {-1000, -1, 1, 3, 1000}), floats({}, {2}), tensor<uint8_t>({}, {128})});
  EXPECT_THAT(values<uint8_t>(q), ElementsAre(0, 128, 128, 130, 255));
  EXPECT_THAT(
      values<float>(run("DequantizeLinear", 13, {q, floats({}, {2}), tensor<uint8_t>({}, {128})})),
      ElementsAre(-256, 0, 0, 4, 254));
}

TEST(OnnxQuantization, ScalesAreOneForEachIndexOrBlock) {
  Tensor x = floats({2, 2}, {4, 4, 4, 4});
  EXPECT_THAT(values<int8_t>(run("QuantizeLinear", 13,
                                 {x, floats({2}, {1, 2}), tensor<int8_t>({2}, {0, 1})},
                                 {{"axis", oneInt(0)}})),
              ElementsAre(4, 4, 3, 3));
  EXPECT_THAT(values<int8_t>(run("QuantizeLinear", 21,
                                 {floats({1, 4}, {4, 4, 4, 4}), floats({1, 2}, {1, 4}),
                                  tensor<int8_t>({1, 2}, {0, 0})},
                                 {{"axis", oneInt(1)}, {"block_size", oneInt(2)}})),
              ElementsAre(4, 4, 1, 1));
  EXPECT_THAT(errorOf("QuantizeLinear", 13, {x, floats({3}, {1, 2, 3})}, {{"axis", oneInt(0)}}),
              HasSubstr("the scale has shape [3], expected [2]"));
}

TEST(OnnxQuantization, RangesOfFourBits) {
  Value q = run("QuantizeLinear", 21, {floats({2}, {-100, 100}), floats({}, {1}), Value()},
                {{"output_dtype", oneInt(22)}});
  ASSERT_EQ(std::get<Tensor>(q).element(), ElementType::I4);
  EXPECT_THAT(values<float>(run("DequantizeLinear", 21, {q, floats({}, {1})})), ElementsAre(-8, 7));
}

TEST(OnnxQuantization, FindsTheRange) {
  std::vector<Value> q = runOp("DynamicQuantizeLinear", 11, {floats({3}, {0, 2, -3})}, {}, 3);
  EXPECT_THAT(values<float>(q[1]), near({5.0f / 255}));
  EXPECT_THAT(values<uint8_t>(q[2]), ElementsAre(153));
  EXPECT_THAT(values<uint8_t>(q[0]), ElementsAre(153, 255, 0));
}

TEST(OnnxQuantization, ConvolvesIntegers) {
  Tensor x = tensor<uint8_t>({1, 1, 2}, {3, 5}), w = tensor<int8_t>({1, 1, 1}, {2});
  EXPECT_THAT(values<int32_t>(run("ConvInteger", 10, {x, w, tensor<uint8_t>({}, {1})})),
              ElementsAre(4, 8));
  Value q = run("QLinearConv", 10,
                {x, floats({}, {0.5f}), tensor<uint8_t>({}, {1}), w, floats({1}, {1}),
                 tensor<int8_t>({1}, {0}), floats({}, {2}), tensor<uint8_t>({}, {10}),
                 tensor<int32_t>({1}, {4})});
  EXPECT_THAT(values<uint8_t>(q), ElementsAre(12, 13));
}

TEST(OnnxQuantization, MultipliesIntegers) {
  EXPECT_THAT(values<int32_t>(run("MatMulInteger", 10,
                                  {tensor<uint8_t>({1, 2}, {1, 2}), tensor<uint8_t>({2, 1}, {3, 4}),
                                   tensor<uint8_t>({}, {1}), tensor<uint8_t>({}, {1})})),
              ElementsAre(3));
  EXPECT_THAT(errorOf("MatMulInteger", 10, {counting({1, 1}), counting({1, 1})}),
              HasSubstr("expected bytes"));
}

TEST(OnnxQuantization, AddsAsOnnxRuntimeDoes) {
  Tensor a = tensor<uint8_t>({2}, {10, 20}), scale = floats({}, {0.5f}),
         zero = tensor<uint8_t>({}, {0});
  EXPECT_THAT(values<uint8_t>(run("com.microsoft:QLinearAdd", 1,
                                  {a, scale, zero, a, scale, zero, floats({}, {1}), zero})),
              ElementsAre(10, 20));
}

TEST(OnnxQuantization, QonnxQuantizersGiveFloats) {
  Tensor x = floats({4}, {-3, -0.2f, 0.3f, 9}), one = floats({}, {1}), zero = floats({}, {0});
  EXPECT_THAT(values<float>(run("qonnx.custom_op.general:Quant", 1,
                                {x, floats({}, {0.5f}), zero, floats({}, {3})},
                                {{"signed", oneInt(1)}, {"narrow", oneInt(1)}})),
              ElementsAre(-1.5f, 0, 0.5f, 1.5f));
  EXPECT_THAT(values<float>(run("qonnx.custom_op.general:BipolarQuant", 1, {x, one})),
              ElementsAre(-1, -1, 1, 1));
  EXPECT_THAT(values<float>(run("onnx.brevitas:Trunc", 1,
                                {floats({1}, {13}), one, zero, floats({}, {8}), floats({}, {6})})),
              ElementsAre(3));
}

TEST(OnnxQuantization, QonnxQuantizersOfLaterReleases) {
  Tensor half = floats({}, {0.5f}), one = floats({}, {1}), zero = floats({}, {0});
  EXPECT_THAT(values<float>(run("qonnx.custom_op.general:IntQuant", 1,
                                {floats({3}, {-3, 0.3f, 9}), half, zero, floats({}, {3})},
                                {{"signed", oneInt(1)}, {"rounding_mode", oneText("ceil")}})),
              ElementsAre(-2, 0.5f, 1.5f));
  // 13 steps of 1/2 are 3 steps of 2 and a rest; 3 bits hold -4 to 3.
  Tensor two = floats({}, {2}), eight = floats({}, {8}), three = floats({}, {3});
  EXPECT_THAT(values<float>(run("qonnx.custom_op.general:Trunc", 2,
                                {floats({3}, {6.5f, 100, -100}), half, zero, eight, two, three})),
              ElementsAre(6, 6, -8));
}

/// Two bits of exponent, one of mantissa: 0, 0.5, 1, 1.5, 2, 3, 4 and 6.
TEST(OnnxQuantization, FloatQuantRoundsToSmallFloats) {
  Tensor x = floats({7}, {0.4f, -0.6f, 2.4f, 5, 10, -26, NAN}), one = floats({}, {1});
  std::vector<Value> operands{x, floats({1}, {2}), floats({}, {2}), one, one, floats({}, {6})};
  const char *op = "qonnx.custom_op.general:FloatQuant";
  std::map<std::string, graph::Attribute> attributes;
  auto is = [](float expected) {
    return testing::Truly(
        [=](float found) { return std::isnan(expected) ? std::isnan(found) : found == expected; });
  };
  EXPECT_THAT(values<float>(run(op, 1, operands, attributes)),
              ElementsAre(0, -1, 2, 4, 8, -12, is(NAN)));
  attributes["saturation"] = oneInt(0);
  attributes["has_nan"] = oneInt(1);
  EXPECT_THAT(values<float>(run(op, 1, operands, attributes)),
              ElementsAre(0, -1, 2, 4, 8, is(NAN), is(NAN)));
  attributes["has_inf"] = oneInt(1);
  EXPECT_THAT(values<float>(run(op, 1, operands, attributes)),
              ElementsAre(0, -1, 2, 4, 8, -INFINITY, is(NAN)));
  attributes["has_nan"] = attributes["has_inf"] = oneInt(0);
  EXPECT_THAT(errorOf(op, 1, operands, attributes), HasSubstr("has infinity or NaN"));
}

TEST(OnnxQuantization, QGemmAddsItsBiasToTheSums) {
  std::vector<Value> operands{
      tensor<uint8_t>({1, 2}, {130, 126}),   floats({}, {0.5f}),  tensor<uint8_t>({}, {128}),
      tensor<int8_t>({2, 2}, {3, 1, -2, 4}), floats({2}, {1, 2}), tensor<int8_t>({}, {0}),
      tensor<int32_t>({2}, {10, -10})};
  std::map<std::string, graph::Attribute> turned{{"transB", oneInt(1)}};
  // Sums 2*3 - 2*1 + 10 and 2*-2 - 2*4 - 10.
  EXPECT_THAT(values<float>(run("com.microsoft:QGemm", 1, operands, turned)), ElementsAre(7, -22));
  operands.push_back(floats({}, {0.5f}));
  operands.push_back(tensor<int8_t>({}, {1}));
  EXPECT_THAT(values<int8_t>(run("com.microsoft:QGemm", 1, operands, turned)),
              ElementsAre(15, -43));
}
/// Rows of the older form are all dimensions from the axis on: four equal values instead of two.
TEST(OnnxQuantization, SoftmaxOfEitherForm) {
  auto run4 = [](int64_t form) {
    return values<uint8_t>(
        run("com.microsoft:QLinearSoftmax", 1,
            {tensor<uint8_t>({1, 2, 2}, {5, 5, 5, 5}), floats({}, {1}), tensor<uint8_t>({}, {0}),
             floats({}, {1 / 256.0f}), tensor<uint8_t>({}, {0})},
            {{"axis", oneInt(1)}, {"softmax_opset", oneInt(form)}}));
  };
  EXPECT_THAT(run4(13), ::testing::Each(128));
  EXPECT_THAT(run4(12), ::testing::Each(64));
}

/// Of -3, 5 and 7, 15, in steps of a half whose zero is 10.
TEST(OnnxQuantization, MeansOfQuantizedElements) {
  std::vector<Value> operands{tensor<uint8_t>({2, 1, 2}, {5, 13, 15, 23}), floats({}, {1}),
                              tensor<uint8_t>({}, {8}), floats({}, {0.5f}),
                              tensor<uint8_t>({}, {10})};
  auto mean = [&](std::vector<int64_t> axes, int64_t keep) {
    return run("com.microsoft:QLinearReduceMean", 1, operands,
               {{"axes", intList(axes)}, {"keepdims", oneInt(keep)}});
  };
  EXPECT_THAT(values<uint8_t>(mean({-1}, 1)), ElementsAre(12, 32));
  EXPECT_THAT(values<uint8_t>(mean({0}, 0)), ElementsAre(14, 30));
  EXPECT_THAT(values<uint8_t>(mean({}, 0)), ElementsAre(22));
  EXPECT_EQ(std::get<Tensor>(mean({-1}, 1)).shape(), Shape({2, 1, 1}));
  EXPECT_EQ(std::get<Tensor>(mean({0}, 0)).shape(), Shape({1, 2}));
  EXPECT_THAT(errorOf("com.microsoft:QLinearReduceMean", 1, operands, {{"axes", intList({3})}}),
              HasSubstr("axis 3 does not exist"));
}
