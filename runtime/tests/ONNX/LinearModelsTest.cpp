//===- LinearModelsTest.cpp - lines and scales of features ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpRunner.h"

#include <cmath>

using namespace pim;
using namespace pim::onnx;
using testing::ElementsAre;
using testing::HasSubstr;

static std::string ml(const char *type) { return std::string("ai.onnx.ml:") + type; }

TEST(OnnxLinearModels, Regress) {
  const Tensor x = floats({2, 2}, {1, 2, 3, 4});
  Attributes attributes{{"targets", oneInt(2)},
                        {"coefficients", floatList({1, 0, 0.5, 2})},
                        {"intercepts", floatList({10, 20})}};
  EXPECT_THAT(values<float>(run(ml("LinearRegressor"), 1, {x}, attributes)),
              ElementsAre(11, 24.5, 13, 29.5));
  attributes["coefficients"] = floatList({1, 2, 3});
  EXPECT_THAT(errorOf(ml("LinearRegressor"), 1, {x}, attributes),
              HasSubstr("has 3 coefficients for 2 results of 2 features"));
}

TEST(OnnxLinearModels, Classify) {
  const Tensor x = floats({2, 2}, {1, 2, 3, 4});
  Attributes attributes{{"coefficients", floatList({1, 0, 0, 1, -1, 1})},
                        {"intercepts", floatList({4, 1, 0})},
                        {"classlabels_ints", intList({7, 8, 9})},
                        {"post_transform", oneText("SOFTMAX")}};
  std::vector<Value> results = runOp(ml("LinearClassifier"), 1, {x}, attributes, 2);
  EXPECT_THAT(values<int64_t>(results[0]), ElementsAre(7, 7));
  // Scores 5, 3, 1 and 7, 5, 1.
  EXPECT_THAT(values<float>(results[1]),
              near({0.866814f, 0.117310f, 0.015876f, 0.878878f, 0.118943f, 0.002178f}, 1e-4f));
  // One line for two classes.
  attributes["coefficients"] = floatList({1, -1});
  attributes["intercepts"] = floatList({0.5});
  attributes["classlabels_ints"] = intList({0, 1});
  attributes["post_transform"] = oneText("LOGISTIC");
  results = runOp(ml("LinearClassifier"), 1, {floats({1, 2}, {3, 1})}, attributes, 2);
  EXPECT_THAT(values<int64_t>(results[0]), ElementsAre(1));
  EXPECT_THAT(values<float>(results[1]), near({0.075858f, 0.924142f}));
  attributes["post_transform"] = oneText("CUBE");
  EXPECT_THAT(errorOf(ml("LinearClassifier"), 1, {x}, attributes, 2),
              HasSubstr("'post_transform' is 'CUBE'"));
}

/// Quantiles of the normal distribution, to the accuracy of the formula.
TEST(OnnxLinearModels, Probit) {
  const Attributes attributes{{"coefficients", floatList({1})},
                              {"post_transform", oneText("PROBIT")}};
  EXPECT_THAT(values<float>(run(ml("LinearRegressor"), 1,
                                {floats({4, 1}, {0.5, 0.8413f, 0.0228f, 0.95f})}, attributes)),
              near({0, 1, -2, 1.6449f}, 5e-3f));
}

TEST(OnnxLinearModels, ScaleFeatures) {
  const Tensor x = floats({2, 2}, {1, -2, 3, 4});
  EXPECT_THAT(values<float>(run(ml("Scaler"), 1, {x},
                                {{"offset", floatList({1, 2})}, {"scale", floatList({0.5})}})),
              ElementsAre(0, -2, 1, 1));
  EXPECT_THAT(values<float>(run(ml("Normalizer"), 1, {x}, {{"norm", oneText("MAX")}})),
              ElementsAre(0.5, -1, 0.75, 1));
  EXPECT_THAT(values<float>(run(ml("Normalizer"), 1, {x}, {{"norm", oneText("L2")}})),
              near({0.447214f, -0.894427f, 0.6f, 0.8f}));
  EXPECT_THAT(values<float>(run(ml("Normalizer"), 1, {floats({1, 2}, {0, 0})})), ElementsAre(0, 0));
  EXPECT_THAT(values<float>(run(ml("Imputer"), 1, {floats({2, 2}, {NAN, 1, 2, NAN})},
                                {{"imputed_value_floats", floatList({5, 6})},
                                 {"replaced_value_float", oneFloat(NAN)}})),
              ElementsAre(5, 1, 2, 6));
  EXPECT_THAT(values<int64_t>(run(
                  ml("Imputer"), 1, {tensor<int64_t>({1, 2}, {-1, 4})},
                  {{"imputed_value_int64s", intList({9})}, {"replaced_value_int64", oneInt(-1)}})),
              ElementsAre(9, 4));
  EXPECT_THAT(errorOf(ml("Scaler"), 1, {x}, {{"offset", floatList({})}, {"scale", floatList({1})}}),
              HasSubstr("has 0 values"));
}
