//===- LinearRounderTest.cpp - rounding the outputs of a linear op -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinearRounder.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>
#include <random>

using namespace mlir::pim;
namespace codes = pim::codes;

namespace {

class LinearRounderTest : public testing::Test {
protected:
  LinearRounderTest() { context.loadDialect<mlir::tosa::TosaDialect>(); }

  /// The shape of the convolution in a module of one.
  LinearShape parse(llvm::StringRef text) {
    context.allowUnregisteredDialects();
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    std::optional<LinearShape> shape;
    module->walk([&](mlir::Operation *op) {
      if (llvm::isa<mlir::tosa::Conv2DOp, mlir::tosa::DepthwiseConv2DOp>(op))
        shape.emplace(op);
    });
    return *shape;
  }

  LinearShape wide() {
    // 1,300 taps: more than a block.
    return parse(R"(
      %x, %w, %b, %z = "t.values"() : () -> (tensor<1x4x4x1300xf32>, tensor<2x1x1x1300xf32>,
                                             tensor<2xf32>, tensor<1xf32>)
      %y = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>,
        pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
        : (tensor<1x4x4x1300xf32>, tensor<2x1x1x1300xf32>, tensor<2xf32>, tensor<1xf32>,
           tensor<1xf32>) -> tensor<1x4x4x2xf32>)");
  }

  LinearShape depthwise() {
    return parse(R"(
      %x, %w, %b, %z = "t.values"() : () -> (tensor<1x6x6x3xf32>, tensor<3x3x3x2xf32>,
                                             tensor<6xf32>, tensor<1xf32>)
      %y = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>,
        pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
        : (tensor<1x6x6x3xf32>, tensor<3x3x3x2xf32>, tensor<6xf32>, tensor<1xf32>,
           tensor<1xf32>) -> tensor<1x4x4x6xf32>)");
  }

  std::vector<float> draw(int64_t count) {
    std::normal_distribution<float> normal;
    std::vector<float> values(static_cast<size_t>(count));
    for (float &value : values)
      value = normal(random);
    return values;
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::mt19937 random{7};
};

TEST_F(LinearRounderTest, RoundsEveryTapOfManyBlocks) {
  LinearShape shape = wide();
  InputMoments moments(shape);
  moments.add(draw(4 * 4 * 1300));
  ASSERT_EQ(moments.blocks().size(), 2u);
  LinearRounder rounder(&context, shape, moments);
  codes::LevelSet levels(codes::parseCode("fixed:3"));
  std::vector<float> weights = draw(1300);
  const double scale = 0.5;
  RoundedOutput rounded = rounder.round(levels, 1, weights, {&scale, 1}).front();
  ASSERT_EQ(rounded.integers.size(), 1300u);
  EXPECT_TRUE(llvm::any_of(llvm::ArrayRef(rounded.integers).take_back(100),
                           [](int32_t integer) { return integer != 0; }));
  EXPECT_GT(rounded.error, 0);
  EXPECT_LT(rounded.error, rounder.energy(1, weights));
}

TEST_F(LinearRounderTest, OutputsOfADepthwiseConvolutionSeeTheirChannel) {
  LinearShape shape = depthwise();
  InputMoments moments(shape);
  // Channel 1 alone is ever driven.
  std::vector<float> input = draw(6 * 6 * 3);
  for (size_t i = 0; i < input.size(); ++i)
    if (i % 3 != 1)
      input[i] = 0;
  moments.add(input);
  LinearRounder rounder(&context, shape, moments);
  std::vector<float> weights(9, 1.0f);
  // A channel that is never driven counts its weights alike.
  EXPECT_DOUBLE_EQ(rounder.energy(0, weights), 9);
  EXPECT_NE(rounder.energy(2, weights), 9);
  EXPECT_DOUBLE_EQ(rounder.energy(2, weights), rounder.energy(3, weights));
  EXPECT_DOUBLE_EQ(rounder.energy(0, weights), rounder.energy(5, weights));
}

TEST_F(LinearRounderTest, WithoutInputsWeightsGoToTheNearestLevel) {
  LinearShape shape = depthwise();
  LinearRounder rounder(&context, shape, InputMoments(shape));
  codes::LevelSet levels(codes::parseCode("window:2"));
  std::vector<float> weights = draw(9);
  double scale = rounder.findScale(levels, 4, weights);
  RoundedOutput rounded = rounder.round(levels, 4, weights, {&scale, 1}).front();
  double error = 0;
  for (size_t tap = 0; tap < weights.size(); ++tap) {
    EXPECT_EQ(rounded.integers[tap], levels.nearest(weights[tap] / scale));
    double miss = weights[tap] - scale * rounded.integers[tap];
    error += miss * miss;
  }
  EXPECT_NEAR(rounded.error, error, 1e-9);
}

TEST_F(LinearRounderTest, RoundsAllOutputsAsItRoundsEach) {
  for (const LinearShape &shape : {depthwise(), wide()}) {
    InputMoments moments(shape);
    moments.add(draw(shape.inputRows * shape.inputCols * shape.channels));
    LinearRounder rounder(&context, shape, moments);
    codes::LevelSet levels(codes::parseCode("fixed:4"));
    std::vector<float> weights = draw(shape.outputs * shape.taps);
    const std::vector<double> scales(size_t(shape.outputs), 0.4);
    std::vector<RoundedOutput> together = rounder.round(levels, 0, weights, scales);
    ASSERT_EQ(int64_t(together.size()), shape.outputs);
    double energy = 0;
    for (int64_t output = 0; output < shape.outputs; ++output) {
      auto own = std::span(weights).subspan(size_t(output * shape.taps), size_t(shape.taps));
      RoundedOutput alone = rounder.round(levels, output, own, {scales.data(), 1}).front();
      EXPECT_EQ(together[size_t(output)].integers, alone.integers);
      EXPECT_NEAR(together[size_t(output)].error, alone.error, 1e-4 * alone.error);
      energy += rounder.energy(output, own);
    }
    EXPECT_NEAR(rounder.energy(0, weights), energy, 1e-4 * energy);
  }
}

TEST_F(LinearRounderTest, ZerosHaveAScale) {
  LinearShape shape = depthwise();
  LinearRounder rounder(&context, shape, InputMoments(shape));
  codes::LevelSet levels(codes::parseCode("fixed:4"));
  std::vector<float> zeros(9, 0.0f);
  double scale = rounder.findScale(levels, 0, zeros);
  EXPECT_EQ(scale, 1);
  EXPECT_EQ(rounder.round(levels, 0, zeros, {&scale, 1}).front().integers,
            std::vector<int32_t>(9, 0));
}

} // namespace
