//===- FeaturesTest.cpp - features of classical models --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpRunner.h"

#include <cmath>
#include <limits>

using namespace pim;
using namespace pim::onnx;
using testing::ElementsAre;
using testing::HasSubstr;

static graph::Attribute textList(std::vector<std::string> values) {
  return {{}, {}, "", std::move(values)};
}

/// Pool: 2, 3, and the pairs (5, 4), (5, 6), (7, 8); columns 0 to 4.
static Attributes grams(int64_t least, int64_t most, int64_t skips, const char *mode) {
  return {{"min_gram_length", oneInt(least)},
          {"max_gram_length", oneInt(most)},
          {"max_skip_count", oneInt(skips)},
          {"mode", oneText(mode)},
          {"ngram_counts", intList({0, 2})},
          {"ngram_indexes", intList({0, 1, 2, 3, 4})},
          {"pool_int64s", intList({2, 3, 5, 4, 5, 6, 7, 8})}};
}

TEST(OnnxFeatures, CountsGrams) {
  const Tensor row = ints({2, 5, 4, 6, 3, 3, 7, 8});
  EXPECT_THAT(values<float>(run("TfIdfVectorizer", 9, {row}, grams(1, 2, 0, "TF"))),
              ElementsAre(1, 2, 1, 0, 1));
  EXPECT_THAT(values<float>(run("TfIdfVectorizer", 9, {row}, grams(2, 2, 1, "TF"))),
              ElementsAre(0, 0, 1, 1, 1)); // 5 and 6 with one item between them
  Attributes weighted = grams(1, 1, 5, "IDF");
  weighted["weights"] = floatList({0.5, 2, 1, 1, 1});
  EXPECT_THAT(values<float>(run("TfIdfVectorizer", 9, {row}, weighted)),
              ElementsAre(0.5, 2, 0, 0, 0));
  weighted["mode"] = oneText("TFIDF");
  const Value y = run("TfIdfVectorizer", 9, {tensor<int64_t>({2, 2}, {2, 3, 3, 3})}, weighted);
  EXPECT_EQ(shapeOf(y), Shape({2, 5}));
  EXPECT_THAT(values<float>(y), ElementsAre(0.5, 2, 0, 0, 0, 0, 4, 0, 0, 0));
  weighted["ngram_counts"] = intList({0, 3});
  EXPECT_THAT(errorOf("TfIdfVectorizer", 9, {row}, weighted), HasSubstr("ngram_counts"));
}

TEST(OnnxFeatures, ChoosesColumns) {
  const Value y = run("ai.onnx.ml:ArrayFeatureExtractor", 1, {counting({2, 3}), ints({2, 0})});
  EXPECT_THAT(values<float>(y), ElementsAre(2, 0, 5, 3));
  EXPECT_EQ(shapeOf(run("ai.onnx.ml:ArrayFeatureExtractor", 1, {counting({3}), ints({1})})),
            Shape({1, 1}));
  EXPECT_THAT(errorOf("ai.onnx.ml:ArrayFeatureExtractor", 1, {counting({2, 3}), ints({3})}),
              HasSubstr("index 3 lies outside of 3"));
  EXPECT_THAT(values<float>(run("ai.onnx.ml:Binarizer", 1, {floats({3}, {-1, 0.5, 2})},
                                {{"threshold", oneFloat(0.5)}})),
              ElementsAre(0, 0, 1));
}

TEST(OnnxFeatures, EncodesLabels) {
  Tensor words(ElementType::STRING, {3});
  words.texts() = {"b", "x", "a"};
  EXPECT_THAT(values<int64_t>(run("ai.onnx.ml:LabelEncoder", 2, {words},
                                  {{"keys_strings", textList({"a", "b"})},
                                   {"values_int64s", intList({10, 20})},
                                   {"default_int64", oneInt(7)}})),
              ElementsAre(20, 7, 10));
  EXPECT_THAT(values<int64_t>(run("ai.onnx.ml:LabelEncoder", 1, {words},
                                  {{"classes_strings", textList({"a", "b"})}})),
              ElementsAre(1, -1, 0));
  const Value back = run("ai.onnx.ml:LabelEncoder", 1, {ints({1, 5})},
                         {{"classes_strings", textList({"a", "b"})}});
  EXPECT_THAT(std::get<Tensor>(back).texts(), ElementsAre("b", "_Unused"));
  EXPECT_THAT(
      values<float>(run("ai.onnx.ml:LabelEncoder", 2, {floats({2}, {NAN, 3})},
                        {{"keys_floats", floatList({NAN})}, {"values_floats", floatList({4})}})),
      ElementsAre(4, 0));
  EXPECT_THAT(errorOf("ai.onnx.ml:LabelEncoder", 2, {words},
                      {{"keys_int64s", intList({1})}, {"values_int64s", intList({1})}}),
              HasSubstr("its keys of i64"));
  EXPECT_THAT(errorOf("ai.onnx.ml:LabelEncoder", 2, {words}), HasSubstr("no keys and values"));
}

