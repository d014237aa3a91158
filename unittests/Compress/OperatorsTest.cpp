//===- OperatorsTest.cpp - operators of small graphs ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SmallModel.h"

#include "pim/Support/Error.h"

#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim::compress;
using pim::compress::test::errorOf;
using pim::compress::test::SmallModel;

namespace {

/// The sum of the squared outputs, a scalar that depends on all of them.
Tensor energy(const Network &network, const Tensor &batch) {
  return network.run(batch).at(0).pow(2).sum();
}

/// Compares the gradients of every parameter with central differences.
void expectGradients(Network &network, const Tensor &batch) {
  energy(network, batch).backward();
  constexpr double step = 1e-2;
  for (auto &[name, parameter] : network.parameters) {
    Tensor gradient = parameter.grad();
    ASSERT_TRUE(gradient.defined()) << name;
    at::NoGradGuard guard;
    Tensor flat = parameter.view({-1});
    for (int64_t index = 0; index < flat.numel(); index += std::max<int64_t>(1, flat.numel() / 7)) {
      double value = flat[index].item<double>();
      flat[index] = value + step;
      double above = energy(network, batch).item<double>();
      flat[index] = value - step;
      double below = energy(network, batch).item<double>();
      flat[index] = value;
      double expected = (above - below) / (2 * step);
      EXPECT_NEAR(gradient.reshape({-1})[index].item<double>(), expected,
                  2e-2 * std::max(1.0, std::abs(expected)))
          << name << "[" << index << "]";
    }
  }
}

TEST(Operators, GradientsOfAConvolutionalNetwork) {
  at::manual_seed(3);
  SmallModel small({1, 2, 6, 6});
  small.weights("k", at::randn({4, 1, 3, 3})).weights("kb", at::randn({4}));
  small.node("Conv", {"x", "k", "kb"}, "c").integer("group", 2).ints("dilations", {1, 2});
  small.text("auto_pad", "SAME_LOWER");
  small.node("Tanh", {"c"}, "t");
  small.node("AveragePool", {"t"}, "p").ints("kernel_shape", {3, 3}).ints("strides", {2, 2});
  small.ints("pads", {1, 1, 0, 0}).integer("ceil_mode", 1);
  small.weights("s", at::randn({4, 1, 1})).node("Mul", {"p", "s"}, "m");
  small.node("GlobalAveragePool", {"m"}, "g").node("Flatten", {"g"}, "f");
  small.weights("w", at::randn({3, 4})).weights("b", at::randn({3}));
  small.node("Gemm", {"f", "w", "b"}, "y").integer("transB", 1);
  Network network(small.model("y", {1, 3}));
  EXPECT_EQ(network.layers().size(), 2u);
  EXPECT_EQ(network.layers()[0].groups, 2);
  EXPECT_EQ(network.layers()[0].positions, 36);
  expectGradients(network, at::randn({3, 2, 6, 6}));
}

TEST(Operators, GradientsThroughBatchNormalizationInTraining) {
  at::manual_seed(4);
  SmallModel small({1, 2, 4, 4});
  small.weights("k", at::randn({3, 2, 3, 3})).node("Conv", {"x", "k"}, "c");
  small.weights("scale", at::randn({3})).weights("shift", at::randn({3}));
  small.weights("mean", at::zeros({3})).weights("variance", at::ones({3}));
  small.node("BatchNormalization", {"c", "scale", "shift", "mean", "variance"}, "n");
  small.node("Sigmoid", {"n"}, "a").node("Flatten", {"a"}, "f");
  small.weights("w", at::randn({12, 2})).node("MatMul", {"f", "w"}, "y");
  Network network(small.model("y", {1, 2}));
  network.setTraining(true);
  expectGradients(network, at::randn({5, 2, 4, 4}));
  EXPECT_GT(network.buffers.at("mean").abs().sum().item<double>(), 0) << "statistics move";
}

TEST(Operators, SignsPassGradientsStraightThrough) {
  SmallModel small({1, 4});
  small.weights("o", at::tensor({-2.f, -0.5f, 0.f, 3.f})).node("Add", {"x", "o"}, "a");
  small.node("Sign", {"a"}, "y");
  Network network(small.model("y", {1, 4}));
  Tensor result = network.run(at::zeros({1, 4}))[0];
  EXPECT_TRUE(result.flatten().equal(at::tensor({-1.f, -1.f, 0.f, 1.f})));
  result.sum().backward();
  EXPECT_TRUE(network.parameters.at("o").grad().equal(at::tensor({0.f, 1.f, 1.f, 0.f})));
}

TEST(Operators, MaxPoolRoundsUpAsOnnxDoes) {
  SmallModel small({1, 1, 5, 5});
  small.node("MaxPool", {"x"}, "p").ints("kernel_shape", {2, 2}).ints("strides", {2, 2});
  small.integer("ceil_mode", 1).weights("w", at::ones({1})).node("Mul", {"p", "w"}, "m");
  small.weights("o", at::zeros({1})).node("Add", {"m", "o"}, "y");
  Network network(small.model("y", {1, 1, 3, 3}));
  Tensor x = at::arange(25, at::kFloat).view({1, 1, 5, 5});
  Tensor expected = at::tensor({6., 8., 9., 16., 18., 19., 21., 23., 24.}).to(at::kFloat);
  EXPECT_TRUE(network.run(x)[0].flatten().equal(expected));
}

TEST(Operators, ConstantSubgraphsAreComputedOnce) {
  SmallModel small({1, 4});
  small.weights("w", at::arange(8, at::kFloat)).weights("shape", at::tensor({4, 2}, at::kLong));
  small.node("Reshape", {"w", "shape"}, "matrix").node("MatMul", {"x", "matrix"}, "y", "fc");
  Network network(small.model("y", {1, 2}));
  ASSERT_EQ(network.layers().size(), 1u);
  EXPECT_EQ(network.layer("fc").weight, "matrix");
  EXPECT_TRUE(network.layer("fc").isTransposed);
  EXPECT_EQ(network.snapshot(false).graph().node_size(), 1);
  EXPECT_THAT(errorOf([&] { network.layer("fd"); }), testing::HasSubstr("no layer 'fd'"));
}

TEST(Operators, ReshapeOfTheModelsBatchTakesAnyBatch) {
  SmallModel small({1, 2, 3});
  small.weights("shape", at::tensor({1, 6}, at::kLong)).node("Reshape", {"x", "shape"}, "f");
  small.weights("w", at::ones({6, 2})).node("MatMul", {"f", "w"}, "y");
  Network network(small.model("y", {1, 2}));
  EXPECT_EQ(network.run(at::ones({7, 2, 3}))[0].size(0), 7);
}

TEST(Operators, UnknownOnesAreNamed) {
  SmallModel small({1, 4});
  small.weights("w", at::ones({4, 2})).node("MatMul", {"x", "w"}, "m");
  small.node("Einsum", {"m"}, "y", "mystery");
  Model model = small.model("y");
  EXPECT_THAT(errorOf([&] { Network network(model); }),
              testing::StartsWith("small.onnx: node 'mystery' (Einsum): "));
}

TEST(Operators, GraphsWithoutWeightsAreRefused) {
  SmallModel small({1, 4});
  small.node("Relu", {"x"}, "y");
  Model model = small.model("y", {1, 4});
  EXPECT_THAT(errorOf([&] { Network network(model); }), testing::HasSubstr("no weights"));
}

TEST(Operators, ShapesThatDoNotFitAreOneLine) {
  SmallModel small({1, 4});
  small.weights("w", at::ones({5, 2})).node("MatMul", {"x", "w"}, "y", "fc");
  Model model = small.model("y");
  std::string error = errorOf([&] { Network network(model); });
  EXPECT_THAT(error, testing::StartsWith("small.onnx: node 'fc' (MatMul): "));
  EXPECT_EQ(error.find('\n'), std::string::npos);
}

TEST(Model, ValuesOutOfOrderAreRefused) {
  SmallModel small({1, 4});
  small.node("Relu", {"later"}, "y").node("Relu", {"x"}, "later");
  EXPECT_THAT(errorOf([&] { small.model("y"); }), testing::HasSubstr("'later' is neither"));
}

TEST(TensorData, ExternalDataStayInTheirFolder) {
  onnx::TensorProto tensor;
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(1);
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  onnx::StringStringEntryProto &entry = *tensor.add_external_data();
  entry.set_key("location");
  entry.set_value("../../../../../../../../etc/hostname");
  EXPECT_THAT(errorOf([&] { tensorOf(tensor, "model.onnx", "initializer 'w'"); }),
              testing::HasSubstr("outside the folder"));
}

TEST(TensorData, SizesMustAgree) {
  onnx::TensorProto tensor;
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(int64_t(1) << 40);
  tensor.set_raw_data("1234");
  EXPECT_NE(errorOf([&] { tensorOf(tensor, "model.onnx", "initializer 'w'"); }), "none");
  tensor.set_dims(0, 2);
  EXPECT_THAT(errorOf([&] { tensorOf(tensor, "model.onnx", "initializer 'w'"); }),
              testing::HasSubstr("has 4 bytes, expected 8"));
}

} // namespace
