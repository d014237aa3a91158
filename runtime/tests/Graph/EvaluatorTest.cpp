//===- EvaluatorTest.cpp - graphs as a whole, good and malformed --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "GraphBuilder.h"

#include <functional>

using namespace pim;
using namespace pim::graph;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

constexpr ElementType I8 = ElementType::I8, I32 = ElementType::I32, F32 = ElementType::F32;

/// Expects both evaluators to refuse the graph with a message that has `words` in it.
void expectRefused(const Graph &graph, const std::string &words) {
  for (bool host : {false, true}) {
    try {
      if (host)
        HostEvaluator evaluator(graph);
      else
        ReferenceEvaluator evaluator(graph);
      ADD_FAILURE() << "not refused; expected '" << words << "'";
    } catch (const Error &error) {
      EXPECT_THAT(error.what(), HasSubstr(words));
    }
  }
}

/// x -> x + x -> (x + x) * 2, floats.
GraphBuilder chain() {
  GraphBuilder b;
  int x = b.input(F32, {2});
  int sum = b.op("tosa.add", {x, x}, F32, {2});
  int product = b.op("tosa.mul", {sum, b.scalar<float>(2), b.scalar<int8_t>(0)}, F32, {2});
  int out = b.op("tosa.add", {product, x}, F32, {2});
  b.finish(out);
  return b;
}

TEST(Evaluators, KeepWhatTheyPromise) {
  GraphBuilder b = chain();
  ReferenceEvaluator reference(b.graph);
  EXPECT_THAT(evaluate<float>(reference, std::vector<float>{1, 2}), ElementsAre(5, 10));
  EXPECT_THAT(reference.tensor(1).values<float>(), ElementsAre(2, 4));
  EXPECT_THAT(evaluate<float>(reference, std::vector<float>{3, 4}), ElementsAre(15, 20));

  HostEvaluator host(b.graph);
  EXPECT_THAT(evaluate<float>(host, std::vector<float>{1, 2}), ElementsAre(5, 10));
  EXPECT_THROW(host.tensor(1), Error);
  EXPECT_THAT(host.tensor(0).values<float>(), ElementsAre(1, 2));
  HostEvaluator keeping(b.graph, {.threads = 1, .keepTensors = true});
  evaluate<float>(keeping, std::vector<float>{1, 2});
  EXPECT_THAT(keeping.tensor(1).values<float>(), ElementsAre(2, 4));
}

TEST(Evaluators, ObserverSeesEveryTensorInOrder) {
  GraphBuilder b = chain();
  HostEvaluator host(b.graph);
  std::vector<int> seen;
  std::vector<float> last;
  host.setObserver([&](int tensor, const TensorView &values) {
    seen.push_back(tensor);
    last.assign(values.values<float>().begin(), values.values<float>().end());
  });
  evaluate<float>(host, std::vector<float>{1, 2});
  EXPECT_THAT(seen, ElementsAre(0, 1, 4, 5));
  EXPECT_THAT(last, ElementsAre(5, 10));
}

TEST(Evaluators, SharedBuffersChangeNothing) {
  // A long chain with a value that lives over all of it.
  GraphBuilder b;
  int first = b.input(I32, {64}), value = first;
  for (int i = 0; i < 20; ++i) {
    int doubled = b.op("tosa.add", {value, value}, I32, {64});
    value = b.op("tosa.sub", {doubled, i % 3 ? value : first}, I32, {64});
  }
  evaluateBoth<int32_t>(b.finish(value), randomValues<int32_t>(64, -1000, 1000, 7));
}

TEST(Evaluators, OutputMayBeInputOrConstant) {
  GraphBuilder b;
  int x = b.input(I8, {2});
  int c = b.constant<int8_t>({2}, {7, 8});
  b.finish(x);
  b.graph.outputs.push_back(c);
  ReferenceEvaluator evaluator(b.graph);
  std::vector<int8_t> in = {1, 2};
  std::vector<std::span<const std::byte>> buffers = {std::as_bytes(std::span(in))};
  auto outputs = evaluator.run(buffers);
  EXPECT_THAT(outputs[0].values<int8_t>(), ElementsAre(1, 2));
  EXPECT_THAT(outputs[1].values<int8_t>(), ElementsAre(7, 8));
}

