//===- Trees.cpp - ensembles of decision trees ----------------------------===//
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

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace pim;
using namespace pim::onnx;

namespace {

/// In the numbers of TreeEnsemble's attributes.
enum class Rule { LessEqual, Less, GreaterEqual, Greater, Equal, NotEqual, Member };
enum class Aggregate { Average, Sum, Min, Max };

/// Another node, or a leaf.
struct Branch {
  int64_t index = 0;
  bool isLeaf = false;
};

struct Node {
  Rule rule = Rule::LessEqual;
  int64_t feature = 0;
  double threshold = 0;
  std::set<double> members;
  bool missingIsTrue = false; ///< where NaN goes
  Branch onTrue, onFalse;

  bool holds(double x) const {
    if (std::isnan(x))
      return missingIsTrue;
    switch (rule) {
    case Rule::LessEqual:
      return x <= threshold;
    case Rule::Less:
      return x < threshold;
    case Rule::GreaterEqual:
      return x >= threshold;
    case Rule::Greater:
      return x > threshold;
    case Rule::Equal:
      return x == threshold;
    case Rule::NotEqual:
      return x != threshold;
    default:
      return members.contains(x);
    }
  }
};

/// What a leaf gives to one target.
struct Vote {
  int64_t target;
  double weight;
};

struct Ensemble {
  std::vector<Node> nodes;
  std::vector<std::vector<Vote>> leaves;
  std::vector<Branch> roots;

  /// Fails where a branch leads nowhere.
  void check(const Call &call, int64_t features, int64_t targets) const {
    auto checkBranch = [&](const Branch &branch) {
      size_t size = branch.isLeaf ? leaves.size() : nodes.size();
      call.require(branch.index >= 0 && size_t(branch.index) < size, "a branch leads to ",
                   branch.isLeaf ? "leaf " : "node ", branch.index, " of ", size);
    };
    for (const Branch &root : roots)
      checkBranch(root);
    for (const Node &node : nodes) {
      call.require(node.feature >= 0 && node.feature < features, "a node asks for feature ",
                   node.feature, " of ", features);
      checkBranch(node.onTrue);
      checkBranch(node.onFalse);
    }
    for (const std::vector<Vote> &leaf : leaves)
      for (const Vote &vote : leaf)
        call.require(vote.target >= 0 && vote.target < targets, "a leaf votes for target ",
                     vote.target, " of ", targets);
  }

  const std::vector<Vote> &walk(const Call &call, Branch at, const double *features) const {
    for (size_t steps = 0; !at.isLeaf; ++steps) {
      call.require(steps < nodes.size(), "a tree leads in a circle");
      const Node &node = nodes[size_t(at.index)];
      at = node.holds(features[node.feature]) ? node.onTrue : node.onFalse;
    }
    return leaves[size_t(at.index)];
  }

  /// One number for each row and target; targets that no tree votes for are zero.
  std::vector<double> run(const Call &call, const Tensor &in, int64_t targets, Aggregate aggregate,
                          const std::vector<double> &base) const {
    samplesOf(call);
    call.require(base.empty() || int64_t(base.size()) == targets, "has ", base.size(),
                 " base values for ", targets, " targets");
    check(call, in.size(1), targets);
    Reader<double> from(in);
    std::vector<double> results(size_t(checkedCount(Shape{in.size(0), targets}, sizeof(double))));
    std::vector<bool> isVoted(size_t(targets), false);
    for (int64_t row = 0; row < in.size(0); ++row) {
      double *result = results.data() + row * targets;
      isVoted.assign(size_t(targets), false);
      for (const Branch &root : roots)
        for (const Vote &vote : walk(call, root, from.data() + row * in.size(1))) {
          double &sum = result[vote.target];
          bool isFirst = !isVoted[size_t(vote.target)];
          isVoted[size_t(vote.target)] = true;
          if (aggregate == Aggregate::Min)
            sum = isFirst ? vote.weight : std::min(sum, vote.weight);
          else if (aggregate == Aggregate::Max)
            sum = isFirst ? vote.weight : std::max(sum, vote.weight);
          else
            sum += vote.weight;
        }
      for (int64_t target = 0; target < targets; ++target) {
        if (aggregate == Aggregate::Average && !roots.empty())
          result[target] /= double(roots.size());
        if (!base.empty())
          result[target] += base[size_t(target)];
      }
    }
    return results;
  }
};

} // namespace

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

