//===- SupportVectorsTest.cpp - machines of support vectors ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpRunner.h"

#include <cmath>
#include <numeric>

using namespace pim;
using namespace pim::onnx;
using testing::ElementsAre;
using testing::HasSubstr;

static std::string ml(const char *type) { return std::string("ai.onnx.ml:") + type; }

TEST(OnnxSupportVectors, Regress) {
  const Tensor x = floats({1, 2}, {1, 2});
  Attributes attributes{{"n_supports", oneInt(2)},
                        {"support_vectors", floatList({1, 0, 0, 2})},
                        {"coefficients", floatList({2, -1})},
                        {"rho", floatList({0.5})},
                        {"kernel_params", floatList({0.5, 1, 2})}};
  auto result = [&](const char *kernel) {
    attributes["kernel_type"] = oneText(kernel);
    return values<float>(run(ml("SVMRegressor"), 1, {x}, attributes));
  };
  EXPECT_THAT(result("LINEAR"), ElementsAre(-1.5));  // 2 * 1 - 4 + 0.5
  EXPECT_THAT(result("POLY"), ElementsAre(-4));      // 2 * 1.5^2 - 3^2 + 0.5
  EXPECT_THAT(result("RBF"), near({0.164140f}));     // 2 e^-2 - e^-0.5 + 0.5
  EXPECT_THAT(result("SIGMOID"), near({1.315241f})); // 2 tanh 1.5 - tanh 3 + 0.5
  attributes["one_class"] = oneInt(1);
  EXPECT_THAT(result("LINEAR"), ElementsAre(-1));
  attributes["n_supports"] = oneInt(0);
  attributes["support_vectors"] = floatList({});
  attributes["one_class"] = oneInt(0);
  EXPECT_THAT(result("LINEAR"), ElementsAre(0.5)); // the coefficients are the line: 2 - 2 + 0.5
  attributes["rho"] = floatList({});
  EXPECT_THAT(errorOf(ml("SVMRegressor"), 1, {x}, attributes), HasSubstr("and 0 offsets"));
}

/// Three classes with one support vector each, in one dimension.
static Attributes threeClasses() {
  return {{"vectors_per_class", intList({1, 1, 1})},
          {"support_vectors", floatList({1, 2, 4})},
          {"coefficients", floatList({1, -1, 0.5, 0.25, 0.5, -2})},
          {"rho", floatList({0.5, 0, -1})},
          {"classlabels_ints", intList({7, 8, 9})}};
}

TEST(OnnxSupportVectors, VoteOneAgainstOne) {
  const Tensor x = floats({2, 1}, {1, -3});
  std::vector<Value> results = runOp(ml("SVMClassifier"), 1, {x}, threeClasses(), 2);
  // Products 1, 2, 4. Of (0, 1): 1 - 2 + 0.5; of (0, 2): 0.25 + 2; of (1, 2): 1 - 8 - 1.
  EXPECT_THAT(values<float>(results[1]), ElementsAre(-0.5, 2.25, -8, 3.5, -6.75, 20));
  // Both times a vote for each of the three: the first is taken.
  EXPECT_THAT(values<int64_t>(results[0]), ElementsAre(7, 7));
}

TEST(OnnxSupportVectors, TwoClassesHaveOppositeScores) {
  const Attributes attributes{{"vectors_per_class", intList({1, 1})},
                              {"support_vectors", floatList({1, 2})},
                              {"coefficients", floatList({1, -1})},
                              {"rho", floatList({0.5})},
                              {"classlabels_ints", intList({3, 5})}};
  std::vector<Value> results =
      runOp(ml("SVMClassifier"), 1, {floats({2, 1}, {1, -3})}, attributes, 2);
  EXPECT_THAT(values<int64_t>(results[0]), ElementsAre(5, 3));
  EXPECT_THAT(values<float>(results[1]), ElementsAre(0.5, -0.5, -3.5, 3.5));
}

TEST(OnnxSupportVectors, Probabilities) {
  Attributes attributes = threeClasses();
  attributes["prob_a"] = floatList({-1, -1, -1});
  attributes["prob_b"] = floatList({0, 0, 0});
  std::vector<Value> results =
      runOp(ml("SVMClassifier"), 1, {floats({2, 1}, {1, -3})}, attributes, 2);
  EXPECT_EQ(shapeOf(results[1]), (Shape{2, 3}));
  std::vector<float> p = values<float>(results[1]);
  EXPECT_NEAR(p[0] + p[1] + p[2], 1, 1e-6);
  EXPECT_NEAR(p[3] + p[4] + p[5], 1, 1e-6);
  // The second is a little likelier than the first, but much less likely than the third, which is
  // less likely than the first.
  EXPECT_LT(p[1], p[0]);
  attributes["prob_b"] = floatList({0});
  EXPECT_THAT(errorOf(ml("SVMClassifier"), 1, {floats({1, 1}, {1})}, attributes, 2),
              HasSubstr("has 3 prob_a and 1 prob_b for 3 pairs"));
}

TEST(OnnxSupportVectors, LinesOfClasses) {
  const Attributes attributes{{"coefficients", floatList({1, 0, 0, 1, -1, 1})},
                              {"rho", floatList({0.5})},
                              {"classlabels_ints", intList({7, 8, 9})}};
  std::vector<Value> results =
      runOp(ml("SVMClassifier"), 1, {floats({1, 2}, {1, 2})}, attributes, 2);
  EXPECT_THAT(values<float>(results[1]), ElementsAre(1.5, 2.5, 1.5));
  EXPECT_THAT(values<int64_t>(results[0]), ElementsAre(8));
}

TEST(OnnxSupportVectors, RefuseListsThatDoNotFit) {
  const Tensor x = floats({1, 1}, {1});
  for (const char *name : {"coefficients", "support_vectors", "rho"}) {
    Attributes attributes = threeClasses();
    attributes[name] = floatList({1, 2});
    EXPECT_THAT(errorOf(ml("SVMClassifier"), 1, {x}, attributes, 2),
                HasSubstr("for 3 classes of 1 features"))
        << name;
  }
  Attributes attributes = threeClasses();
  attributes["vectors_per_class"] = intList({1, 1, -1});
  EXPECT_THAT(errorOf(ml("SVMClassifier"), 1, {x}, attributes, 2),
              HasSubstr("a class has -1 support vectors"));
  // The sum of these is 0 in 64 bits.
  const int64_t quarter = int64_t(1) << 62;
  attributes = {{"vectors_per_class", intList({quarter, quarter, quarter, quarter})},
                {"rho", floatList({0, 0, 0, 0, 0, 0})},
                {"classlabels_ints", intList({6, 7, 8, 9})}};
  EXPECT_THAT(errorOf(ml("SVMClassifier"), 1, {x}, attributes, 2),
              HasSubstr("a class has 4611686018427387904 support vectors"));
}
