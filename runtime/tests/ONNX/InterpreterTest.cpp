//===- InterpreterTest.cpp - graphs of ONNX operators -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpRunner.h"

using namespace pim;
using namespace pim::onnx;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// A graph whose tensors are added by hand.
struct Builder {
  graph::Graph graph;
  int tensor(const char *name, ElementType element = ElementType::F32, Shape shape = {}) {
    graph::Tensor tensor;
    tensor.name = name;
    tensor.element = element;
    tensor.shape = std::move(shape);
    tensor.unranked = tensor.shape.empty();
    graph.tensors.push_back(tensor);
    return int(graph.tensors.size()) - 1;
  }
  graph::Op &op(const char *code, std::vector<int> inputs, std::vector<int> outputs) {
    graph.ops.push_back(
        {code, "node", std::move(inputs), std::move(outputs), {{"opset", oneInt(13)}}});
    return graph.ops.back();
  }
};

} // namespace

TEST(OnnxInterpreter, KnowsWhatItRuns) {
  EXPECT_TRUE(isSupported("", "Conv", 11));
  EXPECT_TRUE(isSupported("ai.onnx", "Conv", 1));
  EXPECT_TRUE(isSupported("com.microsoft", "QLinearAdd", 1));
  EXPECT_FALSE(isSupported("", "Gelu", 19)); // came with 20
  EXPECT_FALSE(isSupported("", "NoSuchOperator", 20));
  std::vector<OperatorVersion> operators = supportedOperators();
  EXPECT_GT(operators.size(), 150u);
  for (const OperatorVersion &each : operators)
    EXPECT_TRUE(isSupported(each.domain, each.type, each.since)) << each.type;
}

TEST(OnnxInterpreter, RunsShapesFoundAtRunTime) {
  Builder b;
  int x = b.tensor("x", ElementType::F32, {-1, 2}), places = b.tensor("places"), y = b.tensor("y");
  b.op("onnx.NonZero", {x}, {places});
  b.op("onnx.Shape", {places}, {y});
  b.graph.inputs = {x};
  b.graph.outputs = {y};
  Interpreter interpreter(b.graph);
  int seen = 0;
  interpreter.setObserver([&](int, const Value &) { ++seen; });
  EXPECT_THAT(values<int64_t>(interpreter.run(std::vector<Value>{counting({2, 2})})[0]),
              ElementsAre(2, 3));
  EXPECT_EQ(seen, 3);
  EXPECT_THROW(interpreter.run(std::vector<Value>{counting({2, 3})}), Error);
  EXPECT_THROW(interpreter.run(std::vector<Value>{ints({1, 2})}), Error);
}

TEST(OnnxInterpreter, RefusesMalformedGraphs) {
  Builder early;
  int x = early.tensor("x"), y = early.tensor("y");
  early.op("onnx.Relu", {x}, {y});
  early.graph.outputs = {y};
  EXPECT_THROW(Interpreter{early.graph}, Error); // nobody makes x
  Builder wild;
  x = wild.tensor("x");
  wild.op("onnx.Relu", {7}, {x});
  EXPECT_THROW(Interpreter{wild.graph}, Error);
  Builder unknown;
  x = unknown.tensor("x");
  unknown.op("onnx.NoSuchOperator", {}, {x});
  EXPECT_THROW(Interpreter{unknown.graph}, Error);
}

TEST(OnnxInterpreter, NamesTheNodeInErrors) {
  EXPECT_THAT(errorOf("Relu", 13, {}),
              HasSubstr("op onnx.Relu of node 'node': operand 0 is missing"));
  EXPECT_THAT(errorOf("Softmax", 13, {counting({2})}, {{"axis", oneInt(5)}}),
              HasSubstr("axis 5 does not exist"));
  EXPECT_THAT(errorOf("Softmax", 13, {counting({2})}, {{"axis", oneText("x")}}),
              HasSubstr("is not one integer"));
}

TEST(OnnxInterpreter, BranchesTakeCaptures) {
  auto branch = [](const char *code) {
    Builder b;
    int x = b.tensor("x"), y = b.tensor("y");
    b.op(code, {x}, {y});
    b.graph.inputs = {x};
    b.graph.outputs = {y};
    graph::Attribute attribute;
    attribute.graphs.push_back(std::make_shared<graph::Graph>(b.graph));
    return attribute;
  };
  for (bool condition : {true, false}) {
    Value y = run("If", 13, {tensor<bool>({}, {condition}), floats({1}, {-4})},
                  {{"captures", oneInt(1)},
                   {"then_branch", branch("onnx.Abs")},
                   {"else_branch", branch("onnx.Neg")}});
    EXPECT_THAT(values<float>(y), ElementsAre(4));
  }
}

