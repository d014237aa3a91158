//===- VectorCheck.cpp - vectors of a hostile header ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorCheck.h"
#include "pim/Support/Error.h"

#include <type_traits>

namespace pim::program {

namespace {

/// Adds up what unpacking a program copies. Tables themselves are bounded by the limit of the
/// FlatBuffers verifier.
class Weigher {
public:
  explicit Weigher(size_t limit) : limit(limit) {}

  template <typename T> void vector(const flatbuffers::Vector<T> *v) {
    if (!v)
      return;
    // Vectors of structs are typed by a pointer to what they hold.
    using Element = std::remove_cv_t<std::remove_pointer_t<T>>;
    if (reinterpret_cast<uintptr_t>(v->Data()) % alignof(Element) != 0)
      fail("is damaged: its header has numbers at odd places");
    add(size_t(v->size()) * sizeof(Element));
  }
  void text(const flatbuffers::String *s) {
    if (s)
      add(s->size());
  }
  template <typename T, typename Visit>
  void tables(const flatbuffers::Vector<flatbuffers::Offset<T>> *v, Visit visit) {
    vector(v);
    if (v)
      for (const T *table : *v)
        visit(*table);
  }

  void descriptor(const fb::TensorDescriptor &tensor) {
    vector(tensor.sizes());
    vector(tensor.strides());
  }
  void group(const fb::ArrayGroup &group) {
    vector(group.slices());
    vector(group.neurons());
    vector(group.feedback_ohm());
    tables(group.tiles(), [this](const fb::Tile &tile) {
      vector(tile.rows());
      vector(tile.outputs());
      vector(tile.delays());
      vector(tile.signs());
    });
  }
  void core(const fb::Core &core) {
    tables(core.tensors(), [this](const auto &tensor) { descriptor(tensor); });
    vector(core.windows());
    tables(core.groups(), [this](const auto &entry) { group(entry); });
    tables(core.requantize(), [this](const fb::Requantize &entry) {
      vector(entry.bias());
      vector(entry.multiplier());
      vector(entry.shift());
    });
    tables(core.lookups(), [this](const fb::Lookup &entry) { vector(entry.entries()); });
  }
  void port(const fb::Port &port) {
    text(port.name());
    vector(port.shape());
    vector(port.permutation());
  }
  void call(const fb::HostCall &call) {
    text(call.name());
    vector(call.graph());
    vector(call.inputs());
    vector(call.outputs());
  }
  void layer(const fb::Layer &layer) {
    text(layer.name());
    text(layer.op());
    vector(layer.spans());
    text(layer.reference());
    text(layer.mapping());
  }

private:
  void add(size_t bytes) {
    total += bytes;
    if (total > limit)
      fail("is damaged: its header refers to the same data again and again");
  }

  size_t limit;
  size_t total = 0;
};

} // namespace

void checkVectors(const fb::Program &program, size_t headerBytes) {
  Weigher weigher(headerBytes);
  weigher.text(program.generator());
  if (const fb::ModelInfo *model = program.model()) {
    weigher.text(model->name());
    weigher.text(model->opset());
  }
  weigher.tables(program.target(), [&](const fb::TargetParameter &parameter) {
    weigher.text(parameter.key());
    weigher.text(parameter.value());
  });
  if (const fb::Preprocess *preprocess = program.preprocess()) {
    weigher.vector(preprocess->mean());
    weigher.vector(preprocess->std());
    weigher.text(preprocess->layout());
  }
  weigher.tables(program.inputs(), [&](const auto &port) { weigher.port(port); });
  weigher.tables(program.outputs(), [&](const auto &port) { weigher.port(port); });
  weigher.tables(program.cores(), [&](const auto &core) { weigher.core(core); });
  weigher.tables(program.tensors(), [&](const auto &tensor) { weigher.descriptor(tensor); });
  weigher.tables(program.host_calls(), [&](const auto &call) { weigher.call(call); });
  weigher.vector(program.memory_images());
  weigher.tables(program.layers(), [&](const auto &layer) { weigher.layer(layer); });
  weigher.tables(program.segments(),
                 [&](const fb::Segment &segment) { weigher.text(segment.name()); });
}

} // namespace pim::program
