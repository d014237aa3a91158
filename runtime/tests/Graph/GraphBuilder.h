//===- GraphBuilder.h - small graphs for tests -----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TESTS_GRAPH_GRAPHBUILDER_H
#define PIM_RUNTIME_TESTS_GRAPH_GRAPHBUILDER_H

#include "pim/Runtime/Graph/HostEvaluator.h"
#include "pim/Runtime/Graph/ReferenceEvaluator.h"
#include "pim/Support/Error.h"

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace pim::graph {

template <typename T> constexpr ElementType elementTypeOf() {
  if constexpr (std::is_same_v<T, float>)
    return ElementType::F32;
  else if constexpr (std::is_same_v<T, bool>)
    return ElementType::I1;
  else
    return sizeof(T) == 1   ? ElementType::I8
           : sizeof(T) == 2 ? ElementType::I16
           : sizeof(T) == 4 ? ElementType::I32
                            : ElementType::I64;
}

/// Builds a graph op by op. Tensors are named 0, 1, ..., ops "node".
class GraphBuilder {
public:
  using Shape = std::vector<int64_t>;

  int input(ElementType element, Shape shape) {
    int index = value(element, std::move(shape));
    graph.inputs.push_back(index);
    return index;
  }

  template <typename T> int constant(Shape shape, const std::vector<T> &values) {
    int index = value(elementTypeOf<T>(), std::move(shape));
    Tensor &tensor = graph.tensors[index];
    auto bytes = std::as_bytes(std::span(values));
    tensor.storage = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
    tensor.data = *tensor.storage;
    return index;
  }
  /// A constant of one element.
  template <typename T> int scalar(T value) { return constant<T>({1}, {value}); }
  int shape(const Shape &values) {
    return constant<int64_t>({static_cast<int64_t>(values.size())}, values);
  }

  int op(const std::string &code, const std::vector<int> &inputs, ElementType element, Shape shape,
         std::map<std::string, Attribute> attributes = {}) {
    int result = value(element, std::move(shape));
    graph.ops.push_back({code, "node", inputs, {result}, std::move(attributes)});
    return result;
  }

  Graph &finish(int output) {
    graph.outputs = {output};
    return graph;
  }

  Graph graph;

private:
  int value(ElementType element, Shape shape) {
    Tensor tensor;
    tensor.name = std::to_string(graph.tensors.size());
    tensor.element = element;
    tensor.shape = std::move(shape);
    graph.tensors.push_back(std::move(tensor));
    return static_cast<int>(graph.tensors.size()) - 1;
  }
};

inline Attribute ints(std::vector<int64_t> values) { return {std::move(values), {}, {}}; }
inline Attribute floats(std::vector<double> values) { return {{}, std::move(values), {}}; }
inline Attribute text(std::string value) { return {{}, {}, std::move(value)}; }

/// The attributes of a convolution.
inline std::map<std::string, Attribute> window(std::vector<int64_t> pad,
                                               std::vector<int64_t> stride,
                                               std::vector<int64_t> dilation = {1, 1}) {
  return {{"pad", ints(pad)}, {"stride", ints(stride)}, {"dilation", ints(dilation)}};
}

/// Runs `evaluator` on one buffer for each input and gives output 0 as numbers of type Out.
template <typename Out, typename Evaluator, typename... In>
std::vector<Out> evaluate(Evaluator &&evaluator, const std::vector<In> &...inputs) {
  std::vector<std::span<const std::byte>> buffers = {std::as_bytes(std::span(inputs))...};
  std::vector<TensorView> outputs = evaluator.run(buffers);
  auto values = outputs.at(0).template values<Out>();
  return {values.begin(), values.end()};
}

/// Output 0 of the reference, after a check that the host evaluator gives the same.
template <typename Out, typename... In>
std::vector<Out> evaluateBoth(const Graph &graph, const std::vector<In> &...inputs) {
  std::vector<Out> reference = evaluate<Out>(ReferenceEvaluator(graph), inputs...);
  std::vector<Out> host = evaluate<Out>(HostEvaluator(graph), inputs...);
  EXPECT_EQ(reference.size(), host.size());
  for (size_t i = 0; i < reference.size(); ++i)
    if constexpr (std::is_same_v<Out, float>)
      EXPECT_NEAR(reference[i], host[i], 1e-5f * std::max(1.0f, std::abs(reference[i]))) << i;
    else
      EXPECT_EQ(reference[i], host[i]) << i;
  return reference;
}

/// Seeded numbers of a range.
template <typename T> std::vector<T> randomValues(size_t count, T low, T high, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<T> values(count);
  for (T &value : values)
    if constexpr (std::is_floating_point_v<T>)
      value = std::uniform_real_distribution<T>(low, high)(random);
    else
      value = static_cast<T>(std::uniform_int_distribution<int>(low, high)(random));
  return values;
}

} // namespace pim::graph

#endif // PIM_RUNTIME_TESTS_GRAPH_GRAPHBUILDER_H