TEST(Evaluators, ConstantsMayLieAnywhere) {
  GraphBuilder b;
  int x = b.input(I32, {1});
  int c = b.scalar<int32_t>(41);
  b.finish(b.op("tosa.add", {x, c}, I32, {1}));
  std::vector<std::byte> bytes(5);
  std::copy_n(b.graph.tensors[c].data.begin(), 4, bytes.begin() + 1);
  b.graph.tensors[c].data = std::span<const std::byte>(bytes).subspan(1);
  EXPECT_THAT(evaluateBoth<int32_t>(b.graph, std::vector<int32_t>{1}), ElementsAre(42));
}

TEST(Evaluators, RefuseWrongInputs) {
  GraphBuilder b = chain();
  ReferenceEvaluator evaluator(b.graph);
  EXPECT_THROW(evaluate<float>(evaluator, std::vector<float>{1}), Error);
  EXPECT_THROW(evaluate<float>(evaluator), Error);
}

TEST(MalformedGraph, OpsAreNamed) {
  GraphBuilder b;
  b.finish(b.op("tosa.fft2d", {b.input(F32, {1})}, F32, {1}));
  expectRefused(b.graph, "op tosa.fft2d of node 'node': is not supported");
}

TEST(MalformedGraph, ShapesAreChecked) {
  GraphBuilder b;
  b.finish(b.op("tosa.add", {b.input(I8, {2}), b.input(I8, {3})}, I8, {3}));
  expectRefused(b.graph, "operand 0 of shape [2] does not broadcast");

  GraphBuilder conv;
  int weight = conv.constant<int8_t>({1, 3, 3, 2}, std::vector<int8_t>(18));
  conv.finish(conv.op("tosa.conv2d",
                      {conv.input(I8, {1, 4, 4, 3}), weight, conv.scalar<int32_t>(0),
                       conv.scalar<int8_t>(0), conv.scalar<int8_t>(0)},
                      I32, {1, 2, 2, 1}, window({0, 0, 0, 0}, {1, 1})));
  expectRefused(conv.graph, "does not fit the channels");
}

TEST(MalformedGraph, EveryFieldMayLie) {
  // One change each to a sound convolution.
  const std::pair<std::function<void(Graph &)>, const char *> changes[] = {
      {[](Graph &g) {
         g.ops[0].attributes["stride"].ints = {0, 1};
       },
       "stride is 0"},
      {[](Graph &g) {
         g.ops[0].attributes["pad"].ints = {-1, 0, 0, 0};
       },
       "padding is -1"},
      {[](Graph &g) {
         g.ops[0].attributes["dilation"].ints = {9, 9};
       },
       "does not fit the padded"},
      {[](Graph &g) {
         g.ops[0].attributes["dilation"].ints = {1, INT64_MAX};
       },
       "dilation is"},
      {[](Graph &g) { g.ops[0].attributes.erase("pad"); }, "attribute 'pad' is missing"},
      {[](Graph &g) { g.ops[0].attributes["pad"].ints = {0}; }, "has 1 integers, expected 4"},
      {[](Graph &g) { g.ops[0].inputs.pop_back(); }, "has 4 operands"},
      {[](Graph &g) { g.ops[0].inputs[0] = 99; }, "refers to tensor 99"},
      {[](Graph &g) { g.ops[0].inputs[1] = -1; }, "refers to tensor -1"},
      {[](Graph &g) { g.ops[0].inputs[0] = g.ops[0].outputs[0]; }, "before it is made"},
      {[](Graph &g) { g.ops[0].outputs[0] = 0; }, "a second time"},
      {[](Graph &g) { g.ops.push_back(g.ops[0]); }, "a second time"},
      {[](Graph &g) { g.outputs[0] = 1234; }, "refers to tensor 1234"},
      {[](Graph &g) { g.inputs.push_back(1); }, "is a constant or another input"},
      {[](Graph &g) { g.ops[0].outputs.clear(); }, "is never made"},
      {[](Graph &g) {
         g.tensors[5].shape = {1, 2, 2, 2};
       },
       "the op makes"},
      {[](Graph &g) { g.tensors[5].element = F32; }, "expected i32"},
      {[](Graph &g) {
         g.tensors[0].shape = {1, -4, 4, 1};
       },
       "negative size"},
      {[](Graph &g) {
         g.tensors[0].shape = {1 << 30, 1 << 30, 1 << 30, 1};
       },
       "is too large"},
      {[](Graph &g) {
         g.tensors[1].shape = {2, 3, 3, 1};
       },
       "has 9 bytes, expected 18"},
  };
  for (const auto &[change, words] : changes) {
    GraphBuilder b;
    int in = b.input(I8, {1, 4, 4, 1});
    int weight = b.constant<int8_t>({1, 3, 3, 1}, std::vector<int8_t>(9));
    int bias = b.scalar<int32_t>(0), inputZp = b.scalar<int8_t>(0), weightZp = b.scalar<int8_t>(0);
    b.finish(b.op("tosa.conv2d", {in, weight, bias, inputZp, weightZp}, I32, {1, 2, 2, 1},
                  window({0, 0, 0, 0}, {1, 1})));
    ReferenceEvaluator sound(b.graph);
    change(b.graph);
    expectRefused(b.graph, words);
  }
}

