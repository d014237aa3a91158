//===- GraphTest.cpp - tests of serialized graphs -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SmallProgram.h"
#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

using namespace pim;
using namespace pim::graph;
using ::testing::HasSubstr;

namespace {

/// sum = in + constant
Graph addGraph() {
  static const std::vector<int32_t> values = {1, -2, 3};
  Graph graph;
  graph.name = "add";
  graph.tensors = {{"in", ElementType::I32, {3}, {}, nullptr},
                   {"c", ElementType::I32, {3}, std::as_bytes(std::span(values)), nullptr},
                   {"sum", ElementType::I32, {3}, {}, nullptr},
                   {"none", ElementType::I64, {0}, {}, nullptr}};
  Op op;
  op.code = "tosa.add";
  op.name = "layer";
  op.inputs = {0, 1, 3};
  op.outputs = {2};
  op.attributes["pad"] = {{0, 1}, {}, ""};
  op.attributes["mode"] = {{}, {}, "SINGLE_ROUND"};
  op.attributes["scale"] = {{}, {1.0 / 3}, ""};
  graph.ops = {op};
  graph.inputs = {0};
  graph.outputs = {2};
  return graph;
}

TEST(GraphTest, RoundTrip) {
  std::vector<std::byte> bytes = serialize(addGraph());
  EXPECT_EQ(serialize(addGraph()), bytes);
  Graph back = deserialize(bytes);
  EXPECT_EQ(serialize(back), bytes);
  EXPECT_EQ(back.tensors[1].data.size(), 12u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(back.tensors[1].data.data()) % 4, 0u);
  EXPECT_EQ(back.ops[0].attributes.at("scale").floats, std::vector<double>{1.0 / 3});
  EXPECT_EQ(back.ops[0].attributes.at("mode").text, "SINGLE_ROUND");
}

TEST(GraphTest, OddAddressesAreFine) {
  std::vector<std::byte> bytes = serialize(addGraph());
  for (size_t shift = 1; shift < 8; ++shift) {
    std::vector<std::byte> shifted(shift);
    shifted.insert(shifted.end(), bytes.begin(), bytes.end());
    EXPECT_EQ(serialize(deserialize(std::span(shifted).subspan(shift))), bytes);
  }
}

TEST(GraphTest, Refused) {
  auto problemOf = [](const std::function<void(Graph &)> &damage) -> std::string {
    Graph graph = addGraph();
    damage(graph);
    try {
      deserialize(serialize(graph));
    } catch (const Error &error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(problemOf([](Graph &) {}), "none");
  EXPECT_EQ(problemOf([](Graph &g) { g.outputs = {4}; }),
            "the list of outputs refers to tensor 4 of 4");
  EXPECT_EQ(problemOf([](Graph &g) { g.outputs = {-1}; }),
            "the list of outputs refers to tensor -1 of 4");
  EXPECT_EQ(problemOf([](Graph &g) { g.ops[0].inputs[0] = 2; }),
            "tosa.add 'layer' uses tensor 2 'sum' before it is made");
  EXPECT_EQ(problemOf([](Graph &g) { g.ops.push_back(g.ops[0]); }),
            "tosa.add 'layer' makes tensor 2 'sum' a second time");
  EXPECT_EQ(problemOf([](Graph &g) { g.ops[0].outputs = {1}; }),
            "tosa.add 'layer' makes tensor 1 'c' a second time");
  EXPECT_EQ(problemOf([](Graph &g) { g.tensors[1].shape = {4}; }),
            "constant 'c' has 12 bytes, its shape needs 16");
  EXPECT_EQ(problemOf([](Graph &g) { g.tensors[0].element = ElementType(99); }),
            "tensor 'in' has unknown element type 99");
  EXPECT_THAT(problemOf([](Graph &g) { g.tensors[0].shape = {-1}; }),
              HasSubstr("has a dimension of -1"));
  EXPECT_THAT(problemOf([](Graph &g) {
                g.tensors[0].shape = {1 << 30, 1 << 30, 1 << 30};
              }),
              HasSubstr("too large to be held"));
}

/// out = If(cond) {captured} else {captured}, with an operand left out and a result of any shape.
Graph onnxGraph() {
  static const std::string texts("\2\0\0\0ab\0\0\0\0", 10);
  auto body = std::make_shared<Graph>();
  body->tensors = {{"captured", ElementType::F32, {-1, 2}, {}, nullptr}};
  body->inputs = body->outputs = {0};
  Graph graph;
  graph.tensors = {{"cond", ElementType::I1, {}, {}, nullptr},
                   {"value", ElementType::F32, {-1, 2}, {}, nullptr},
                   {"out", ElementType::F32, {}, {}, nullptr, true},
                   {"words", ElementType::STRING, {2}, std::as_bytes(std::span(texts)), nullptr}};
  Op op;
  op.code = "onnx.If";
  op.inputs = {0, -1, 1};
  op.outputs = {2, -1};
  op.attributes["domain"] = {};
  op.attributes["opset"] = {{13}, {}, ""};
  op.attributes["captures"] = {{1}, {}, ""};
  op.attributes["names"].texts = {"x", ""};
  op.attributes["value"].tensors = {graph.tensors[3]};
  op.attributes["then_branch"].graphs = {body};
  op.attributes["else_branch"].graphs = {body};
  graph.ops = {op};
  graph.inputs = {0, 1};
  graph.outputs = {2};
  return graph;
}

TEST(GraphTest, RoundTripOfONNXOperators) {
  std::vector<std::byte> bytes = serialize(onnxGraph());
  Graph back = deserialize(bytes);
  EXPECT_EQ(serialize(back), bytes);
  EXPECT_TRUE(back.tensors[2].unranked);
  EXPECT_EQ(back.tensors[1].elementCount(), -1);
  const auto &attributes = back.ops[0].attributes;
  EXPECT_EQ(attributes.at("then_branch").graphs.at(0)->tensors[0].shape,
            (std::vector<int64_t>{-1, 2}));
  EXPECT_EQ(attributes.at("names").texts, (std::vector<std::string>{"x", ""}));
  EXPECT_EQ(attributes.at("value").tensors.at(0).data.size(), 10u);
}

/// Of attributes and of bodies too.
TEST(GraphTest, ConstantsKeepTheirBytesAlive) {
  const std::string texts("\2\0\0\0ab\0\0\0\0", 10);
  Graph graph = onnxGraph();
  Graph &body = *graph.ops[0].attributes["then_branch"].graphs[0];
  body.tensors.push_back({"inner", ElementType::STRING, {2}, graph.tensors[3].data, nullptr});
  auto bytes = std::make_shared<std::vector<std::byte>>(serialize(graph));
  std::weak_ptr<std::vector<std::byte>> watched = bytes;
  Graph back = deserialize(std::move(bytes));
  const Tensor inner = back.ops[0].attributes.at("then_branch").graphs.at(0)->tensors.at(1),
               value = back.ops[0].attributes.at("value").tensors.at(0);
  back = Graph();
  ASSERT_FALSE(watched.expired());
  for (const Tensor &tensor : {inner, value})
    EXPECT_TRUE(std::ranges::equal(tensor.data, std::as_bytes(std::span(texts))));
}

TEST(GraphTest, RefusedWithONNXOperators) {
  auto problemOf = [](const std::function<void(Graph &)> &damage) -> std::string {
    Graph graph = onnxGraph();
    damage(graph);
    try {
      deserialize(serialize(graph));
    } catch (const Error &error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(problemOf([](Graph &) {}), "none");
  EXPECT_THAT(problemOf([](Graph &g) { g.ops[0].code = "tosa.if"; }), HasSubstr("tensor -1 of"));
  EXPECT_THAT(problemOf([](Graph &g) {
                g.ops[0].code = "tosa.if";
                g.ops[0].inputs = {0, 1};
                g.ops[0].outputs = {2};
              }),
              HasSubstr("needs static shapes"));
  EXPECT_THAT(problemOf([](Graph &g) { g.ops[0].inputs[1] = -2; }), HasSubstr("tensor -2 of 4"));
  EXPECT_THAT(problemOf([](Graph &g) { g.tensors[1].shape = {-2}; }), HasSubstr("dimension of -2"));
  EXPECT_THAT(problemOf([](Graph &g) { g.tensors[2].shape = {1}; }), HasSubstr("no rank"));
  EXPECT_THAT(problemOf([](Graph &g) { g.tensors[3].shape = {3}; }), HasSubstr("has 2 texts"));
  EXPECT_THAT(problemOf([](Graph &g) { g.tensors[3].shape = {-1}; }), HasSubstr("static shape"));
  EXPECT_THAT(problemOf([](Graph &g) { g.tensors[3].data = g.tensors[3].data.first(7); }),
              HasSubstr("within the length of a text"));
  EXPECT_THAT(problemOf([](Graph &g) { g.tensors[3].data = g.tensors[3].data.first(5); }),
              HasSubstr("constant 'words' ends within a text"));
  EXPECT_THAT(problemOf([](Graph &g) {
                g.ops[0].attributes["then_branch"].graphs[0] = std::make_shared<Graph>();
                g.ops[0].attributes["then_branch"].graphs[0]->outputs = {0};
              }),
              HasSubstr("tensor 0 of 0"));
}

} // namespace
