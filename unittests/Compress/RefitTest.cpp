//===- RefitTest.cpp - least squares after pruning ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Refit.h"
#include "SmallModel.h"
#include "Trainer.h"

#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

using namespace pim::compress;
using pim::compress::test::SmallModel;

namespace {

/// Two convolutions, the first with uneven padding and a stride, and a matrix product.
SmallModel chain() {
  at::manual_seed(21);
  SmallModel small({1, 3, 7, 7});
  small.weights("k", at::randn({6, 3, 3, 3})).node("Conv", {"x", "k"}, "c", "conv1");
  small.ints("strides", {2, 1}).ints("pads", {1, 0, 0, 1});
  small.node("Relu", {"c"}, "r");
  small.weights("l", at::randn({4, 6, 3, 3})).node("Conv", {"r", "l"}, "d", "conv2");
  small.node("Flatten", {"d"}, "f").weights("w", at::randn({16, 5}));
  small.node("MatMul", {"f", "w"}, "y", "fc");
  return small;
}

/// Inputs whose channels depend on each other, as those of pictures do.
Samples pictures(int64_t count) {
  Tensor inputs = at::randn({count, 3, 7, 7});
  inputs.select(1, 2).add_(inputs.select(1, 0) * 2);
  return {inputs, at::zeros({count}, at::kLong)};
}

/// Zeroes the last third of the columns of each layer.
void prune(Network &network) {
  at::NoGradGuard guard;
  for (const Layer &layer : network.layers()) {
    Tensor matrix = network.matrix(layer).clone();
    matrix.slice(1, layer.columns * 2 / 3).zero_();
    network.parameters.at(layer.weight).copy_(network.stored(layer, matrix));
  }
}

TEST(Refit, KeepsZerosAndBringsResultsNearer) {
  Network network(chain().model("y", {1, 5}));
  at::NoGradGuard guard;
  Samples samples = pictures(200), others = pictures(100);
  Tensor wanted = network.scores(others.inputs);
  TensorMap dense = cloned(network.parameters);
  prune(network);
  double before = (network.scores(others.inputs) - wanted).pow(2).mean().item<double>();
  std::vector<const Layer *> layers;
  for (const Layer &layer : network.layers())
    layers.push_back(&layer);
  refitLayers(network, layers, dense, samples);
  double after = (network.scores(others.inputs) - wanted).pow(2).mean().item<double>();
  EXPECT_LT(after, 0.7 * before);
  for (const Layer &layer : network.layers())
    EXPECT_EQ(network.matrix(layer).slice(1, layer.columns * 2 / 3).abs().max().item<float>(), 0)
        << layer.name;
}

TEST(Refit, LeavesWhatIsNotPruned) {
  Network network(chain().model("y", {1, 5}));
  TensorMap dense = cloned(network.parameters);
  std::vector<const Layer *> layers;
  for (const Layer &layer : network.layers())
    layers.push_back(&layer);
  refitLayers(network, layers, dense, pictures(64));
  at::NoGradGuard guard;
  for (const auto &[name, value] : dense)
    EXPECT_LT((network.parameters.at(name) - value).abs().max().item<double>(), 1e-3) << name;
}

TEST(Refit, SolvesForEachSupport) {
  // Two inputs that are equal: the one that stays takes the weight of the other.
  Tensor dense = at::tensor({1.f, 2.f, 3.f, 4.f}).view({2, 2});
  Tensor pruned = at::tensor({1.f, 0.f, 0.f, 4.f}).view({2, 2});
  Tensor ones = at::ones({2, 2}, at::kDouble);
  Tensor result = refitted(pruned, {ones, at::matmul(dense.to(at::kDouble), ones)});
  // (3 + 0.01 * 1) / 1.01 and (7 + 0.01 * 4) / 1.01
  EXPECT_NEAR(result[0][0].item<double>(), 2.980198, 1e-5);
  EXPECT_EQ(result[0][1].item<double>(), 0);
  EXPECT_EQ(result[1][0].item<double>(), 0);
  EXPECT_NEAR(result[1][1].item<double>(), 6.970297, 1e-5);
}

TEST(Refit, SpreadsItsSamples) {
  Samples samples{at::arange(10, at::kFloat).view({10, 1}), at::arange(10, at::kLong)};
  EXPECT_TRUE(spread(samples, 4).labels.equal(at::tensor({0, 2, 5, 7}, at::kLong)));
  EXPECT_EQ(spread(samples, 40).size(), 10);
}

} // namespace
