//===- OnnxModel.cpp - a graph of ONNX operators, ready to run ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostModel.h"

#include "pim/Program/SmallFloats.h"
#include "pim/Runtime/ONNX/Interpreter.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cstring>

using namespace pim;
using namespace pim::runtime;

/// Small floats but halves are f32 in arrays: widened they are exact, and what was widened narrows
/// back; other numbers are rounded.
static void narrowFloats(const data::Array &array, onnx::Tensor &tensor) {
  ElementType element = tensor.element();
  for (int64_t i = 0; i < tensor.count(); ++i) {
    uint16_t bits = encodeFloat(element, static_cast<float>(array.at(i)));
    if (elementBytes(element) == 1)
      tensor.data<uint8_t>()[i] = static_cast<uint8_t>(bits);
    else
      tensor.data<uint16_t>()[i] = bits;
  }
}

static std::vector<std::byte> widenFloats(const onnx::Tensor &tensor) {
  ElementType element = tensor.element();
  std::vector<std::byte> bytes(static_cast<size_t>(tensor.count()) * sizeof(float));
  for (int64_t i = 0; i < tensor.count(); ++i) {
    float value = decodeFloat(element, elementBytes(element) == 1 ? tensor.data<uint8_t>()[i]
                                                                  : tensor.data<uint16_t>()[i]);
    std::memcpy(bytes.data() + static_cast<size_t>(i) * sizeof value, &value, sizeof value);
  }
  return bytes;
}

static onnx::Tensor toTensor(const data::Array &array, ElementType element) {
  onnx::Tensor tensor(element, array.shape);
  if (element == ElementType::STRING)
    tensor.texts() = array.texts;
  else if (data::isWidened(element))
    narrowFloats(array, tensor);
  else
    std::copy(array.bytes.begin(), array.bytes.end(), tensor.data<std::byte>());
  return tensor;
}

static onnx::Value toValue(const data::Value &value, ElementType element) {
  if (const auto *array = std::get_if<data::Array>(&value))
    return toTensor(*array, element);
  if (const auto *arrays = std::get_if<std::vector<data::Array>>(&value)) {
    onnx::Sequence sequence;
    for (const data::Array &array : *arrays)
      sequence.push_back(toTensor(array, element));
    return sequence;
  }
  return {};
}

static data::Array toArray(const onnx::Tensor &tensor) {
  data::Array array;
  array.type = data::arrayType(tensor.element());
  array.shape = tensor.shape();
  if (tensor.isText())
    array.texts = tensor.texts();
  else if (data::isWidened(tensor.element()))
    array.bytes = widenFloats(tensor);
  else
    array.bytes.assign(tensor.bytes().begin(), tensor.bytes().end());
  return array;
}

static data::Value toData(const onnx::Value &value) {
  if (const auto *tensor = std::get_if<onnx::Tensor>(&value))
    return toArray(*tensor);
  if (const auto *sequence = std::get_if<onnx::Sequence>(&value)) {
    std::vector<data::Array> arrays;
    for (const onnx::Tensor &tensor : *sequence)
      arrays.push_back(toArray(tensor));
    return arrays;
  }
  return {};
}

ContainerType runtime::containerType(const graph::Graph &graph, size_t index) {
  for (const graph::Op &op : graph.ops)
    if (auto found = op.attributes.find("sequence");
        found != op.attributes.end() && op.inputs == std::vector{graph.inputs[index]})
      return {.isSequence = found->second.ints == std::vector<int64_t>{1},
              .isOptional = op.code == "onnx.Optional"};
  return {};
}

static uint64_t countOf(const onnx::Value &value) {
  const auto *tensor = std::get_if<onnx::Tensor>(&value);
  return tensor ? static_cast<uint64_t>(tensor->count()) : 0;
}

namespace {

class OnnxModel : public HostModel {
public:
  explicit OnnxModel(const graph::Graph &graph)
      : graph(graph), interpreter(graph), counts(graph.tensors.size()) {
    for (size_t i = 0; i < graph.tensors.size(); ++i)
      counts[i] = static_cast<uint64_t>(std::max<int64_t>(0, graph.tensors[i].elementCount()));
    interpreter.setObserver([this](int tensor, const onnx::Value &value) {
      counts[static_cast<size_t>(tensor)] = countOf(value);
    });
  }

  std::vector<data::Value> run(std::span<const data::Value> inputs) override {
    std::vector<onnx::Value> values;
    for (size_t i = 0; i < inputs.size(); ++i)
      values.push_back(
          toValue(inputs[i], graph.tensors[static_cast<size_t>(graph.inputs[i])].element));
    std::vector<data::Value> results;
    for (const onnx::Value &value : interpreter.run(values))
      results.push_back(toData(value));
    return results;
  }

  /// Products count twice what their weights say for each output; every other operator one
  /// operation for each element that goes in or comes out, whichever is more (as hostWork does).
  HostWork work() const override {
    HostWork work;
    auto count = [this](int tensor) {
      return tensor < 0 ? 0 : counts[static_cast<size_t>(tensor)];
    };
    for (const graph::Op &op : graph.ops) {
      uint64_t in = 0, out = 0;
      for (int tensor : op.inputs)
        in += count(tensor);
      for (int tensor : op.outputs)
        out += count(tensor);
      work.operations += std::max({in, out, productOperations(op, out)});
    }
    for (int tensor : graph.inputs)
      work.bytes += count(tensor) * elementBytes(elementOf(tensor));
    for (int tensor : graph.outputs)
      work.bytes += count(tensor) * elementBytes(elementOf(tensor));
    return work;
  }

private:
  ElementType elementOf(int tensor) const {
    return graph.tensors[static_cast<size_t>(tensor)].element;
  }

  uint64_t productOperations(const graph::Op &op, uint64_t outputs) const {
    if (op.inputs.size() < 2 || op.inputs[1] < 0)
      return 0;
    const graph::Tensor &weights = graph.tensors[static_cast<size_t>(op.inputs[1])];
    if (weights.shape.empty() || weights.shape[0] <= 0 || !weights.isConstant())
      return 0;
    uint64_t all = static_cast<uint64_t>(weights.elementCount());
    if (op.code == "onnx.Conv") // OIHW
      return 2 * outputs * (all / static_cast<uint64_t>(weights.shape[0]));
    if (op.code == "onnx.MatMul" || op.code == "onnx.Gemm")
      return 2 * outputs * static_cast<uint64_t>(weights.shape[0]);
    return 0;
  }

  const graph::Graph &graph;
  onnx::Interpreter interpreter;
  std::vector<uint64_t> counts; ///< elements of each tensor in the last run
};

} // namespace

std::unique_ptr<HostModel> runtime::makeOnnxModel(const graph::Graph &graph) {
  return std::make_unique<OnnxModel>(graph);
}
