//===- TreesTest.cpp - ensembles of decision trees ------------------------===//
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

static graph::Attribute textList(std::vector<std::string> values) {
  return {{}, {}, "", std::move(values)};
}

template <typename T> static graph::Attribute tensorOf(const std::vector<T> &values) {
  graph::Tensor tensor;
  tensor.element = elementTypeOf<T>();
  tensor.shape = {int64_t(values.size())};
  auto bytes = std::as_bytes(std::span(values));
  tensor.storage = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
  tensor.data = *tensor.storage;
  graph::Attribute attribute;
  attribute.tensors.push_back(std::move(tensor));
  return attribute;
}

/// Tree 0: x0 <= 1 ? (x1 > 0 ? leaf 0 : leaf 1) : leaf 2; tree 1: x1 in {3, 0} ? leaf 3 : leaf 4.
static Attributes ensemble() {
  return {{"nodes_splits", tensorOf<float>({1, 0, 0})},
          {"nodes_modes", tensorOf<uint8_t>({0, 3, 6})},
          {"nodes_featureids", intList({0, 1, 1})},
          {"nodes_truenodeids", intList({1, 0, 3})},
          {"nodes_trueleafs", intList({0, 1, 1})},
          {"nodes_falsenodeids", intList({2, 1, 4})},
          {"nodes_falseleafs", intList({1, 1, 1})},
          {"nodes_missing_value_tracks_true", intList({1, 0, 0})},
          {"leaf_targetids", intList({0, 1, 0, 1, 0})},
          {"leaf_weights", tensorOf<float>({1, 2, 4, 8, 16})},
          {"membership_values", tensorOf<float>({3, 0, NAN})},
          {"tree_roots", intList({0, 2})},
          {"n_targets", oneInt(2)}};
}

static const char *const type = "ai.onnx.ml:TreeEnsemble";

TEST(OnnxTrees, AddVotes) {
  const Tensor x = floats({4, 2}, {1, 1, 1, 0, 2, 3, NAN, 5});
  const Value y = run(type, 5, {x}, ensemble());
  EXPECT_EQ(shapeOf(y), Shape({4, 2}));
  // NaN goes where the node says; 5 is no member.
  EXPECT_THAT(values<float>(y), ElementsAre(17, 0, 0, 10, 4, 8, 17, 0));
}

TEST(OnnxTrees, AggregateAndTransform) {
  const Tensor x = floats({1, 2}, {1, 1});
  Attributes attributes = ensemble();
  attributes["aggregate_function"] = oneInt(0);
  EXPECT_THAT(values<float>(run(type, 5, {x}, attributes)), ElementsAre(8.5, 0));
  attributes["aggregate_function"] = oneInt(2);
  EXPECT_THAT(values<float>(run(type, 5, {x}, attributes)), ElementsAre(1, 0));
  attributes["aggregate_function"] = oneInt(3);
  EXPECT_THAT(values<float>(run(type, 5, {x}, attributes)), ElementsAre(16, 0));
  attributes["aggregate_function"] = oneInt(2);
  attributes["post_transform"] = oneInt(1);
  EXPECT_THAT(values<float>(run(type, 5, {x}, attributes)), near({0.731059f, 0.268941f}));
  attributes["post_transform"] = oneInt(2);
  EXPECT_THAT(values<float>(run(type, 5, {x}, attributes)), near({0.731059f, 0.5f}));
  attributes["post_transform"] = oneInt(3);
  EXPECT_THAT(values<float>(run(type, 5, {x}, attributes)), near({1, 0}));
}

TEST(OnnxTrees, RefuseWhatLeadsNowhere) {
  const Tensor x = floats({1, 2}, {1, 1});
  auto refused = [&](const char *name, graph::Attribute attribute, const char *words) {
    Attributes attributes = ensemble();
    attributes[name] = std::move(attribute);
    EXPECT_THAT(errorOf(type, 5, {x}, attributes), HasSubstr(words));
  };
  refused("nodes_truenodeids", intList({0, 0, 3}), "leads in a circle");
  refused("nodes_truenodeids", intList({1, 9, 3}), "leads to leaf 9 of 5");
  refused("nodes_featureids", intList({0, 2, 1}), "asks for feature 2 of 2");
  refused("leaf_targetids", intList({0, 1, 0, 1, 2}), "votes for target 2 of 2");
  refused("tree_roots", intList({0, 3}), "leads to node 3 of 3");
  refused("membership_values", tensorOf<float>({3, 0}), "ends before node 2");
  refused("nodes_modes", tensorOf<uint8_t>({0, 7, 6}), "has mode 7");
  refused("nodes_trueleafs", intList({0, 1}), "has 2 entries, expected 3");
  EXPECT_THAT(errorOf(type, 5, {floats({2}, {1, 1})}, ensemble()),
              HasSubstr("of shape [N, features]"));
}

