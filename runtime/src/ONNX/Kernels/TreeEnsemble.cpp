//===- TreeEnsemble.cpp - decision trees that vote ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TreeEnsemble.h"
#include "../Elements.h"
#include "Classical.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::onnx;

bool TreeNode::holds(double x) const {
  if (std::isnan(x))
    return missingIsTrue;
  switch (rule) {
  case TreeRule::LessEqual:
    return x <= threshold;
  case TreeRule::Less:
    return x < threshold;
  case TreeRule::GreaterEqual:
    return x >= threshold;
  case TreeRule::Greater:
    return x > threshold;
  case TreeRule::Equal:
    return x == threshold;
  case TreeRule::NotEqual:
    return x != threshold;
  default:
    return members.contains(x);
  }
}

void TreeEnsemble::check(const Call &call, int64_t features, int64_t targets) const {
  auto checkBranch = [&](const TreeBranch &branch) {
    size_t size = branch.isLeaf ? leaves.size() : nodes.size();
    call.require(branch.index >= 0 && size_t(branch.index) < size, "a branch leads to ",
                 branch.isLeaf ? "leaf " : "node ", branch.index, " of ", size);
  };
  for (const TreeBranch &root : roots)
    checkBranch(root);
  for (const TreeNode &node : nodes) {
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

const std::vector<Vote> &TreeEnsemble::walk(const Call &call, TreeBranch at,
                                            const double *features) const {
  for (size_t steps = 0; !at.isLeaf; ++steps) {
    call.require(steps < nodes.size(), "a tree leads in a circle");
    const TreeNode &node = nodes[size_t(at.index)];
    at = node.holds(features[node.feature]) ? node.onTrue : node.onFalse;
  }
  return leaves[size_t(at.index)];
}

std::vector<double> TreeEnsemble::run(const Call &call, const Tensor &in, int64_t targets,
                                      Aggregate aggregate, const std::vector<double> &base) const {
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
    for (const TreeBranch &root : roots)
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
