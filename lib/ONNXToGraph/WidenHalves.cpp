//===- WidenHalves.cpp - halves of a graph computed as floats -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WidenHalves.h"

#include <cstring>

using namespace mlir::pim;
using ::pim::ElementType;
namespace graph = ::pim::graph;

// What onnx.Cast calls the two types.
static constexpr int64_t castToFloat = 1, castToHalf = 10;

static void widen(graph::Tensor &tensor) {
  if (tensor.element != ElementType::F16)
    return;
  tensor.element = ElementType::F32;
  if (!tensor.isConstant())
    return;
  auto wide = std::make_shared<std::vector<std::byte>>(tensor.data.size() * 2);
  for (size_t i = 0; i < tensor.data.size() / 2; ++i) {
    _Float16 half;
    std::memcpy(&half, tensor.data.data() + 2 * i, sizeof half);
    float value = float(half);
    std::memcpy(wide->data() + 4 * i, &value, sizeof value);
  }
  tensor.storage = wide;
  tensor.data = *wide;
}

static void widenBody(graph::Graph &graph) {
  for (graph::Tensor &tensor : graph.tensors)
    widen(tensor);
  for (graph::Op &op : graph.ops) {
    for (auto &[name, attribute] : op.attributes) {
      for (graph::Tensor &tensor : attribute.tensors)
        widen(tensor);
      for (const std::shared_ptr<graph::Graph> &body : attribute.graphs)
        widenBody(*body);
      // Cast's and CastLike's target, the type of EyeLike and of what is drawn at random.
      if ((name == "to" || name == "dtype") && attribute.ints == std::vector{castToHalf})
        attribute.ints = {castToFloat};
    }
  }
}

static graph::Op makeCast(int from, int to, int64_t type) {
  graph::Op op;
  op.code = "onnx.Cast";
  op.inputs = {from};
  op.outputs = {to};
  op.attributes["to"].ints = {type};
  op.attributes["domain"] = {};
  op.attributes["opset"].ints = {13};
  return op;
}

void mlir::pim::widenHalves(graph::Graph &graph) {
  std::vector<bool> isHalf;
  for (const graph::Tensor &tensor : graph.tensors)
    isHalf.push_back(tensor.element == ElementType::F16);
  widenBody(graph);
  auto copyAsHalf = [&](int tensor) {
    graph::Tensor copy = graph.tensors[size_t(tensor)];
    copy.element = ElementType::F16;
    copy.data = {};
    copy.storage.reset();
    graph.tensors.push_back(std::move(copy));
    return int(graph.tensors.size()) - 1;
  };
  std::vector<graph::Op> before;
  for (int &input : graph.inputs) {
    if (!isHalf[size_t(input)])
      continue;
    int outside = copyAsHalf(input);
    before.push_back(makeCast(outside, input, castToFloat));
    input = outside;
  }
  graph.ops.insert(graph.ops.begin(), before.begin(), before.end());
  for (int &output : graph.outputs) {
    if (!isHalf[size_t(output)])
      continue;
    int outside = copyAsHalf(output);
    graph.ops.push_back(makeCast(output, outside, castToHalf));
    output = outside;
  }
}