/// Tree 7: node 0: x0 < 1 ? node 1 : node 2, both leaves; tree 9 is a leaf.
static Attributes numbered(const std::string &votes) {
  return {{"nodes_treeids", intList({7, 7, 7, 9})},
          {"nodes_nodeids", intList({0, 1, 2, 0})},
          {"nodes_modes", textList({"BRANCH_LT", "LEAF", "LEAF", "LEAF"})},
          {"nodes_values", floatList({1, 0, 0, 0})},
          {"nodes_featureids", intList({0, 0, 0, 0})},
          {"nodes_truenodeids", intList({1, 0, 0, 0})},
          {"nodes_falsenodeids", intList({2, 0, 0, 0})},
          {votes + "_treeids", intList({7, 7, 7, 9})},
          {votes + "_nodeids", intList({1, 2, 2, 0})},
          {votes + "_ids", intList({0, 0, 1, 1})},
          {votes + "_weights", floatList({0.25, 0.5, 1, 0.125})}};
}

TEST(OnnxTrees, Regress) {
  const Tensor x = floats({2, 1}, {0, 1});
  Attributes attributes = numbered("target");
  attributes["n_targets"] = oneInt(2);
  const char *regressor = "ai.onnx.ml:TreeEnsembleRegressor";
  EXPECT_THAT(values<float>(run(regressor, 1, {x}, attributes)),
              ElementsAre(0.25, 0.125, 0.5, 1.125));
  attributes["base_values"] = floatList({1, 2});
  attributes["aggregate_function"] = oneText("AVERAGE");
  EXPECT_THAT(values<float>(run(regressor, 1, {x}, attributes)),
              ElementsAre(1.125, 2.0625, 1.25, 2.5625));
  attributes["target_nodeids"] = intList({1, 2, 0, 0});
  EXPECT_THAT(errorOf(regressor, 1, {x}, attributes), HasSubstr("node 0 of tree 7 is no leaf"));
  attributes["nodes_truenodeids"] = intList({5, 0, 0, 0});
  EXPECT_THAT(errorOf(regressor, 1, {x}, attributes), HasSubstr("tree 7 has no node 5"));
}

TEST(OnnxTrees, Classify) {
  const Tensor x = floats({2, 1}, {0, 1});
  Attributes attributes = numbered("class");
  attributes["classlabels_strings"] = textList({"no", "yes"});
  const char *classifier = "ai.onnx.ml:TreeEnsembleClassifier";
  std::vector<Value> results = runOp(classifier, 1, {x}, attributes, 2);
  EXPECT_THAT(std::get<Tensor>(results[0]).texts(), ElementsAre("no", "yes"));
  EXPECT_THAT(values<float>(results[1]), ElementsAre(0.25, 0.125, 0.5, 1.125));

  // One score for both classes: the probability of the second one.
  attributes["class_ids"] = intList({0, 0, 0, 0});
  attributes["classlabels_int64s"] = intList({4, 5});
  attributes.erase("classlabels_strings");
  attributes["class_weights"] = floatList({0.25, 0.5, 0.25, 0.125});
  results = runOp(classifier, 1, {x}, attributes, 2);
  EXPECT_THAT(values<int64_t>(results[0]), ElementsAre(4, 5));
  EXPECT_THAT(values<float>(results[1]), ElementsAre(0.625, 0.375, 0.125, 0.875));
  attributes["class_weights"] = floatList({-0.25, 0.5, 0.25, 0.125});
  results = runOp(classifier, 1, {x}, attributes, 2);
  EXPECT_THAT(values<float>(results[1]), ElementsAre(0.125, -0.125, -0.875, 0.875));
  attributes["classlabels_int64s"] = intList({4});
  EXPECT_THAT(errorOf(classifier, 1, {x}, attributes, 2), HasSubstr("has 1 classes"));
}
