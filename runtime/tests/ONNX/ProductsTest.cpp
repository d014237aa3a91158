//===- ProductsTest.cpp - products, reductions, normalizations --------===//
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

TEST(OnnxProducts, MultipliesAnyRank) {
  Value product = run("MatMul", 13, {counting({2, 1, 2}), counting({2, 3})});
  EXPECT_EQ(shapeOf(product), (Shape{2, 1, 3}));
  EXPECT_THAT(values<float>(product), ElementsAre(3, 4, 5, 9, 14, 19));
  EXPECT_EQ(shapeOf(run("MatMul", 13, {counting({2}), counting({2})})), Shape{});
  EXPECT_THAT(errorOf("MatMul", 13, {counting({2, 3}), counting({2, 3})}),
              HasSubstr("cannot multiply"));
}

TEST(OnnxProducts, GemmTurnsScalesAndAdds) {
  Value result = run("Gemm", 13, {counting({2, 1}), counting({3, 2}), floats({1}, {10})},
                     {{"transA", oneInt(1)},
                      {"transB", oneInt(1)},
                      {"alpha", oneFloat(2)},
                      {"beta", oneFloat(0.5)}});
  EXPECT_THAT(values<float>(result), ElementsAre(7, 11, 15));
}

TEST(OnnxProducts, EinsumSumsDiagonalsAndBatches) {
  auto einsum = [](const char *equation, std::vector<Value> operands) {
    return values<float>(run("Einsum", 12, std::move(operands), {{"equation", oneText(equation)}}));
  };
  EXPECT_THAT(einsum("ii->i", {counting({2, 2})}), ElementsAre(0, 3));
  EXPECT_THAT(einsum("ij,jk", {counting({1, 2}), counting({2, 2})}), ElementsAre(2, 3));
  EXPECT_THAT(einsum("...ij->...i", {counting({2, 1, 2})}), ElementsAre(1, 5));
  EXPECT_THAT(errorOf("Einsum", 12, {counting({2})}, {{"equation", oneText("ij->i")}}),
              HasSubstr("does not fit rank"));
}

TEST(OnnxProducts, ReducesOverAttributesAndOperands) {
  Tensor x = counting({2, 3});
  EXPECT_THAT(values<float>(run("ReduceSum", 13, {x, ints({1})})), ElementsAre(3, 12));
  EXPECT_THAT(
      values<float>(run("ReduceMean", 13, {x}, {{"axes", intList({0})}, {"keepdims", oneInt(0)}})),
      ElementsAre(1.5f, 2.5f, 3.5f));
  EXPECT_THAT(values<float>(run("ReduceMax", 18, {floats({0, 2}, {}), ints({0})})),
              ElementsAre(-std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()));
  EXPECT_THAT(values<int64_t>(
                  run("ArgMax", 13, {floats({3}, {1, 2, 2})}, {{"select_last_index", oneInt(1)}})),
              ElementsAre(2));
  EXPECT_THAT(
      values<float>(run("CumSum", 14, {counting({4}), ints({0})}, {{"reverse", oneInt(1)}})),
      ElementsAre(6, 6, 5, 3));
}

TEST(OnnxProducts, Normalizes) {
  Tensor x = floats({1, 2, 2}, {1, 3, 10, 30}), ones = floats({2}, {1, 1}),
         zeros = floats({2}, {0, 0});
  EXPECT_THAT(values<float>(run("InstanceNormalization", 6, {x, ones, zeros})),
              near({-1, 1, -1, 1}, 1e-3f));
  EXPECT_THAT(values<float>(run("LayerNormalization", 17, {x, ones})), near({-1, 1, -1, 1}, 1e-3f));
  EXPECT_THAT(
      values<float>(run("BatchNormalization", 15, {x, ones, zeros, floats({2}, {1, 10}), ones},
                        {{"epsilon", oneFloat(0)}})),
      near({0, 2, 0, 20}));
  EXPECT_THAT(values<float>(run("RMSNormalization", 23, {floats({1, 2}, {3, 4}), ones},
                                {{"epsilon", oneFloat(0)}})),
              near({0.848528f, 1.131371f}));
  EXPECT_THAT(errorOf("BatchNormalization", 15, {x, floats({1}, {1}), zeros, zeros, ones}),
              HasSubstr("expected 2"));
}

/// Of no bools the greatest is false, and the least is true.
TEST(OnnxProducts, ReducesNoBools) {
  for (bool least : {false, true}) {
    Value reduced =
        run(least ? "ReduceMin" : "ReduceMax", 20, {Tensor(ElementType::I1, {2, 0}), ints({1})});
    EXPECT_THAT(values<int32_t>(run("Cast", 20, {reduced}, {{"to", oneInt(6)}})),
                testing::Each(int32_t(least)));
  }
}