TEST(OnnxFeatures, MapCategories) {
  const Attributes attributes{{"cats_strings", textList({"cat", "dog"})},
                              {"cats_int64s", intList({4, 2})},
                              {"default_int64", oneInt(-7)},
                              {"default_string", oneText("other")}};
  Tensor words(ElementType::STRING, {3});
  words.texts() = {"dog", "cow", "cat"};
  EXPECT_THAT(values<int64_t>(run("ai.onnx.ml:CategoryMapper", 1, {words}, attributes)),
              ElementsAre(2, -7, 4));
  const Value back = run("ai.onnx.ml:CategoryMapper", 1, {ints({2, 3, 4})}, attributes);
  EXPECT_THAT(std::get<Tensor>(back).texts(), ElementsAre("dog", "other", "cat"));
  EXPECT_THAT(errorOf("ai.onnx.ml:CategoryMapper", 1, {words},
                      {{"cats_strings", textList({"cat"})}, {"cats_int64s", intList({1, 2})}}),
              HasSubstr("has 1 texts and 2 numbers"));
}

TEST(OnnxFeatures, EncodeOneHot) {
  Attributes attributes{{"cats_int64s", intList({3, 1})}};
  const Value found =
      run("ai.onnx.ml:OneHotEncoder", 1, {floats({1, 3}, {1.9f, 2, 3})}, attributes);
  EXPECT_EQ(shapeOf(found), (Shape{1, 3, 2}));
  EXPECT_THAT(values<float>(found), ElementsAre(0, 1, 0, 0, 1, 0));
  Tensor words(ElementType::STRING, {2});
  words.texts() = {"b", "a"};
  EXPECT_THAT(values<float>(run("ai.onnx.ml:OneHotEncoder", 1, {words},
                                {{"cats_strings", textList({"a", "b"})}})),
              ElementsAre(0, 1, 1, 0));
  attributes["zeros"] = oneInt(0);
  EXPECT_THAT(errorOf("ai.onnx.ml:OneHotEncoder", 1, {ints({1, 2})}, attributes),
              HasSubstr("element 1 is of no category"));
  EXPECT_THAT(errorOf("ai.onnx.ml:OneHotEncoder", 1, {words}, attributes),
              HasSubstr("has no categories for elements of type string"));
}

/// As a tensor.
TEST(OnnxFeatures, MapScoresToLabels) {
  const Tensor scores = floats({2, 2}, {0.25f, 0.75f, 1, 0});
  Attributes attributes{{"classlabels_strings", textList({"a", "b"})}};
  const Value found = run("ai.onnx.ml:ZipMap", 1, {scores}, attributes);
  EXPECT_EQ(shapeOf(found), (Shape{2, 2}));
  EXPECT_THAT(values<float>(found), ElementsAre(0.25f, 0.75f, 1, 0));
  attributes["classlabels_strings"] = textList({"a"});
  EXPECT_THAT(errorOf("ai.onnx.ml:ZipMap", 1, {scores}, attributes),
              HasSubstr("expected scores of 1 labels"));
}

TEST(OnnxFeatures, JoinFeatures) {
  const Tensor a = floats({2, 2}, {1, 2, 3, 4}), b = floats({2, 3}, {5, 6, 7, 8, 9, 10});
  // The first lacks a column, the last of the second is left out.
  EXPECT_THAT(values<float>(run("ai.onnx.ml:FeatureVectorizer", 1, {a, b},
                                {{"inputdimensions", intList({3, 2})}})),
              ElementsAre(1, 2, 0, 5, 6, 3, 4, 0, 8, 9));
  EXPECT_EQ(shapeOf(run("ai.onnx.ml:FeatureVectorizer", 1, {ints({1, 2, 3})},
                        {{"inputdimensions", intList({3})}})),
            (Shape{1, 3}));
  EXPECT_THAT(errorOf("ai.onnx.ml:FeatureVectorizer", 1, {a, floats({1, 1}, {1})},
                      {{"inputdimensions", intList({2, 1})}}),
              HasSubstr("operand 1 has 1 rows, the first has 2"));
  EXPECT_THAT(errorOf("ai.onnx.ml:FeatureVectorizer", 1, {a}, {{"inputdimensions", intList({})}}),
              HasSubstr("has 0 inputdimensions for 1 operands"));
  // Sums that 64 bits do not hold, and none.
  const int64_t half = std::numeric_limits<int64_t>::min();
  for (int64_t width : {half, int64_t(1) << 62, int64_t(-1)})
    EXPECT_THAT(errorOf("ai.onnx.ml:FeatureVectorizer", 1, {a, a},
                        {{"inputdimensions", intList({width, width})}}),
                HasSubstr("attribute 'inputdimensions' has " + std::to_string(width)));
}
