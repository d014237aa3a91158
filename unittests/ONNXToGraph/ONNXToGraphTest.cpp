//===- ONNXToGraphTest.cpp - onnx functions as graphs ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/ONNXToGraph/ONNXToGraph.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "pim/ONNXToGraph/InferByExample.h"
#include "pim/Runtime/ONNX/Interpreter.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;
using Shape = std::vector<int64_t>;

namespace {

class ONNXToGraph : public ::testing::Test {
protected:
  ONNXToGraph() { context.loadDialect<func::FuncDialect, onnx::ONNXDialect>(); }

  func::FuncOp parse(const std::string &text) {
    module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    return *module->getOps<func::FuncOp>().begin();
  }

  onnx::NodeOp parseNode(const std::string &text) {
    return *parse(text).getOps<onnx::NodeOp>().begin();
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST_F(ONNXToGraph, KeepsNodesAsTheyAre) {
  auto made = convertONNXToGraph(parse(R"(
    func.func @f(%x: tensor<?x2xf32> {pim.name = "image"}) -> (tensor<?x2xf32> {pim.name = "low"}) {
      %none = onnx.none
      %high = onnx.constant dense<6.0> : tensor<f32> loc("six")
      %y = onnx.node "Clip"(%x, %none, %high) opset 13 {note = "n", axes = array<i64: 1, 2>}
        : (tensor<?x2xf32>, none, tensor<f32>) -> tensor<?x2xf32> loc("clip")
      return %y : tensor<?x2xf32>
    })"));
  ASSERT_TRUE(succeeded(made));
  ASSERT_EQ(made->ops.size(), 1u);
  const graph::Op &op = made->ops[0];
  EXPECT_EQ(op.code, "onnx.Clip");
  EXPECT_EQ(op.name, "clip");
  EXPECT_EQ(op.attributes.at("opset").ints, Shape{13});
  EXPECT_EQ(op.attributes.at("note").text, "n");
  EXPECT_EQ(op.attributes.at("axes").ints, (Shape{1, 2}));
  ASSERT_EQ(op.inputs.size(), 3u);
  EXPECT_EQ(op.inputs[1], -1);
  const graph::Tensor &input = made->tensors[size_t(made->inputs[0])];
  EXPECT_EQ(input.name, "image");
  EXPECT_EQ(input.shape, (Shape{-1, 2}));
  EXPECT_TRUE(made->tensors[size_t(op.inputs[2])].isConstant());
}

TEST_F(ONNXToGraph, HandsTheOuterValuesToSubGraphs) {
  auto made = convertONNXToGraph(parse(R"(
    func.func @f(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32> {
      %y = onnx.node "If"(%c) opset 13 : (tensor<i1>) -> tensor<2xf32> graph "then_branch" {
        %p = onnx.node "Relu"(%x) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
        onnx.yield %p : tensor<2xf32>
      } graph "else_branch" {
        onnx.yield %x : tensor<2xf32>
      }
      return %y : tensor<2xf32>
    })"));
  ASSERT_TRUE(succeeded(made));
  const graph::Op &op = made->ops.at(0);
  EXPECT_EQ(op.inputs, (std::vector<int>{made->inputs[0], made->inputs[1]}));
  EXPECT_EQ(op.attributes.at("captures").ints, Shape{1});
  for (const char *branch : {"then_branch", "else_branch"}) {
    ASSERT_EQ(op.attributes.at(branch).graphs.size(), 1u);
    EXPECT_EQ(op.attributes.at(branch).graphs[0]->inputs.size(), 1u);
  }
}

TEST_F(ONNXToGraph, ComputesHalvesAsFloats) {
  auto made = convertONNXToGraph(parse(R"(
    func.func @f(%x: tensor<2xf16>) -> tensor<2xf16> {
      %c = onnx.constant dense<[0.5, 2.0]> : tensor<2xf16>
      %y = onnx.node "Mul"(%x, %c) opset 14 : (tensor<2xf16>, tensor<2xf16>) -> tensor<2xf16>
      return %y : tensor<2xf16>
    })"));
  ASSERT_TRUE(succeeded(made));
  ASSERT_EQ(made->ops.size(), 3u);
  const graph::Op &mul = made->ops[1];
  EXPECT_EQ(made->ops[0].code, "onnx.Cast");
  EXPECT_EQ(made->ops[0].outputs[0], mul.inputs[0]);
  EXPECT_EQ(made->ops[2].code, "onnx.Cast");
  EXPECT_EQ(made->tensors[size_t(made->inputs[0])].element, ::pim::ElementType::F16);
  EXPECT_EQ(made->tensors[size_t(made->outputs[0])].element, ::pim::ElementType::F16);
  const graph::Tensor &constant = made->tensors[size_t(mul.inputs[1])];
  ASSERT_EQ(constant.element, ::pim::ElementType::F32);
  float values[2];
  ASSERT_EQ(constant.data.size(), sizeof values);
  std::memcpy(values, constant.data.data(), sizeof values);
  EXPECT_EQ(values[0], 0.5f);
  EXPECT_EQ(values[1], 2.0f);
}

TEST_F(ONNXToGraph, MakesAnIslandOfOneNode) {
  onnx::NodeOp node = parseNode(R"(
    func.func @f(%x: tensor<3xf32>) -> tensor<2xf32> {
      %k = onnx.constant dense<2> : tensor<1xi64>
      %v, %i = onnx.node "TopK"(%x, %k) opset 11
        : (tensor<3xf32>, tensor<1xi64>) -> (tensor<2xf32>, tensor<2xi64>)
      return %v : tensor<2xf32>
    })");
  auto island = onnxIsland(node);
  ASSERT_TRUE(succeeded(island));
  // The constant travels inside; the result that nobody reads is not made.
  EXPECT_EQ(island->inputs.size(), 1u);
  EXPECT_EQ(island->outputs.size(), 1u);
  EXPECT_EQ(island->graph.ops.at(0).outputs.at(1), -1);
}

TEST_F(ONNXToGraph, InfersShapesByRunning) {
  auto example = inferByExample(parseNode(R"(
    func.func @f(%x: tensor<3x4xf32>) -> !onnx.unknown {
      %y = onnx.node "Softsign"(%x) opset 13 : (tensor<3x4xf32>) -> !onnx.unknown
      return %y : !onnx.unknown
    })"));
  ASSERT_TRUE(example);
  EXPECT_EQ(example->types[0], RankedTensorType::get({3, 4}, Float32Type::get(&context)));
  EXPECT_FALSE(example->values[0]);
}

TEST_F(ONNXToGraph, DoesNotGuessShapesThatDependOnData) {
  auto example = inferByExample(parseNode(R"(
    func.func @f(%x: tensor<4xf32>) -> !onnx.unknown {
      %y = onnx.node "NonZero"(%x) opset 13 : (tensor<4xf32>) -> !onnx.unknown
      return %y : !onnx.unknown
    })"));
  ASSERT_TRUE(example);
  EXPECT_FALSE(example->types[0]);
}

/// Of equal numbers there is but one, be they zeros or ones.
TEST_F(ONNXToGraph, DoesNotGuessFromNumbersThatAreAllAlike) {
  auto example = inferByExample(parseNode(R"(
    func.func @f(%x: tensor<4xf32>) -> !onnx.unknown {
      %y = onnx.node "Unique"(%x) opset 11 : (tensor<4xf32>) -> !onnx.unknown
      return %y : !onnx.unknown
    })"));
  ASSERT_TRUE(example);
  EXPECT_FALSE(example->types[0]);
}

TEST_F(ONNXToGraph, FoldsConstantsByRunning) {
  auto example = inferByExample(parseNode(R"(
    func.func @f() -> !onnx.unknown {
      %x = onnx.constant dense<[1, 0, 3]> : tensor<3xi64>
      %y = onnx.node "NonZero"(%x) opset 13 : (tensor<3xi64>) -> !onnx.unknown
      return %y : !onnx.unknown
    })"));
  ASSERT_TRUE(example);
  ASSERT_TRUE(example->values[0]);
  EXPECT_EQ(example->types[0].getShape(), (ArrayRef<int64_t>{1, 2}));
  EXPECT_EQ(example->values[0]->getInt(1), 2);
}

} // namespace
