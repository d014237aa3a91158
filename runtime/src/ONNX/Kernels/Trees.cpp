//===- Trees.cpp - models of decision trees -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TreeEnsemble (ai.onnx.ml 5) and the regressor and the classifier that it replaces: all three walk
// the same trees. Tested by runtime/tests/ONNX/TreesTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "../Elements.h"
#include "Classical.h"
#include "TreeEnsemble.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace pim;
using namespace pim::onnx;

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

static std::vector<double> realsOf(const Tensor &tensor) {
  Reader<double> from(tensor);
  return {from.begin(), from.end()};
}

/// A list that is an attribute of reals, or a tensor where these are doubles.
static std::vector<double> realsOrTensor(const Call &call, const std::string &name) {
  std::string tensor = name + "_as_tensor";
  return call.hasAttribute(tensor.c_str()) ? realsOf(call.tensor(tensor.c_str()))
                                           : call.realList(name.c_str());
}

static void requireCount(const Call &call, size_t found, size_t count, const std::string &name) {
  call.require(found == count, "attribute '", name, "' has ", found, " entries, expected ", count);
}

/// Attribute `name`, which has an entry for each of `count` nodes or votes.
static std::vector<int64_t> intsOf(const Call &call, const std::string &name, size_t count) {
  std::vector<int64_t> list = call.intList(name.c_str());
  requireCount(call, list.size(), count, name);
  return list;
}

namespace {
/// What the nodes of both forms have: an entry for each of `count`.
struct NodeLists {
  NodeLists(const Call &call, size_t count)
      : features(intsOf(call, "nodes_featureids", count)),
        yes(intsOf(call, "nodes_truenodeids", count)),
        no(intsOf(call, "nodes_falsenodeids", count)), missing(missingTracks(call, count)) {}