/// For each of `count` nodes, whether NaN counts as true there; false where the model does not say.
static std::vector<int64_t> missingTracks(const Call &call, size_t count) {
  const char *name = "nodes_missing_value_tracks_true";
  return call.intList(name).empty() ? std::vector<int64_t>(count, 0) : intsOf(call, name, count);
}

//===----------------------------------------------------------------------===//
// TreeEnsemble
//===----------------------------------------------------------------------===//

static std::vector<Node> nodesOf(const Call &call) {
  std::vector<double> splits = realsOf(call.tensor("nodes_splits")),
                      modes = realsOf(call.tensor("nodes_modes")), members;
  if (call.hasAttribute("membership_values"))
    members = realsOf(call.tensor("membership_values"));
  size_t count = splits.size(), member = 0;
  requireCount(call, modes.size(), count, "nodes_modes");
  std::vector<int64_t> features = intsOf(call, "nodes_featureids", count),
                       yes = intsOf(call, "nodes_truenodeids", count),
                       no = intsOf(call, "nodes_falsenodeids", count),
                       yesLeafs = intsOf(call, "nodes_trueleafs", count),
                       noLeafs = intsOf(call, "nodes_falseleafs", count),
                       missing = missingTracks(call, count);
  std::vector<Node> nodes(count);
  for (size_t i = 0; i < count; ++i) {
    call.require(modes[i] >= 0 && modes[i] <= double(Rule::Member), "node ", i, " has mode ",
                 modes[i]);
    nodes[i] = {Rule(int(modes[i])),
                features[i],
                splits[i],
                {},
                missing[i] != 0,
                {yes[i], yesLeafs[i] != 0},
                {no[i], noLeafs[i] != 0}};
    // The members of all such nodes stand one after the other, each list closed by a NaN.
    for (; nodes[i].rule == Rule::Member; ++member) {
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
  Ensemble ensemble;
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
static Ensemble numberedEnsemble(const Call &call, const std::string &votes) {
  static const std::map<std::string, Rule> rules = {
      {"BRANCH_LEQ", Rule::LessEqual},    {"BRANCH_LT", Rule::Less},
      {"BRANCH_GTE", Rule::GreaterEqual}, {"BRANCH_GT", Rule::Greater},
      {"BRANCH_EQ", Rule::Equal},         {"BRANCH_NEQ", Rule::NotEqual}};
  std::vector<std::string> modes = call.textList("nodes_modes");
  std::vector<double> values = realsOrTensor(call, "nodes_values");
  size_t count = modes.size();
  requireCount(call, values.size(), count, "nodes_values");
  std::vector<int64_t> trees = intsOf(call, "nodes_treeids", count),
                       ids = intsOf(call, "nodes_nodeids", count),
                       features = intsOf(call, "nodes_featureids", count),
                       yes = intsOf(call, "nodes_truenodeids", count),
                       no = intsOf(call, "nodes_falsenodeids", count),
                       missing = missingTracks(call, count);

  Ensemble ensemble;
  std::map<std::pair<int64_t, int64_t>, Branch> places;
  std::set<int64_t> begun;
  int64_t inner = 0;
  for (size_t i = 0; i < count; ++i) {
    bool isLeaf = modes[i] == "LEAF";
    Branch place{isLeaf ? int64_t(ensemble.leaves.size()) : inner, isLeaf};
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
                              features[i],
                              values[i],
                              {},
                              missing[i] != 0,
                              placeOf(trees[i], yes[i]),
                              placeOf(trees[i], no[i])});
  }
  std::vector<double> weights = realsOrTensor(call, votes + "_weights");
  std::vector<int64_t> ofTrees = intsOf(call, votes + "_treeids", weights.size()),
                       ofNodes = intsOf(call, votes + "_nodeids", weights.size()),
                       targets = intsOf(call, votes + "_ids", weights.size());
  for (size_t i = 0; i < weights.size(); ++i) {
    Branch leaf = placeOf(ofTrees[i], ofNodes[i]);
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
  Ensemble ensemble = numberedEnsemble(call, "class");
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
