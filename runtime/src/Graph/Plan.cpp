//===- Plan.cpp - a checked graph and its memory --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Plan.h"

#include <algorithm>
#include <cstring>
#include <new>

using namespace pim;
using namespace pim::graph;

static constexpr size_t alignment = 64;

void Plan::AlignedDelete::operator()(std::byte *memory) const {
  ::operator delete[](memory, std::align_val_t(alignment));
}

Plan::Plan(const Graph &graph, const Prepare &prepare, bool keepTensors)
    : given(graph), source(alignConstants(graph)) {
  checkTensors();
  checkOrder();
  for (const Op &op : source.ops)
    nodes.push_back({prepare(Binding(source, op)), {}, {}});
  placeTensors(keepTensors);
}

/// Constants of a deserialized graph may lie at any address, but kernels read whole elements in
/// place. The copy of the graph borrows all other constants.
Graph Plan::alignConstants(const Graph &graph) {
  Graph aligned = graph;
  for (Tensor &tensor : aligned.tensors)
    if (reinterpret_cast<uintptr_t>(tensor.data.data()) % elementBytes(tensor.element)) {
      tensor.storage =
          std::make_shared<std::vector<std::byte>>(tensor.data.begin(), tensor.data.end());
      tensor.data = *tensor.storage;
    }
  return aligned;
}

/// Fails unless every tensor has a size that can be computed, and constants have it.
void Plan::checkTensors() {
  // Half of what an address can reach, so that sums of sizes and offsets do not overflow.
  constexpr int64_t limit = int64_t(1) << 46;
  for (const Tensor &tensor : source.tensors) {
    int64_t size = static_cast<int64_t>(elementBytes(tensor.element));
    for (int64_t dimension : tensor.shape) {
      if (dimension < 0)
        pim::fail("tensor '", tensor.name, "' has the negative size ", dimension);
      if (__builtin_mul_overflow(size, dimension, &size) || size > limit)
        pim::fail("tensor '", tensor.name, "' of shape ", shapeText(tensor.shape), " is too large");
    }
    sizes.push_back(static_cast<size_t>(size));
    if (tensor.isConstant() && tensor.data.size() != sizes.back())
      pim::fail("constant '", tensor.name, "' has ", tensor.data.size(), " bytes, expected ",
                sizes.back(), " for shape ", shapeText(tensor.shape));
  }
}

/// Operators of ONNX may leave operands and results out.
static bool isAbsent(const Op &op, int index) { return op.isONNX() && index == -1; }

/// Fails unless every op uses values that are there and makes values that are not.
void Plan::checkOrder() const {
  std::vector<bool> made(source.tensors.size());
  auto check = [&](int index, const std::string &what) {
    if (index < 0 || static_cast<size_t>(index) >= source.tensors.size())
      pim::fail(what, " refers to tensor ", index, " of ", source.tensors.size());
  };
  for (size_t i = 0; i < source.tensors.size(); ++i)
    made[i] = source.tensors[i].isConstant();
  for (int index : source.inputs) {
    check(index, "an input of the graph");
    if (made[index])
      pim::fail("input '", source.tensors[index].name,
                "' of the graph is a constant or another input");
    made[index] = true;
  }
  for (const Op &op : source.ops) {
    std::string what = "op " + op.code + " of node '" + op.name + "'";
    for (int index : op.inputs) {
      if (isAbsent(op, index))
        continue;
      check(index, what);
      // A constant of no elements has no data.
      if (!made[index] && sizes[index] != 0)
        pim::fail(what, " uses tensor '", source.tensors[index].name, "' before it is made");
    }
    for (int index : op.outputs) {
      if (isAbsent(op, index))
        continue;
      check(index, what);
      if (made[index])
        pim::fail(what, " makes tensor '", source.tensors[index].name, "' a second time");
      made[index] = true;
    }
  }
  for (int index : source.outputs) {
    check(index, "an output of the graph");
    if (!made[index] && sizes[index] != 0)
      pim::fail("output '", source.tensors[index].name, "' of the graph is never made");
  }
}

namespace {

/// Hands out offsets in one block of memory, lowest fit first.
class Arena {
public:
  size_t take(size_t size) {
    for (size_t i = 0; i < free.size(); ++i) {
      auto &[offset, length] = free[i];
      if (length < size)
        continue;
      size_t result = offset;
      offset += size;
      length -= size;
      if (length == 0)
        free.erase(free.begin() + static_cast<std::ptrdiff_t>(i));
      return result;
    }
    size_t result = end;
    if (!free.empty() && free.back().first + free.back().second == end) {
      result = free.back().first;
      free.pop_back();
    }
    end = result + size;
    return result;
  }

