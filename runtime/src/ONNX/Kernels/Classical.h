//===- Classical.h - what classical models share ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_KERNELS_CLASSICAL_H
#define PIM_RUNTIME_SRC_ONNX_KERNELS_CLASSICAL_H

#include "../Registry.h"

#include <span>

namespace pim::onnx {

/// In the numbers of TreeEnsemble's attribute.
enum class PostTransform { None, Softmax, Logistic, SoftmaxZero, Probit };

/// The one in attribute 'post_transform'; fails unless it is one of these.
PostTransform postTransformOf(const Call &call);

/// Scores of one sample in place. SoftmaxZero leaves zeros as they are.
void transformScores(PostTransform kind, std::span<double> scores);

/// Fails unless operand 0 is [N, features] of numbers; gives N.
int64_t samplesOf(const Call &call);

/// The labels of a classifier: attribute `numbers` of integers or `texts`.
class ClassLabels {
public:
  ClassLabels(const Call &call, const char *numbers, const char *texts);
  int64_t count() const { return int64_t(std::max(numbers.size(), texts.size())); }
  /// Result 0: the label of each sample, by its place in the list.
  void set(Call &call, const std::vector<int64_t> &places) const;

private:
  std::vector<int64_t> numbers;
  std::vector<std::string> texts;
};

void addLinearModels(Registry &registry);
void addSupportVectors(Registry &registry);
void addTrees(Registry &registry);

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_KERNELS_CLASSICAL_H
