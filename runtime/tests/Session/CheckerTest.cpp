//===- CheckerTest.cpp - the comparison with the reference --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Check/Checker.h"
#include "../Graph/GraphBuilder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using graph::GraphBuilder;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

constexpr ElementType I8 = ElementType::I8, F32 = ElementType::F32;

std::unique_ptr<fb::PortT> port(const char *name, fb::ElementType element) {
  auto port = std::make_unique<fb::PortT>();
  port->name = name;
  port->shape = {1, 2, 2};
  port->element = element;
  return port;
}

/// x (i8) -> maximum(x, 0) = layer "relu" -> quant.dcast = output.
program::Program makeProgram() {
  GraphBuilder b;
  int x = b.input(I8, {1, 2, 2});
  int zero = b.constant<int8_t>({1, 1, 1}, {0});
  int relu = b.op("tosa.maximum", {x, zero}, I8, {1, 2, 2});
  b.graph.tensors[relu].name = "relu";
  int out = b.op("quant.dcast", {relu}, F32, {1, 2, 2},
                 {{"scale", graph::floats({0.5})}, {"zero_point", graph::ints({0})}});
  b.graph.tensors[size_t(out)].name = "half";
  program::Program program;
  program.reference = graph::serialize(b.finish(out));
  program.header.inputs.push_back(port("x", fb::ElementType::I8));
  program.header.outputs.push_back(port("y", fb::ElementType::F32));
  auto stored = std::make_unique<fb::TensorDescriptorT>();
  stored->element = fb::ElementType::I8;
  stored->sizes = {1, 1, 2, 2};
  program.header.tensors.push_back(std::move(stored));
  auto layer = std::make_unique<fb::LayerT>();
  layer->name = "relu1";
  layer->op = "clamp";
  layer->output = 0;
  layer->reference = "relu";
  program.header.layers.push_back(std::move(layer));
  return program;
}

/// Compares one sample, x = {-1, 2, -3, 4}, with what the machine is said to have found.
CheckResult compare(std::vector<int8_t> layer, std::vector<float> output) {
  program::Program program = makeProgram();
  Checker checker(std::make_shared<const Reference>(program));
  std::vector<int8_t> x = {-1, 2, -3, 4};
  std::vector<std::span<const std::byte>> inputs = {std::as_bytes(std::span(x))};
  checker.start(17, inputs);
  checker.compareLayer(0, [&](uint32_t) { return std::as_bytes(std::span(layer)); });
  checker.compareOutput(0, std::as_bytes(std::span(output)));
  return checker.result();
}

TEST(Checker, CountsEqualValues) {
  CheckResult result = compare({0, 2, 0, 4}, {0, 1, 0, 2});
  EXPECT_EQ(result.comparedValues, 8u);
  EXPECT_EQ(result.mismatchedValues, 0u);
  EXPECT_FALSE(result.first);
}

TEST(Checker, NamesTheFirstDifference) {
  CheckResult result = compare({0, 2, 1, 5}, {9, 1, 0, 2});
  EXPECT_EQ(result.mismatchedValues, 3u);
  ASSERT_TRUE(result.first);
  EXPECT_EQ(result.first->where, "layer 'relu1' (clamp)");
  EXPECT_EQ(result.first->sample, 17);
  EXPECT_THAT(result.first->index, ElementsAre(0, 1, 0));
  EXPECT_EQ(result.first->found, "1");
  EXPECT_EQ(result.first->expected, "0");
}

TEST(Checker, SaysHowFarALayerIsOff) {
  LayerCheck exact = compare({0, 2, 0, 4}, {0, 1, 0, 2}).layers.at(0);
  EXPECT_EQ(exact.comparedValues, 4u);
  EXPECT_EQ(exact.mismatchedValues, 0u);
  EXPECT_EQ(exact.relativeError(), 0.0);
  // Off by 1, 0, 2, 0 where the squares around the mean of 0, 2, 0, 4 are 11.
  LayerCheck off = compare({1, 2, 2, 4}, {0, 1, 0, 2}).layers.at(0);
  EXPECT_EQ(off.mismatchedValues, 2u);
  EXPECT_DOUBLE_EQ(off.relativeError().value(), 5.0 / 11);
}

TEST(LayerCheck, AddsUpOverSamples) {
  LayerCheck sum;
  EXPECT_FALSE(sum.relativeError()) << "nothing compared";
  sum.add({2, 0, 0, 6, 18}); // 3 and 3
  EXPECT_FALSE(sum.relativeError()) << "no signal";
  sum.add({2, 1, 4, 2, 2}); // 1 and 1, one off by 2
  EXPECT_EQ(sum.comparedValues, 4u);
  EXPECT_EQ(sum.mismatchedValues, 1u);
  EXPECT_DOUBLE_EQ(sum.relativeError().value(), 1.0);
}