  void give(size_t offset, size_t size) {
    if (size == 0)
      return;
    auto next = std::lower_bound(free.begin(), free.end(), std::pair(offset, size_t(0)));
    next = free.insert(next, {offset, size});
    if (auto after = next + 1; after != free.end() && offset + size == after->first) {
      next->second += after->second;
      free.erase(after);
    }
    if (next != free.begin()) {
      auto before = next - 1;
      if (before->first + before->second == offset) {
        before->second += next->second;
        free.erase(next);
      }
    }
  }

  size_t size() const { return end; }

private:
  std::vector<std::pair<size_t, size_t>> free; ///< offset and size, by offset, never adjacent
  size_t end = 0;
};

} // namespace

void Plan::placeTensors(bool keepTensors) {
  size_t count = source.tensors.size();
  kept.assign(count, keepTensors);
  for (int index : source.inputs)
    kept[index] = true;
  for (int index : source.outputs)
    kept[index] = true;
  std::vector<size_t> lastUse(count, 0);
  for (size_t i = 0; i < source.ops.size(); ++i) {
    for (int index : source.ops[i].inputs)
      if (index >= 0)
        lastUse[index] = i;
    for (int index : source.ops[i].outputs)
      if (index >= 0)
        lastUse[index] = i;
  }
  for (size_t i = 0; i < count; ++i)
    kept[i] = kept[i] || source.tensors[i].isConstant();

  auto padded = [&](int index) { return (sizes[index] + alignment - 1) / alignment * alignment; };
  Arena space;
  std::vector<size_t> offsets(count, 0);
  std::vector<bool> released(count);
  for (int index : source.inputs)
    offsets[index] = space.take(padded(index));
  for (size_t i = 0; i < source.ops.size(); ++i) {
    for (int index : source.ops[i].outputs)
      if (index >= 0)
        offsets[index] = space.take(padded(index));
    auto release = [&](int index) {
      if (index < 0 || kept[index] || lastUse[index] != i || released[index])
        return;
      released[index] = true;
      space.give(offsets[index], padded(index));
    };
    std::for_each(source.ops[i].inputs.begin(), source.ops[i].inputs.end(), release);
    std::for_each(source.ops[i].outputs.begin(), source.ops[i].outputs.end(), release);
  }

  // Never null, so that empty tensors have an address too.
  size_t total = std::max(space.size(), alignment);
  try {
    arena.reset(static_cast<std::byte *>(::operator new[](total, std::align_val_t(alignment))));
  } catch (const std::bad_alloc &) {
    pim::fail("graph '", source.name, "' needs ", total,
              " bytes for its values, which memory does not hold");
  }
  memory.assign(count, nullptr);
  for (size_t i = 0; i < count; ++i)
    memory[i] = arena.get() + offsets[i];
  for (size_t i = 0; i < source.ops.size(); ++i) {
    for (int index : source.ops[i].inputs)
      nodes[i].inputs.push_back(index < 0 ? nullptr
                                : source.tensors[index].isConstant()
                                    ? source.tensors[index].data.data()
                                    : memory[index]);
    for (int index : source.ops[i].outputs)
      nodes[i].outputs.push_back(index < 0 ? nullptr : memory[index]);
  }
}

std::vector<TensorView> Plan::run(std::span<const std::span<const std::byte>> inputs,
                                  const Observer &observer) {
  if (inputs.size() != source.inputs.size())
    pim::fail("graph '", source.name, "' was given ", inputs.size(), " inputs, expected ",
              source.inputs.size());
  auto view = [&](int index) {
    return TensorView{
        source.tensors[index].element, source.tensors[index].shape, {memory[index], sizes[index]}};
  };
  for (size_t i = 0; i < inputs.size(); ++i) {
    int index = source.inputs[i];
    if (inputs[i].size() != sizes[index])
      pim::fail("input '", source.tensors[index].name, "' was given ", inputs[i].size(),
                " bytes, expected ", sizes[index]);
    if (sizes[index])
      std::memcpy(memory[index], inputs[i].data(), sizes[index]);
    if (observer)
      observer(index, view(index));
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    nodes[i].step({nodes[i].inputs, nodes[i].outputs});
    if (observer)
      for (int index : source.ops[i].outputs)
        if (index >= 0)
          observer(index, view(index));
  }
  std::vector<TensorView> outputs;
  for (int index : source.outputs)
    outputs.push_back(tensor(index));
  return outputs;
}

TensorView Plan::tensor(int index) const {
  if (index < 0 || static_cast<size_t>(index) >= source.tensors.size() || !kept[index])
    pim::fail("tensor ", index, " of graph '", source.name, "' is not kept");
  const Tensor &tensor = source.tensors[index];
  if (tensor.isConstant())
    return {tensor.element, tensor.shape, tensor.data};
  return {tensor.element, tensor.shape, {memory[index], sizes[index]}};
}
