//===- TextsTest.cpp - operators on texts ---------------------------------===//
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

static Tensor texts(Shape shape, std::vector<std::string> values) {
  Tensor result(ElementType::STRING, std::move(shape));
  result.texts() = std::move(values);
  return result;
}

static std::vector<std::string> textsOf(const Value &value) {
  return std::get<Tensor>(value).texts();
}

static graph::Attribute textList(std::vector<std::string> values) {
  return {{}, {}, "", std::move(values)};
}

TEST(OnnxTexts, ConcatenatesBroadcast) {
  const Value y = run("StringConcat", 20, {texts({2, 1}, {"a", "b"}), texts({2}, {"x", ""})});
  EXPECT_EQ(shapeOf(y), Shape({2, 2}));
  EXPECT_THAT(textsOf(y), ElementsAre("ax", "a", "bx", "b"));
  EXPECT_THAT(errorOf("StringConcat", 20, {texts({1}, {"a"}), floats({1}, {1})}),
              HasSubstr("expected texts"));
}

TEST(OnnxTexts, Splits) {
  std::vector<Value> y =
      runOp("StringSplit", 20, {texts({2}, {"a,,b", "c"})}, {{"delimiter", oneText(",")}}, 2);
  EXPECT_EQ(shapeOf(y[0]), Shape({2, 3}));
  EXPECT_THAT(textsOf(y[0]), ElementsAre("a", "", "b", "c", "", ""));
  EXPECT_THAT(values<int64_t>(y[1]), ElementsAre(3, 1));
  y = runOp("StringSplit", 20, {texts({2}, {"  one two\t three ", " "})}, {}, 2);
  EXPECT_THAT(textsOf(y[0]), ElementsAre("one", "two", "three", "", "", ""));
  EXPECT_THAT(values<int64_t>(y[1]), ElementsAre(3, 0));
  y = runOp("StringSplit", 20, {texts({1}, {"a b  c"})}, {{"maxsplit", oneInt(1)}}, 2);
  EXPECT_THAT(textsOf(y[0]), ElementsAre("a", "b  c"));
}

TEST(OnnxTexts, MatchesWholeTexts) {
  EXPECT_THAT(values<bool>(run("RegexFullMatch", 20, {texts({3}, {"ab12", "ab", "xab12"})},
                               {{"pattern", oneText("[a-z]{2}\\d+")}})),
              ElementsAre(true, false, false));
  EXPECT_THAT(errorOf("RegexFullMatch", 20, {texts({1}, {"a"})}, {{"pattern", oneText("(a")}}),
              HasSubstr("pattern '(a' is not understood"));
  EXPECT_THAT(errorOf("RegexFullMatch", 20, {texts({1}, {"a"})},
                      {{"pattern", oneText(std::string(1'000'000, '('))}}),
              HasSubstr("has a pattern of 1000000 bytes"));
  // No stack for each character, no exponential time.
  EXPECT_THAT(values<bool>(run("RegexFullMatch", 20, {texts({1}, {std::string(20'000, 'a')})},
                               {{"pattern", oneText("(a*)*b")}})),
              ElementsAre(false));
}

TEST(OnnxTexts, NormalizesCaseAndLeavesWordsOut) {
  const Tensor words = texts({1, 4}, {"Monday", "\xC3\x89t\xC3\xA9", "monday", "\xFF"});
  Value y = run("StringNormalizer", 10, {words},
                {{"case_change_action", oneText("UPPER")}, {"stopwords", textList({"monday"})}});
  EXPECT_EQ(shapeOf(y), Shape({1, 2}));
  EXPECT_THAT(textsOf(y), ElementsAre("\xC3\x89T\xC3\x89", "\xFF"));
  y = run("StringNormalizer", 10, {words},
          {{"is_case_sensitive", oneInt(1)}, {"stopwords", textList({"monday"})}});
  EXPECT_THAT(textsOf(y), ElementsAre("Monday", "\xC3\x89t\xC3\xA9", "\xFF"));
  y = run("StringNormalizer", 10, {texts({1}, {"a"})}, {{"stopwords", textList({"A"})}});
  EXPECT_THAT(textsOf(y), ElementsAre(""));
  EXPECT_THAT(errorOf("StringNormalizer", 10, {texts({2, 1}, {"a", "b"})}),
              HasSubstr("expected [C] or [1, C]"));
}
