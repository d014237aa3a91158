//===- TreeEnsemble.h - decision trees that vote ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_KERNELS_TREEENSEMBLE_H
#define PIM_RUNTIME_SRC_ONNX_KERNELS_TREEENSEMBLE_H

#include "../Call.h"

#include <set>

namespace pim::onnx {

/// How a node of a tree compares, in the numbers of TreeEnsemble's attribute.
enum class TreeRule { LessEqual, Less, GreaterEqual, Greater, Equal, NotEqual, Member };
/// What becomes of the votes for one target, likewise.
enum class Aggregate { Average, Sum, Min, Max };

/// Leads to another node, or to a leaf.
struct TreeBranch {
  int64_t index = 0;
  bool isLeaf = false;
};

struct TreeNode {
  TreeRule rule = TreeRule::LessEqual;
  int64_t feature = 0;
  double threshold = 0;
  std::set<double> members;
  bool missingIsTrue = false; ///< where NaN goes
  TreeBranch onTrue, onFalse;

  bool holds(double x) const;
};

/// What a leaf gives to one target.
struct Vote {
  int64_t target;
  double weight;
};

struct TreeEnsemble {
  std::vector<TreeNode> nodes;
  std::vector<std::vector<Vote>> leaves;
  std::vector<TreeBranch> roots;

  /// One number for each row of `in`, [N, features], and target; targets that no tree votes for are
  /// zero. `base`, a number for each target, is added unless empty. Fails where a branch leads
  /// nowhere or in a circle.
  std::vector<double> run(const Call &call, const Tensor &in, int64_t targets, Aggregate aggregate,
                          const std::vector<double> &base) const;

private:
  void check(const Call &call, int64_t features, int64_t targets) const;
  const std::vector<Vote> &walk(const Call &call, TreeBranch at, const double *features) const;
};

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_KERNELS_TREEENSEMBLE_H