  std::vector<int64_t> features, yes, no;
  std::vector<int64_t> missing; ///< whether NaN counts as true; false where the model does not say

private:
  static std::vector<int64_t> missingTracks(const Call &call, size_t count) {
    const char *name = "nodes_missing_value_tracks_true";
    return call.intList(name).empty() ? std::vector<int64_t>(count, 0) : intsOf(call, name, count);
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// TreeEnsemble
//===----------------------------------------------------------------------===//

static std::vector<TreeNode> nodesOf(const Call &call) {
  std::vector<double> splits = realsOf(call.tensor("nodes_splits")),
                      modes = realsOf(call.tensor("nodes_modes")), members;
  if (call.hasAttribute("membership_values"))
    members = realsOf(call.tensor("membership_values"));
  size_t count = splits.size(), member = 0;
  requireCount(call, modes.size(), count, "nodes_modes");
  NodeLists lists(call, count);
  std::vector<int64_t> yesLeafs = intsOf(call, "nodes_trueleafs", count),
                       noLeafs = intsOf(call, "nodes_falseleafs", count);
  std::vector<TreeNode> nodes(count);
  for (size_t i = 0; i < count; ++i) {
    call.require(modes[i] >= 0 && modes[i] <= double(TreeRule::Member), "node ", i, " has mode ",
                 modes[i]);
    nodes[i] = {TreeRule(int(modes[i])),
                lists.features[i],
                splits[i],
                {},
                lists.missing[i] != 0,
                {lists.yes[i], yesLeafs[i] != 0},
                {lists.no[i], noLeafs[i] != 0}};
    // The members of all such nodes stand one after the other, each list closed by a NaN.
    for (; nodes[i].rule == TreeRule::Member; ++member) {
      call.require(member < members.size(), "attribute 'membership_values' ends before node ", i);
      if (std::isnan(members[member])) {
        ++member;
        break;
      }
      nodes[i].members.insert(members[member]);
    }
  }
  return nodes;
}

static void treeEnsemble(Call &call) {
  TreeEnsemble ensemble;
  ensemble.nodes = nodesOf(call);
  std::vector<double> weights = realsOf(call.tensor("leaf_weights"));
  std::vector<int64_t> targets = intsOf(call, "leaf_targetids", weights.size());
  for (size_t i = 0; i < weights.size(); ++i)
    ensemble.leaves.push_back({{targets[i], weights[i]}});
  for (int64_t root : call.intList("tree_roots"))
    ensemble.roots.push_back({root, false});
  int64_t count = call.integer("n_targets", 1), aggregate = call.integer("aggregate_function", 1),
          post = call.integer("post_transform", 0);
  call.require(count > 0 && aggregate >= 0 && aggregate <= int64_t(Aggregate::Max) && post >= 0 &&
                   post <= int64_t(PostTransform::Probit),
               "has ", count, " targets, aggregate_function ", aggregate, " and post_transform ",
               post, ", one of which is not supported");
  const Tensor &in = call.in(0);
  call.require(isFloat(in.element()), "operand 0 is not of floats");
  std::vector<double> results = ensemble.run(call, in, count, Aggregate(int(aggregate)), {});
  for (int64_t row = 0; row < in.size(0); ++row)
    transformScores(PostTransform(int(post)), {results.data() + row * count, size_t(count)});
  storeElements(results.data(), call.out(0, in.element(), {in.size(0), count}));
}

//===----------------------------------------------------------------------===//
// TreeEnsembleRegressor and TreeEnsembleClassifier
//===----------------------------------------------------------------------===//

/// Nodes have the numbers of their tree and in it; the attributes of leaves begin with `votes`:
/// "target" or "class". Leaves are nodes of mode LEAF.
static TreeEnsemble numberedEnsemble(const Call &call, const std::string &votes) {
  static const std::map<std::string, TreeRule> rules = {
      {"BRANCH_LEQ", TreeRule::LessEqual},    {"BRANCH_LT", TreeRule::Less},
      {"BRANCH_GTE", TreeRule::GreaterEqual}, {"BRANCH_GT", TreeRule::Greater},
      {"BRANCH_EQ", TreeRule::Equal},         {"BRANCH_NEQ", TreeRule::NotEqual}};
  std::vector<std::string> modes = call.textList("nodes_modes");
  std::vector<double> values = realsOrTensor(call, "nodes_values");
  size_t count = modes.size();
  requireCount(call, values.size(), count, "nodes_values");
  NodeLists lists(call, count);
  std::vector<int64_t> trees = intsOf(call, "nodes_treeids", count),
                       ids = intsOf(call, "nodes_nodeids", count);

  TreeEnsemble ensemble;
  std::map<std::pair<int64_t, int64_t>, TreeBranch> places;
  std::set<int64_t> begun;
  int64_t inner = 0;
  for (size_t i = 0; i < count; ++i) {
    bool isLeaf = modes[i] == "LEAF";
    TreeBranch place{isLeaf ? int64_t(ensemble.leaves.size()) : inner, isLeaf};
    call.require(places.emplace(std::pair(trees[i], ids[i]), place).second, "tree ", trees[i],
                 " has node ", ids[i], " twice");
    if (begun.insert(trees[i]).second) // the first node of a tree is its root
      ensemble.roots.push_back(place);
    if (isLeaf)
      ensemble.leaves.emplace_back();
    else
      ++inner;
  }
  auto placeOf = [&](int64_t tree, int64_t id) {
    auto found = places.find({tree, id});
    call.require(found != places.end(), "tree ", tree, " has no node ", id);
    return found->second;
  };
  for (size_t i = 0; i < count; ++i) {
    if (modes[i] == "LEAF")
      continue;
    auto rule = rules.find(modes[i]);
    call.require(rule != rules.end(), "node ", ids[i], " has mode '", modes[i], "'");
    ensemble.nodes.push_back({rule->second,
                              lists.features[i],
                              values[i],
                              {},
                              lists.missing[i] != 0,
                              placeOf(trees[i], lists.yes[i]),
                              placeOf(trees[i], lists.no[i])});
  }
  std::vector<double> weights = realsOrTensor(call, votes + "_weights");
  std::vector<int64_t> ofTrees = intsOf(call, votes + "_treeids", weights.size()),
                       ofNodes = intsOf(call, votes + "_nodeids", weights.size()),
                       targets = intsOf(call, votes + "_ids", weights.size());
  for (size_t i = 0; i < weights.size(); ++i) {
    TreeBranch leaf = placeOf(ofTrees[i], ofNodes[i]);
    call.require(leaf.isLeaf, "node ", ofNodes[i], " of tree ", ofTrees[i], " is no leaf");
    ensemble.leaves[size_t(leaf.index)].push_back({targets[i], weights[i]});
  }
  return ensemble;
}

static void treeEnsembleRegressor(Call &call) {
  static const std::map<std::string, Aggregate> aggregates = {{"AVERAGE", Aggregate::Average},
                                                              {"SUM", Aggregate::Sum},
                                                              {"MIN", Aggregate::Min},
                                                              {"MAX", Aggregate::Max}};
  auto aggregate = aggregates.find(call.text("aggregate_function", "SUM"));
  PostTransform post = postTransformOf(call);
  const Tensor &in = call.in(0);
  int64_t count = call.integer("n_targets", 1);
  call.require(aggregate != aggregates.end() && count > 0, "aggregates ", count, " targets by '",
               call.text("aggregate_function", "SUM"), "', which is not supported");
  std::vector<double> results =
      numberedEnsemble(call, "target")
          .run(call, in, count, aggregate->second, realsOrTensor(call, "base_values"));
  for (int64_t row = 0; row < in.size(0); ++row)
    transformScores(post, {results.data() + row * count, size_t(count)});
  storeElements(results.data(), call.out(0, ElementType::F32, {in.size(0), count}));
}

/// Labels, and a score for each class. Two classes may share one score s, of the second one: the
/// first has 1 - s where all weights are positive (s is a probability then), else -s.
static void treeEnsembleClassifier(Call &call) {
  ClassLabels labels(call, "classlabels_int64s", "classlabels_strings");
  int64_t classes = labels.count();
  PostTransform post = postTransformOf(call);
  TreeEnsemble ensemble = numberedEnsemble(call, "class");
  std::vector<double> base = realsOrTensor(call, "base_values");
  std::set<int64_t> voted;
  bool isPositive = true;
  for (const std::vector<Vote> &leaf : ensemble.leaves)
    for (const Vote &vote : leaf) {
      voted.insert(vote.target);
      isPositive &= vote.weight >= 0;
    }
  bool isShared = classes == 2 && voted.size() == 1;
  if (isShared && base.size() == 1)
    base.assign(2, base[0]);
  const Tensor &in = call.in(0);
  std::vector<double> scores = ensemble.run(call, in, classes, Aggregate::Sum, base);
  std::vector<int64_t> best;
  for (int64_t row = 0; row < in.size(0); ++row) {
    std::span<double> of(scores.data() + row * classes, static_cast<size_t>(classes));
    if (isShared) {
      of[1] = of[size_t(*voted.begin())];
      of[0] = isPositive && post == PostTransform::None ? 1 - of[1] : -of[1];
    }
    best.push_back(std::max_element(of.begin(), of.end()) - of.begin());
    transformScores(post, of);
  }
  labels.set(call, best);
  storeElements(scores.data(), call.out(1, ElementType::F32, {in.size(0), classes}));
}

void pim::onnx::addTrees(Registry &registry) {
  registry.add(learningDomain, "TreeEnsemble", treeEnsemble, 5);
  registry.add(learningDomain, "TreeEnsembleClassifier", treeEnsembleClassifier);
  registry.add(learningDomain, "TreeEnsembleRegressor", treeEnsembleRegressor);
}
