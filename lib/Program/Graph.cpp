//===- Graph.cpp - graphs to and from bytes -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Program/Graph.h"
#include "pim/Program/Graph_generated.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace pim::graph {

/// Constants start at multiples of this in a serialized graph.
constexpr size_t dataAlignment = 16;

bool Tensor::hasStaticShape() const {
  return !unranked &&
         std::all_of(shape.begin(), shape.end(), [](int64_t size) { return size >= 0; });
}

int64_t Tensor::elementCount() const {
  if (!hasStaticShape())
    return -1;
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

using Builder = flatbuffers::FlatBufferBuilder;

static flatbuffers::Offset<fb::GraphTensor> pack(Builder &builder, const Tensor &tensor) {
  flatbuffers::Offset<flatbuffers::Vector<uint8_t>> data = 0;
  if (tensor.isConstant()) {
    builder.ForceVectorAlignment(tensor.data.size(), 1, dataAlignment);
    data = builder.CreateVector(reinterpret_cast<const uint8_t *>(tensor.data.data()),
                                tensor.data.size());
  }
  auto name = builder.CreateString(tensor.name);
  auto shape = builder.CreateVector(tensor.shape);
  return fb::CreateGraphTensor(builder, name, fb::ElementType(tensor.element), shape, data,
                               tensor.unranked);
}

static flatbuffers::Offset<fb::Graph> pack(Builder &builder, const Graph &graph);

/// The items packed one by one; null if there are none.
template <typename T, typename Items, typename Pack>
static flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<T>>>
packList(Builder &builder, const Items &items, const Pack &packOne) {
  if (items.empty())
    return 0;
  std::vector<flatbuffers::Offset<T>> packed;
  for (const auto &item : items)
    packed.push_back(packOne(item));
  return builder.CreateVector(packed);
}

static flatbuffers::Offset<fb::GraphOp> pack(Builder &builder, const Op &op) {
  std::vector<flatbuffers::Offset<fb::GraphAttribute>> attributes;
  for (const auto &[key, value] : op.attributes) {
    auto name = builder.CreateString(key);
    auto ints = value.ints.empty() ? 0 : builder.CreateVector(value.ints);
    auto floats = value.floats.empty() ? 0 : builder.CreateVector(value.floats);
    auto text = value.text.empty() ? 0 : builder.CreateString(value.text);
    auto texts = packList<flatbuffers::String>(
        builder, value.texts, [&](const std::string &item) { return builder.CreateString(item); });
    auto tensors = packList<fb::GraphTensor>(
        builder, value.tensors, [&](const Tensor &item) { return pack(builder, item); });
    auto graphs =
        packList<fb::Graph>(builder, value.graphs, [&](const std::shared_ptr<Graph> &item) {
          return pack(builder, *item);
        });
    attributes.push_back(
        fb::CreateGraphAttribute(builder, name, ints, floats, text, texts, tensors, graphs));
  }
  auto code = builder.CreateString(op.code);
  auto name = builder.CreateString(op.name);
  auto inputs = builder.CreateVector(op.inputs);
  auto outputs = builder.CreateVector(op.outputs);
  return fb::CreateGraphOp(builder, code, name, inputs, outputs, builder.CreateVector(attributes));
}

/// Bytes that the constants of `graph` take, those of its sub-graphs included.
static size_t constantBytes(const Graph &graph) {
  size_t bytes = 0;
  auto add = [&](const std::vector<Tensor> &tensors) {
    for (const Tensor &tensor : tensors)
      bytes += tensor.data.size() + dataAlignment;
  };
  add(graph.tensors);
  for (const Op &op : graph.ops)
    for (const auto &[name, attribute] : op.attributes) {
      add(attribute.tensors);
      for (const std::shared_ptr<Graph> &body : attribute.graphs)
        bytes += constantBytes(*body);
    }
  return bytes;
}

static flatbuffers::Offset<fb::Graph> pack(Builder &builder, const Graph &graph) {
  std::vector<flatbuffers::Offset<fb::GraphTensor>> tensors;
  for (const Tensor &tensor : graph.tensors)
    tensors.push_back(pack(builder, tensor));
  std::vector<flatbuffers::Offset<fb::GraphOp>> ops;
  for (const Op &op : graph.ops)
    ops.push_back(pack(builder, op));
  auto name = builder.CreateString(graph.name);
  auto tensorVector = builder.CreateVector(tensors);
  auto opVector = builder.CreateVector(ops);
  auto inputs = builder.CreateVector(graph.inputs);
  auto outputs = builder.CreateVector(graph.outputs);
  return fb::CreateGraph(builder, name, tensorVector, opVector, inputs, outputs);
}

std::vector<std::byte> serialize(const Graph &graph) {
  size_t dataBytes = constantBytes(graph);
  if (dataBytes > (size_t(1) << 30))
    fail("graph '", graph.name, "' has ", dataBytes,
         " bytes of constants, more than a program can hold (1 GB)");
  Builder builder(dataBytes + 4096);
  fb::FinishGraphBuffer(builder, pack(builder, graph));
  auto bytes = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  return {bytes.begin(), bytes.end()};
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static std::string textOf(const flatbuffers::String *text) {
  return text ? text->str() : std::string();
}

/// Copied as bytes: in a hostile file the numbers may lie at odd addresses.
template <typename T> static std::vector<T> listOf(const flatbuffers::Vector<T> *list) {
  std::vector<T> result(list ? list->size() : 0);
  if (!result.empty())
    std::memcpy(result.data(), list->Data(), result.size() * sizeof(T));
  return result;
}

/// Bytes of a tensor of this shape, nothing if only the run says it; throws where that is no
/// sensible number.
static std::optional<size_t> checkedBytes(const Tensor &tensor) {
  if (tensor.unranked && !tensor.shape.empty())
    fail("tensor '", tensor.name, "' has a shape and no rank");
  uint64_t bytes = elementBytes(tensor.element);
  for (int64_t size : tensor.shape)
    if (size < -1 || __builtin_mul_overflow(bytes, uint64_t(std::max<int64_t>(size, 1)), &bytes) ||
        bytes > (uint64_t(1) << 40))
      fail("tensor '", tensor.name, "' has a dimension of ", size,
           ", negative or too large to be held");
  if (!tensor.hasStaticShape())
    return std::nullopt;
  return tensor.elementCount() == 0 ? 0 : bytes;
}

/// Fails unless the data of a STRING constant are as many texts as its shape says.
static void checkTexts(const Tensor &tensor) {
  std::span<const std::byte> rest = tensor.data;
  int64_t count = 0;
  while (!rest.empty()) {
    uint32_t length;
    if (rest.size() < sizeof length)
      fail("constant '", tensor.name, "' ends within the length of a text");
    std::memcpy(&length, rest.data(), sizeof length);
    if (rest.size() - sizeof length < length)
      fail("constant '", tensor.name, "' ends within a text");
    rest = rest.subspan(sizeof length + length);
    ++count;
  }
  if (count != tensor.elementCount())
    fail("constant '", tensor.name, "' has ", count, " texts, its shape needs ",
         tensor.elementCount());
}

static Tensor unpack(const fb::GraphTensor &packed) {
  Tensor tensor;
  tensor.name = textOf(packed.name());
  if (packed.element() < fb::ElementType::MIN || packed.element() > fb::ElementType::MAX)
    fail("tensor '", tensor.name, "' has unknown element type ", int(packed.element()));
  tensor.element = ElementType(packed.element());
  tensor.shape = listOf(packed.shape());
  tensor.unranked = packed.unranked();
  std::optional<size_t> bytes = checkedBytes(tensor);
  const auto *data = packed.data();
  if (!data)
    return tensor;
  if (!bytes)
    fail("constant '", tensor.name, "' has no static shape");
  tensor.data = std::as_bytes(std::span(data->data(), data->size()));
  if (tensor.element == ElementType::STRING)
    checkTexts(tensor);
  else if (tensor.data.size() != *bytes)
    fail("constant '", tensor.name, "' has ", tensor.data.size(), " bytes, its shape needs ",
         *bytes);
  // Only in files that others made: ours are aligned for every element type.
  if (reinterpret_cast<uintptr_t>(tensor.data.data()) % elementBytes(tensor.element) != 0) {
    tensor.storage =
        std::make_shared<std::vector<std::byte>>(tensor.data.begin(), tensor.data.end());
    tensor.data = *tensor.storage;
  }
  return tensor;
}

static Graph unpack(const fb::Graph &packed);

static Attribute unpack(const fb::GraphAttribute &packed) {
  Attribute attribute{listOf(packed.ints()), listOf(packed.floats()), textOf(packed.text())};
  if (packed.texts())
    for (const flatbuffers::String *text : *packed.texts())
      attribute.texts.push_back(text->str());
  if (packed.tensors())
    for (const fb::GraphTensor *tensor : *packed.tensors())
      attribute.tensors.push_back(unpack(*tensor));
  // FlatBuffers bounds the depth of what it verifies, and with it that of this recursion.
  if (packed.graphs())
    for (const fb::Graph *body : *packed.graphs())
      attribute.graphs.push_back(std::make_shared<Graph>(unpack(*body)));
  return attribute;
}

static Op unpack(const fb::GraphOp &packed) {
  Op op;
  op.code = packed.code()->str();
  op.name = textOf(packed.name());
  op.inputs = listOf(packed.inputs());
  op.outputs = listOf(packed.outputs());
  if (const auto *attributes = packed.attributes())
    for (const fb::GraphAttribute *attribute : *attributes)
      if (!op.attributes.emplace(attribute->name()->str(), unpack(*attribute)).second)
        fail("op '", op.name, "' lists attribute '", attribute->name()->str(), "' twice");
  return op;
}

/// Checks that every index names a tensor and every value is made once, before it is used.
static void checkOrder(const Graph &graph) {
  std::vector<bool> made(graph.tensors.size()), usable(graph.tensors.size());
  for (size_t i = 0; i < graph.tensors.size(); ++i) {
    made[i] = graph.tensors[i].isConstant();
    // A constant of no elements has no data.
    usable[i] = made[i] || graph.tensors[i].elementCount() == 0;
  }
  auto checkIndex = [&](int index, const std::string &user) {
    if (index < 0 || size_t(index) >= graph.tensors.size())
      fail(user, " refers to tensor ", index, " of ", graph.tensors.size());
  };
  auto use = [&](int index, const std::string &user) {
    checkIndex(index, user);
    if (!usable[index])
      fail(user, " uses tensor ", index, " '", graph.tensors[index].name, "' before it is made");
  };
  auto make = [&](int index, const std::string &maker) {
    checkIndex(index, maker);
    if (made[index])
      fail(maker, " makes tensor ", index, " '", graph.tensors[index].name, "' a second time");
    made[index] = usable[index] = true;
  };
  for (int index : graph.inputs)
    make(index, "the list of inputs");
  for (const Op &op : graph.ops) {
    std::string label = op.code + " '" + op.name + "'";
    auto checkStatic = [&](int index) {
      if (!op.isONNX() && !graph.tensors[index].hasStaticShape())
        fail(label, " needs static shapes: tensor '", graph.tensors[index].name,
             "' has a dimension of -1 or no rank");
    };
    for (int index : op.inputs)
      if (index != -1 || !op.isONNX()) {
        use(index, label);
        checkStatic(index);
      }
    for (int index : op.outputs)
      if (index != -1 || !op.isONNX()) {
        make(index, label);
        checkStatic(index);
      }
  }
  for (int index : graph.outputs)
    use(index, "the list of outputs");
}

static Graph unpack(const fb::Graph &packed) {
  Graph graph;
  graph.name = textOf(packed.name());
  if (packed.tensors())
    for (const fb::GraphTensor *tensor : *packed.tensors())
      graph.tensors.push_back(unpack(*tensor));
  if (packed.ops())
    for (const fb::GraphOp *op : *packed.ops())
      graph.ops.push_back(unpack(*op));
  graph.inputs = listOf(packed.inputs());
  graph.outputs = listOf(packed.outputs());
  checkOrder(graph);
  return graph;
}

static Graph unpackGraph(std::span<const std::byte> bytes) {
  const auto *data = reinterpret_cast<const uint8_t *>(bytes.data());
  flatbuffers::Verifier verifier(data, bytes.size());
  // Below this size even looking for the identifier reads outside.
  if (bytes.size() < 16 || !fb::VerifyGraphBuffer(verifier))
    fail("is no valid FlatBuffer of a graph");
  return unpack(*fb::GetGraph(data));
}

/// Has the constants of `graph` and its sub-graphs, which borrow from `bytes`, keep them alive.
static void shareOwnership(Graph &graph, const std::shared_ptr<std::vector<std::byte>> &bytes) {
  auto share = [&](std::vector<Tensor> &tensors) {
    for (Tensor &tensor : tensors)
      if (tensor.isConstant() && !tensor.storage)
        tensor.storage = bytes;
  };
  share(graph.tensors);
  for (Op &op : graph.ops)
    for (auto &[name, attribute] : op.attributes) {
      share(attribute.tensors);
      for (std::shared_ptr<Graph> &body : attribute.graphs)
        shareOwnership(*body, bytes);
    }
}

Graph deserialize(std::shared_ptr<std::vector<std::byte>> bytes) {
  Graph graph = unpackGraph(*bytes);
  shareOwnership(graph, bytes);
  return graph;
}

Graph deserialize(std::span<const std::byte> bytes) {
  if (reinterpret_cast<uintptr_t>(bytes.data()) % sizeof(uint64_t) == 0)
    return unpackGraph(bytes);
  // FlatBuffers reads in place; what lies in an odd place is read from a copy, which the allocator
  // aligns.
  return deserialize(std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end()));
}

} // namespace pim::graph