TEST(MalformedGraph, ParametersAreChecked) {
  GraphBuilder b;
  int in = b.input(I32, {2});
  b.finish(b.op(
      "tosa.rescale",
      {in, b.scalar<int32_t>(1), b.scalar<int8_t>(63), b.scalar<int32_t>(0), b.scalar<int8_t>(0)},
      I8, {2}, {{"scale32", ints({1})}, {"rounding_mode", text("SINGLE_ROUND")}}));
  expectRefused(b.graph, "shift is 63");

  GraphBuilder slice;
  slice.finish(
      slice.op("tosa.slice", {slice.input(I8, {4}), slice.shape({3}), slice.shape({2})}, I8, {2}));
  expectRefused(slice.graph, "reaches out of [4]");

  GraphBuilder transpose;
  transpose.finish(transpose.op("tosa.transpose", {transpose.input(I8, {2, 2})}, I8, {2, 2},
                                {{"perms", ints({1, 1})}}));
  expectRefused(transpose.graph, "is no permutation");

  GraphBuilder cast;
  cast.finish(cast.op("quant.dcast", {cast.input(I8, {2})}, F32, {2},
                      {{"scale", floats({0})}, {"zero_point", ints({0})}}));
  expectRefused(cast.graph, "scale 0 is not a positive number");
}

/// x -> ONNX Clip(x, absent, 2) -> x + it.
GraphBuilder mixed(GraphBuilder::Shape clipped) {
  GraphBuilder b;
  int x = b.input(F32, {3});
  int high = b.scalar<float>(2);
  b.graph.tensors[static_cast<size_t>(high)].shape = {};
  Attribute opset;
  opset.ints = {13};
  int y = b.op("onnx.Clip", {x, -1, high}, F32, std::move(clipped), {{"opset", opset}});
  b.finish(b.op("tosa.add", {x, y}, F32, {3}));
  return b;
}

TEST(Evaluators, RunOnnxOperatorsAmongThoseOfTosa) {
  GraphBuilder b = mixed({3});
  EXPECT_THAT(evaluate<float>(HostEvaluator(b.graph), std::vector<float>{1, 2, 5}),
              ElementsAre(2, 4, 7));
  EXPECT_THAT(evaluate<float>(ReferenceEvaluator(b.graph), std::vector<float>{-4, 3, 0}),
              ElementsAre(-8, 5, 0));
}

TEST(Evaluators, HoldOnnxOperatorsToTheirDeclarations) {
  GraphBuilder b = mixed({1});
  b.graph.ops.pop_back();
  b.finish(b.graph.ops.back().outputs[0]);
  HostEvaluator evaluator(b.graph);
  std::vector<float> x{1, 2, 3};
  std::span<const std::byte> bytes = std::as_bytes(std::span(x));
  try {
    evaluator.run(std::span(&bytes, 1));
    ADD_FAILURE() << "not refused";
  } catch (const Error &error) {
    EXPECT_THAT(error.what(), HasSubstr("is declared as f32 [1], but the op makes f32 [3]"));
  }
  b.graph.ops[0].code = "onnx.Frobnicate";
  expectRefused(b.graph, "has no kernel on the host");
}

} // namespace
