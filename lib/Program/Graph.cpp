//===- Graph.cpp - graphs to and from bytes -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Program/Graph.h"
#include "pim/Program/Graph_generated.h"
#include "pim/Support/Error.h"

#include <cstring>

namespace pim {

static_assert(int(ElementType::F32) == int(fb::ElementType::F32) &&
                  int(ElementType::I64) == int(fb::ElementType::I64),
              "both enumerations list the same types");

size_t elementBytes(ElementType type) {
  switch (type) {
  case ElementType::I1:
  case ElementType::I8:
    return 1;
  case ElementType::I16:
    return 2;
  case ElementType::I32:
  case ElementType::F32:
    return 4;
  case ElementType::I64:
    return 8;
  }
  fail("unknown element type ", int(type));
}

const char *elementName(ElementType type) {
  switch (type) {
  case ElementType::I1:
    return "i1";
  case ElementType::I8:
    return "i8";
  case ElementType::I16:
    return "i16";
  case ElementType::I32:
    return "i32";
  case ElementType::I64:
    return "i64";
  case ElementType::F32:
    return "f32";
  }
  fail("unknown element type ", int(type));
}

namespace graph {

/// Constants start at multiples of this in a serialized graph.
constexpr size_t dataAlignment = 16;

int64_t Tensor::elementCount() const {
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
  return fb::CreateGraphTensor(builder, name, fb::ElementType(tensor.element), shape, data);
}

static flatbuffers::Offset<fb::GraphOp> pack(Builder &builder, const Op &op) {
  std::vector<flatbuffers::Offset<fb::GraphAttribute>> attributes;
  for (const auto &[key, value] : op.attributes) {
    auto name = builder.CreateString(key);
    auto ints = value.ints.empty() ? 0 : builder.CreateVector(value.ints);
    auto floats = value.floats.empty() ? 0 : builder.CreateVector(value.floats);
    auto text = value.text.empty() ? 0 : builder.CreateString(value.text);
    attributes.push_back(fb::CreateGraphAttribute(builder, name, ints, floats, text));
  }
  auto code = builder.CreateString(op.code);
  auto name = builder.CreateString(op.name);
  auto inputs = builder.CreateVector(op.inputs);
  auto outputs = builder.CreateVector(op.outputs);
  return fb::CreateGraphOp(builder, code, name, inputs, outputs, builder.CreateVector(attributes));
}

std::vector<std::byte> serialize(const Graph &graph) {
  size_t dataBytes = 0;
  for (const Tensor &tensor : graph.tensors)
    dataBytes += tensor.data.size() + dataAlignment;
  if (dataBytes > (size_t(1) << 30))
    fail("graph '", graph.name, "' has ", dataBytes,
         " bytes of constants, more than a program can hold (1 GB)");
  Builder builder(dataBytes + 4096);
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
  fb::FinishGraphBuffer(builder,
                        fb::CreateGraph(builder, name, tensorVector, opVector, inputs, outputs));
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

/// Bytes of a tensor of this shape; throws where that is no sensible number.
static size_t checkedBytes(const Tensor &tensor) {
  uint64_t bytes = elementBytes(tensor.element);
  for (int64_t size : tensor.shape)
    if (size < 0 || __builtin_mul_overflow(bytes, uint64_t(size), &bytes) ||
        bytes > (uint64_t(1) << 40))
      fail("tensor '", tensor.name, "' has a dimension of ", size,
           ", negative or too large to be held");
  return bytes;
}

static Tensor unpack(const fb::GraphTensor &packed) {
  Tensor tensor;
  tensor.name = textOf(packed.name());
  if (packed.element() < fb::ElementType::MIN || packed.element() > fb::ElementType::MAX)
    fail("tensor '", tensor.name, "' has unknown element type ", int(packed.element()));
  tensor.element = ElementType(packed.element());
  tensor.shape = listOf(packed.shape());
  size_t bytes = checkedBytes(tensor);
  const auto *data = packed.data();
  if (!data)
    return tensor;
  tensor.data = std::as_bytes(std::span(data->data(), data->size()));
  if (tensor.data.size() != bytes)
    fail("constant '", tensor.name, "' has ", tensor.data.size(), " bytes, its shape needs ",
         bytes);
  // Only in files that others made: ours are aligned for every element type.
  if (reinterpret_cast<uintptr_t>(tensor.data.data()) % elementBytes(tensor.element) != 0) {
    tensor.storage =
        std::make_shared<std::vector<std::byte>>(tensor.data.begin(), tensor.data.end());
    tensor.data = *tensor.storage;
  }
  return tensor;
}

static Op unpack(const fb::GraphOp &packed) {
  Op op;
  op.code = packed.code()->str();
  op.name = textOf(packed.name());
  op.inputs = listOf(packed.inputs());
  op.outputs = listOf(packed.outputs());
  if (const auto *attributes = packed.attributes())
    for (const fb::GraphAttribute *attribute : *attributes) {
      Attribute value{listOf(attribute->ints()), listOf(attribute->floats()),
                      textOf(attribute->text())};
      if (!op.attributes.emplace(attribute->name()->str(), std::move(value)).second)
        fail("op '", op.name, "' lists attribute '", attribute->name()->str(), "' twice");
    }
  return op;
}

/// Checks that every index names a tensor and every value is made once, before it is used.
static void checkOrder(const Graph &graph) {
  std::vector<bool> made(graph.tensors.size());
  for (size_t i = 0; i < graph.tensors.size(); ++i)
    made[i] = graph.tensors[i].isConstant() || graph.tensors[i].elementCount() == 0;
  auto checkIndex = [&](int index, const std::string &user) {
    if (index < 0 || size_t(index) >= graph.tensors.size())
      fail(user, " refers to tensor ", index, " of ", graph.tensors.size());
  };
  auto use = [&](int index, const std::string &user) {
    checkIndex(index, user);
    if (!made[index])
      fail(user, " uses tensor ", index, " '", graph.tensors[index].name, "' before it is made");
  };
  auto make = [&](int index, const std::string &maker) {
    checkIndex(index, maker);
    if (made[index])
      fail(maker, " makes tensor ", index, " '", graph.tensors[index].name, "' a second time");
    made[index] = true;
  };
  for (int index : graph.inputs)
    make(index, "the list of inputs");
  for (const Op &op : graph.ops) {
    std::string label = op.code + " '" + op.name + "'";
    for (int index : op.inputs)
      use(index, label);
    for (int index : op.outputs)
      make(index, label);
  }
  for (int index : graph.outputs)
    use(index, "the list of outputs");
}

static Graph unpackGraph(std::span<const std::byte> bytes) {
  const auto *data = reinterpret_cast<const uint8_t *>(bytes.data());
  flatbuffers::Verifier verifier(data, bytes.size());
  // Below this size even looking for the identifier reads outside.
  if (bytes.size() < 16 || !fb::VerifyGraphBuffer(verifier))
    fail("is no valid FlatBuffer of a graph");
  const fb::Graph *packed = fb::GetGraph(data);
  Graph graph;
  graph.name = textOf(packed->name());
  if (packed->tensors())
    for (const fb::GraphTensor *tensor : *packed->tensors())
      graph.tensors.push_back(unpack(*tensor));
  if (packed->ops())
    for (const fb::GraphOp *op : *packed->ops())
      graph.ops.push_back(unpack(*op));
  graph.inputs = listOf(packed->inputs());
  graph.outputs = listOf(packed->outputs());
  checkOrder(graph);
  return graph;
}

Graph deserialize(std::span<const std::byte> bytes) {
  if (reinterpret_cast<uintptr_t>(bytes.data()) % sizeof(uint64_t) == 0)
    return unpackGraph(bytes);
  // FlatBuffers reads in place; what lies in an odd place is read from a copy that the constants
  // then own.
  std::vector<uint64_t> aligned(bytes.size() / sizeof(uint64_t) + 2);
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  Graph graph = unpackGraph(std::as_bytes(std::span(aligned)).first(bytes.size()));
  for (Tensor &tensor : graph.tensors)
    if (tensor.isConstant() && !tensor.storage) {
      tensor.storage =
          std::make_shared<std::vector<std::byte>>(tensor.data.begin(), tensor.data.end());
      tensor.data = *tensor.storage;
    }
  return graph;
}

} // namespace graph
} // namespace pim