TEST(Checker, AllowsFloatsTheirRounding) {
  EXPECT_EQ(compare({0, 2, 0, 4}, {1.9e-5f, 1, 0, 2}).mismatchedValues, 0u);
  CheckResult result = compare({0, 2, 0, 4}, {2.1e-5f, 1, 0, NAN});
  EXPECT_EQ(result.mismatchedValues, 2u);
  EXPECT_EQ(result.first->where, "output 'y'");
}

/// The same with the layer on the host, whose call leaves the output's halves in a second tensor.
program::Program makeHostLayer() {
  program::Program program = makeProgram();
  GraphBuilder b;
  int x = b.input(I8, {1, 2, 2});
  int zero = b.constant<int8_t>({1, 1, 1}, {0});
  int relu = b.op("tosa.maximum", {x, zero}, I8, {1, 2, 2});
  int half = b.op("quant.dcast", {relu}, F32, {1, 2, 2},
                  {{"scale", graph::floats({0.5})}, {"zero_point", graph::ints({0})}});
  b.graph.tensors[size_t(half)].name = "half";
  b.graph.outputs = {relu, half};
  std::vector<std::byte> bytes = graph::serialize(b.graph);
  auto call = std::make_unique<fb::HostCallT>();
  call->name = "relu1";
  call->outputs = {0, 1};
  for (std::byte byte : bytes)
    call->graph.push_back(uint8_t(byte));
  program.header.host_calls.push_back(std::move(call));
  auto stored = std::make_unique<fb::TensorDescriptorT>(*program.header.tensors[0]);
  stored->element = fb::ElementType::F32;
  program.header.tensors.push_back(std::move(stored));
  program.header.layers[0]->op = "host";
  return program;
}

TEST(Checker, ComparesAllResultsOfALayer) {
  program::Program program = makeHostLayer();
  Checker checker(std::make_shared<const Reference>(program));
  std::vector<int8_t> x = {-1, 2, -3, 4}, relu = {0, 2, 0, 4};
  std::vector<float> half = {0, 1, 0, 3};
  std::vector<std::span<const std::byte>> inputs = {std::as_bytes(std::span(x))};
  checker.start(17, inputs);
  checker.compareLayer(0, [&](uint32_t tensor) {
    return tensor == 0 ? std::as_bytes(std::span(relu)) : std::as_bytes(std::span(half));
  });
  EXPECT_EQ(checker.result().comparedValues, 8u);
  EXPECT_EQ(checker.result().mismatchedValues, 1u);
  ASSERT_TRUE(checker.result().first);
  EXPECT_EQ(checker.result().first->where, "result 1 of layer 'relu1' (host)");
  EXPECT_EQ(checker.result().first->found, "3");

  // What the reference does not know cannot be compared.
  program.header.layers[0]->reference.clear();
  program.header.layers[0]->output = -1;
  program.header.host_calls[0]->name = "another";
  Checker silent(std::make_shared<const Reference>(program));
  silent.start(17, inputs);
  silent.compareLayer(0, [](uint32_t) -> std::span<const std::byte> { throw Error("no result"); });
  EXPECT_EQ(silent.result().comparedValues, 0u);
}

TEST(CheckResult, MergeKeepsTheLowestSample) {
  CheckResult a, b;
  a.first = Difference{"a", 5, {}, "", ""};
  b.first = Difference{"b", 3, {}, "", ""};
  a.comparedValues = b.comparedValues = 10;
  a.mismatchedValues = 1;
  b.layers = {{}, {10, 3, 0, 0, 0}};
  a.merge(b);
  ASSERT_EQ(a.layers.size(), 2u);
  EXPECT_EQ(a.layers[1].mismatchedValues, 3u);
  EXPECT_EQ(a.first->where, "b");
  EXPECT_EQ(a.comparedValues, 20u);
  a.merge({});
  EXPECT_EQ(a.first->where, "b");
}

TEST(Reference, RefusesWhatDoesNotFit) {
  auto refused = [](auto change, const char *words) {
    program::Program program = makeProgram();
    change(program);
    try {
      Reference reference(program);
      ADD_FAILURE() << "not refused; expected '" << words << "'";
    } catch (const Error &error) {
      EXPECT_THAT(error.what(), HasSubstr(words));
    }
  };
  refused([](program::Program &p) { p.reference.clear(); }, "no reference graph");
  refused([](program::Program &p) { p.header.layers[0]->reference = "nothing"; }, "'nothing'");
  refused(
      [](program::Program &p) {
        p.header.tensors[0]->sizes = {1, 1, 2, 3};
      },
      "leaves 6 values");
  refused([](program::Program &p) { p.header.inputs[0]->shape = {1, 4}; }, "input 'x'");
  refused([](program::Program &p) { p.header.outputs.clear(); }, "has 1 outputs");
}

} // namespace
