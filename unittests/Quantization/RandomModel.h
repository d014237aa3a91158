//===- RandomModel.h - small float networks for tests ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_UNITTESTS_QUANTIZATION_RANDOMMODEL_H
#define PIM_UNITTESTS_QUANTIZATION_RANDOMMODEL_H

#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace pim::test {

/// Writes random image networks as TOSA text: convolutions, pooling, residual sums, concatenations,
/// batch normalizations that were not folded, and a classifier at the end.
class RandomModel {
public:
  /// `averages`: with average pooling and a mean before the classifier, else with maxima in their
  /// place.
  explicit RandomModel(unsigned seed, bool averages = true) : random(seed), averages(averages) {}

  /// A function @main from tensor<1x8x8x3xf32>; `softmax` ends it in a float island.
  std::string write(int steps, bool softmax);

private:
  struct Tensor {
    std::string name;
    int height, width, channels;
  };

  int pick(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); }
  const Tensor &any() {
    return tensors[pick(std::max(0, int(tensors.size()) - 3), int(tensors.size()) - 1)];
  }
  std::string fresh() { return "%v" + std::to_string(count++); }
  static std::string type(const Tensor &tensor);
  std::string constant(const std::string &shape, int elements, double mean, double deviation);
  std::string zero();
  Tensor add(const Tensor &tensor) {
    tensors.push_back(tensor);
    return tensor;
  }

  Tensor convolution(const Tensor &input, int channels, int kernel, int stride, bool depthwise);
  Tensor clamp(const Tensor &input, double low, double high);
  Tensor binary(const std::string &op, const Tensor &left, const Tensor &right);
  Tensor normalization(const Tensor &input);
  Tensor pool(const std::string &op, const Tensor &input);
  Tensor concat(const Tensor &left, const Tensor &right);
  Tensor pad(const Tensor &input);
  Tensor slice(const Tensor &input);
  void step();
  std::string mean(const Tensor &input);
  std::string maximum(const Tensor &input);
  std::string classifier(const Tensor &input, bool softmax);

  std::mt19937 random;
  bool averages;
  std::ostringstream text;
  std::vector<Tensor> tensors;
  int count = 0;
};

} // namespace pim::test

#endif // PIM_UNITTESTS_QUANTIZATION_RANDOMMODEL_H
