//===- OnnxModel.cpp - a graph of ONNX operators, ready to run ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostModel.h"

#include "pim/Runtime/ONNX/Interpreter.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cstring>

using namespace pim;
using namespace pim::runtime;

/// A bfloat is the upper half of a float: widened, it is exact, and what was widened narrows back.
static std::vector<std::byte> narrowToBfloats(const data::Array &array) {
  std::vector<std::byte> bytes(array.bytes.size() / 2);
  for (size_t i = 0; i < bytes.size() / 2; ++i)
    std::memcpy(bytes.data() + 2 * i, array.bytes.data() + 4 * i + 2, 2);
  return bytes;
}

static std::vector<std::byte> widenBfloats(std::span<const std::byte> narrow) {
  std::vector<std::byte> bytes(narrow.size() * 2);
  for (size_t i = 0; i < narrow.size() / 2; ++i)
    std::memcpy(bytes.data() + 4 * i + 2, narrow.data() + 2 * i, 2);
  return bytes;
}

static onnx::Value toValue(const data::Array &array, ElementType element) {
  onnx::Tensor tensor(element, array.shape);
  if (element == ElementType::STRING) {
    tensor.texts() = array.texts;
    return tensor;
  }
  std::vector<std::byte> narrow;
  std::span<const std::byte> bytes = array.bytes;
  if (element == ElementType::BF16)
    bytes = narrow = narrowToBfloats(array);
  std::copy(bytes.begin(), bytes.end(), tensor.data<std::byte>());
  return tensor;
}

static data::Array toArray(const onnx::Value &value, size_t index) {
  const auto *tensor = std::get_if<onnx::Tensor>(&value);
  if (!tensor)
    fail("output ", index, " is no tensor; only tensors can be written");
  data::Array array;
  array.type = arrayType(tensor->element());
  array.shape = tensor->shape();
  if (tensor->isText())
    array.texts = tensor->texts();
  else if (tensor->element() == ElementType::BF16)
    array.bytes = widenBfloats(tensor->bytes());
  else
    array.bytes.assign(tensor->bytes().begin(), tensor->bytes().end());
  return array;
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

  std::vector<data::Array> run(std::span<const data::Array> inputs) override {
    std::vector<onnx::Value> values;
    for (size_t i = 0; i < inputs.size(); ++i)
      values.push_back(
          toValue(inputs[i], graph.tensors[static_cast<size_t>(graph.inputs[i])].element));
    std::vector<data::Array> results;
    for (const onnx::Value &value : interpreter.run(values))
      results.push_back(toArray(value, results.size()));
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
