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

TEST(OnnxFused, AttentionRefusesWhatItCannotDo) {
  const Tensor x = counting({1, 2, 4}), w = counting({4, 12}), b = counting({12});
  const char *attention = "com.microsoft:Attention";
  Attributes heads{{"num_heads", oneInt(2)}};
  EXPECT_THAT(errorOf(attention, 1, {x, w, b, Value(), counting({1, 1, 2, 3, 2})}, heads),
              HasSubstr("the keys and values before have shape"));
  heads["do_rotary"] = oneInt(1);
  EXPECT_THAT(errorOf(attention, 1, {x, w, b}, heads), HasSubstr("turns positions"));
  const Tensor tables = counting({4, 1}), place = tensor<int64_t>({1}, {0});
  EXPECT_THAT(errorOf("com.microsoft:RotaryEmbedding", 1, {x, place, tables, tables},
                      {{"is_packed_batching", oneInt(1)}}),
              HasSubstr("packs batches or scales"));
  EXPECT_THAT(errorOf("com.microsoft:RotaryEmbedding", 1,
                      {x, tensor<int64_t>({1}, {INT64_MAX}), tables, tables}),
              HasSubstr("position 9223372036854775807 lies outside of 4"));
  EXPECT_THAT(errorOf("com.microsoft:RotaryEmbedding", 1, {x, place, place, place}),
              HasSubstr("the cosines have shape"));
  const char *grouped = "com.microsoft:GroupQueryAttention";
  Attributes groups{{"num_heads", oneInt(2)}, {"kv_num_heads", oneInt(1)}};
  const Tensor row = counting({1, 1, 4}), key = counting({1, 1, 2}),
               before = counting({1, 1, 3, 2});
  auto refused = [&](std::vector<int32_t> last, const char *words) {
    Tensor places = tensor<int32_t>({int64_t(last.size())}, last);
    EXPECT_THAT(errorOf(grouped, 1, {row, key, key, before, before, places}, groups),
                HasSubstr(words));
  };
  refused({2}, "the last place of a batch is 2 with 3 keys before");
  refused({3, 3}, "has 2 last places for 1 batches");
  groups["smooth_softmax"] = oneInt(1);
  refused({3}, "smooths its softmax");
  groups["num_heads"] = oneInt(0);
  refused({3}, "has 0 heads, 1 of keys");
}

/// With weights of 1 the sums of gates are those of the rounded input and state.
TEST(OnnxFused, LstmWithWeightsOfBytes) {
  const Tensor x = floats({1, 1, 2}, {0, 255}), scale = floats({1}, {0.5f}),
               zero = tensor<int8_t>({1}, {-1});
  const Tensor w = tensor<int8_t>({1, 2, 4}, {1, 1, 1, 1, 1, 1, 1, 1}),
               r = tensor<int8_t>({1, 1, 4}, {1, 1, 1, 1});
  std::vector<Value> operands{x, w, r, {}, {}, {}, {}, {}, scale, zero, scale, zero};
  const char *op = "com.microsoft:DynamicQuantizeLSTM";
  // All gates are open: the cell is 1, the state tanh(1).
  EXPECT_THAT(values<float>(run(op, 1, operands)), near({0.761594f}, 1e-5f));
  operands[8] = floats({2}, {1, 1});
  EXPECT_THAT(errorOf(op, 1, operands), HasSubstr("a scale"));
  operands[8] = scale;
  operands[9] = tensor<int8_t>({2}, {0, 0});
  EXPECT_THAT(errorOf(op, 1, operands), HasSubstr("a zero point"));
  operands[1] = x;
  EXPECT_THAT(errorOf(op, 1, operands), HasSubstr("expected bytes of rank 3"));
}