TEST(OnnxProducts, SoftmaxKnowsTheOldRows) {
  Tensor zeros = floats({1, 2, 2}, {0, 0, 0, 0});
  EXPECT_THAT(values<float>(run("Softmax", 13, {zeros})), near({0.5f, 0.5f, 0.5f, 0.5f}));
  EXPECT_THAT(values<float>(run("Softmax", 11, {zeros})), near({0.25f, 0.25f, 0.25f, 0.25f}));
}

TEST(OnnxProducts, AttendsCausally) {
  Tensor q = floats({1, 1, 2, 1}, {0, 0}), v = floats({1, 1, 2, 1}, {2, 4});
  EXPECT_THAT(values<float>(run("Attention", 23, {q, q, v}, {{"is_causal", oneInt(1)}})),
              near({2, 3}));
}

/// Each query has the mean of the values that it sees.
TEST(OnnxProducts, AttendsWithinAWindow) {
  Tensor q = floats({1, 1, 4, 1}, {0, 0, 0, 0}), k = floats({1, 1, 6, 1}, {0, 0, 0, 0, 0, 0}),
         v = floats({1, 1, 6, 1}, {1, 2, 4, 8, 16, 32});
  std::map<std::string, graph::Attribute> window{{"left_window_size", oneInt(2)},
                                                 {"right_window_size", oneInt(1)}};
  EXPECT_THAT(values<float>(run("Attention", 25, {q, k, v}, window)),
              near({1.5f, 7 / 3.0f, 3.75f, 7.5f}));
  // All six keys are there, so the first query stands at the third.
  EXPECT_THAT(
      values<float>(run("Attention", 25,
                        {q, k, v, Value(), Value(), Value(), tensor<int64_t>({1}, {6})}, window)),
      near({3.75f, 7.5f, 15, 56 / 3.0f}));
  window["is_causal"] = oneInt(1);
  EXPECT_THAT(values<float>(run("Attention", 25, {q, k, v}, window)),
              near({1, 1.5f, 7 / 3.0f, 14 / 3.0f}));
  EXPECT_THAT(errorOf("Attention", 25, {q, k, v}, {{"left_window_size", oneInt(-2)}}),
              HasSubstr("has a window from -2 to -1"));
}

/// One unit whose state is tanh(x + state); the second sequence has one step.
TEST(OnnxProducts, RecurrentStatesStopWithTheirSequence) {
  std::vector<Value> results =
      runOp("RNN", 14,
            {floats({2, 2, 1}, {1, 1, 1, 1}), floats({1, 1, 1}, {1}), floats({1, 1, 1}, {1}),
             Value(), tensor<int32_t>({2}, {2, 1})},
            {{"hidden_size", oneInt(1)}}, 2);
  EXPECT_THAT(values<float>(results[0]), near({0.761594f, 0.761594f, 0.942688f, 0}));
  EXPECT_THAT(values<float>(results[1]), near({0.942688f, 0.761594f}));
  EXPECT_THAT(errorOf("LSTM", 14, {counting({2, 2, 1}), counting({1, 3, 1}), counting({1, 4, 1})}),
              HasSubstr("a weight has shape"));
}

/// A state of one number takes in key * (value - state * key).
TEST(OnnxProducts, LinearAttentionCorrectsItsState) {
  Tensor ones = floats({1, 2, 1}, {1, 1}), v = floats({1, 2, 1}, {4, 2});
  std::vector<Value> results = runOp(
      "LinearAttention", 27, {ones, ones, v, Value(), Value(), floats({1, 2, 1}, {0.5f, 0.5f})},
      {{"q_num_heads", oneInt(1)}, {"kv_num_heads", oneInt(1)}, {"update_rule", oneText("delta")}},
      2);
  EXPECT_THAT(values<float>(results[0]), near({2, 2}));
  EXPECT_EQ(shapeOf(results[1]), (Shape{1, 1, 1, 1}));
  EXPECT_THAT(errorOf("LinearAttention", 27, {ones, ones, v}), HasSubstr("heads"));
}

TEST(OnnxProducts, CausalConvolutionCarriesItsPast) {
  std::vector<Value> results = runOp(
      "CausalConvWithState", 27,
      {floats({1, 1, 2}, {1, 2}), floats({1, 1, 2}, {10, 1}), Value(), floats({1, 1, 1}, {5})}, {},
      2);
  EXPECT_THAT(values<float>(results[0]), ElementsAre(51, 12));
  EXPECT_THAT(values<float>(results[1]), ElementsAre(2));
}