/// Two query heads share a key head; the scores are bent by a graph that uses an outer value.
TEST(OnnxInterpreter, AttentionTakesGraphs) {
  auto graphOf = [](const char *code) {
    Builder b;
    int x = b.tensor("x"), k = b.tensor("k"), y = b.tensor("y");
    b.op(code, {x, k}, {y});
    b.graph.inputs = {x, k};
    b.graph.outputs = {y};
    graph::Attribute attribute;
    attribute.graphs.push_back(std::make_shared<graph::Graph>(b.graph));
    return attribute;
  };
  const char *type = "ai.onnx.preview:FlexAttention";
  Tensor q = floats({1, 2, 1, 1}, {0, 2}), k = floats({1, 1, 2, 1}, {1, 3});
  Tensor v = floats({1, 1, 2, 2}, {2, 10, 4, 20});
  EXPECT_THAT(values<float>(run(type, 1, {q, k, v})), near({3, 15, 3.964028f, 19.820138f}));
  // Scores times 0: all keys count alike. Probabilities plus 1 after that: 1.5 of each.
  Attributes attributes{{"captures", oneInt(1)}, {"score_mod", graphOf("onnx.Mul")}};
  EXPECT_THAT(values<float>(run(type, 1, {q, k, v, floats({1}, {0})}, attributes)),
              near({3, 15, 3, 15}));
  attributes = {{"captures", oneInt(1)}, {"prob_mod", graphOf("onnx.Add")}};
  EXPECT_THAT(
      values<float>(run(type, 1, {floats({1, 1, 1, 1}, {0}), k, v, floats({1}, {1})}, attributes)),
      near({9, 45}));
  attributes = {{"captures", oneInt(1)}, {"score_mod", graphOf("onnx.Equal")}};
  EXPECT_THAT(errorOf(type, 1, {q, k, v, floats({1}, {0})}, attributes),
              HasSubstr("gives no tensor of f32"));
  EXPECT_THAT(errorOf(type, 1, {q, floats({1, 2, 2, 1}, {1, 1, 1, 1}), v}),
              HasSubstr("do not fit"));
}

/// Doubles a number three times and lists what it was.
TEST(OnnxInterpreter, LoopsCarryAndList) {
  Builder b;
  int trip = b.tensor("trip"), go = b.tensor("go"), x = b.tensor("x"), y = b.tensor("y");
  b.graph.tensors[trip].element = ElementType::I64;
  b.graph.tensors[go].element = ElementType::I1;
  b.op("onnx.Add", {x, x}, {y});
  b.graph.inputs = {trip, go, x};
  b.graph.outputs = {go, y, x};
  graph::Attribute body;
  body.graphs.push_back(std::make_shared<graph::Graph>(b.graph));
  std::vector<Value> results =
      runOp("Loop", 13, {ints({3}), Value(), floats({}, {1})}, {{"body", body}}, 2);
  EXPECT_THAT(values<float>(results[0]), ElementsAre(8));
  EXPECT_THAT(values<float>(results[1]), ElementsAre(1, 2, 4));
}

TEST(OnnxInterpreter, HandlesSequences) {
  Value sequence = run("SplitToSequence", 11, {counting({3}), tensor<int64_t>({}, {2})});
  EXPECT_THAT(values<int64_t>(run("SequenceLength", 11, {sequence})), ElementsAre(2));
  EXPECT_THAT(values<float>(run("SequenceAt", 11, {sequence, tensor<int64_t>({}, {-1})})),
              ElementsAre(2));
  sequence = run("SequenceInsert", 11, {sequence, floats({1}, {9}), tensor<int64_t>({}, {0})});
  EXPECT_THAT(values<float>(run("ConcatFromSequence", 11, {sequence}, {{"axis", oneInt(0)}})),
              ElementsAre(9, 0, 1, 2));
  EXPECT_THAT(errorOf("SequenceAt", 11, {sequence, tensor<int64_t>({}, {3})}),
              HasSubstr("outside"));
  EXPECT_THAT(errorOf("Relu", 13, {sequence}), HasSubstr("is a sequence, expected a tensor"));
}

TEST(OnnxInterpreter, TransformsSignals) {
  Value spectrum = run("DFT", 17, {floats({1, 4, 1}, {1, 2, 3, 4})}, {{"axis", oneInt(1)}});
  EXPECT_THAT(values<float>(spectrum), near({10, 0, -2, 2, -2, 0, -2, -2}));
  Value back = run("DFT", 17, {spectrum}, {{"axis", oneInt(1)}, {"inverse", oneInt(1)}});
  EXPECT_THAT(values<float>(back), near({1, 0, 2, 0, 3, 0, 4, 0}));
  EXPECT_THAT(values<float>(run("HannWindow", 17, {tensor<int64_t>({}, {4})})),
              near({0, 0.5f, 1, 0.5f}));
}
