//===- Sequences.cpp - sequences and optionals ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

using namespace pim;
using namespace pim::onnx;

static void sequenceEmpty(Call &call) { call.set(0, Sequence()); }

static void sequenceConstruct(Call &call) {
  Sequence sequence;
  for (size_t i = 0; i < call.inputCount(); ++i)
    sequence.push_back(call.in(i));
  call.set(0, sequence);
}

/// A position that counts from the end if it is negative; fails unless it is below `limit`.
static int64_t position(const Call &call, int64_t at, int64_t size, int64_t limit) {
  call.require(at >= -size && at < limit, "position ", at, " lies outside of ", size, " tensors");
  return at < 0 ? at + size : at;
}

static void sequenceAt(Call &call) {
  const Sequence &sequence = call.sequence(0);
  int64_t size = int64_t(sequence.size());
  call.set(0, sequence[size_t(position(call, call.integerInput(1, 0), size, size))]);
}

/// Without a position, at the end.
static void sequenceInsert(Call &call) {
  Sequence sequence = call.sequence(0);
  int64_t size = int64_t(sequence.size());
  int64_t at = position(call, call.integerInput(2, size), size, size + 1);
  sequence.insert(sequence.begin() + at, call.in(1));
  call.set(0, sequence);
}

static void sequenceErase(Call &call) {
  Sequence sequence = call.sequence(0);
  int64_t size = int64_t(sequence.size());
  sequence.erase(sequence.begin() + position(call, call.integerInput(1, -1), size, size));
  call.set(0, sequence);
}

static void sequenceLength(Call &call) {
  call.out(0, ElementType::I64, {}).data<int64_t>()[0] = int64_t(call.sequence(0).size());
}

/// Parts along an axis: of the sizes in operand 1, of the one size there, or of one element each.
static void splitToSequence(Call &call) {
  const Tensor &in = call.in(0);
  int64_t axis = call.axis(call.integer("axis", 0), in.rank());
  AxisView view(in.shape(), axis);
  bool keep = call.has(1) || call.integer("keepdims", 1);
  std::vector<int64_t> sizes;
  if (call.has(1) && call.in(1).rank() > 0) {
    sizes = call.ints(1);
  } else {
    int64_t each = call.integerInput(1, 1);
    call.require(each > 0, "splits into parts of ", each);
    for (int64_t start = 0; start < view.size; start += std::min(each, view.size - start))
      sizes.push_back(std::min(each, view.size - start));
  }
  Sequence sequence;
  int64_t start = 0;
  for (int64_t size : sizes) {
    call.require(size >= 0 && size <= view.size - start, "the parts do not cover ", view.size);
    Shape shape = in.shape();
    shape[axis] = size;
    Tensor part(in.element(), shape);
    for (int64_t o = 0; o < view.outer; ++o)
      copyElements(in, (o * view.size + start) * view.inner, part, o * size * view.inner,
                   size * view.inner);
    if (!keep)
      shape.erase(shape.begin() + axis);
    sequence.push_back(part.reshaped(shape));
    start += size;
  }
  call.require(start == view.size, "the parts cover ", start, " of ", view.size);
  call.set(0, sequence);
}

/// Joined along an axis, or along a new one.
static void concatFromSequence(Call &call) {
  const Sequence &sequence = call.sequence(0);
  call.require(!sequence.empty(), "joins no tensors");
  bool fresh = call.integer("new_axis", 0);
  int64_t rank = sequence[0].rank();
  int64_t axis = call.axis(call.integer("axis", 0), rank + fresh);
  std::vector<Tensor> parts;
  for (const Tensor &each : sequence) {
    Shape shape = each.shape();
    call.require(each.rank() == rank && each.element() == sequence[0].element(),
                 "the tensors differ in rank or type");
    if (fresh)
      shape.insert(shape.begin() + axis, 1);
    parts.push_back(each.reshaped(shape));
  }
  call.set(0, concatenated(call, parts, axis));
}

/// Runs the body on the tensors at each position; operands that are tensors are the same for all.
static void sequenceMap(Call &call) {
  size_t length = call.sequence(0).size();
  const graph::Graph &body = call.body("body");
  call.require(body.inputs.size() == call.inputCount() && body.outputs.size() >= call.outputCount(),
               "the body does not fit the operands");
  std::vector<Sequence> results(call.outputCount());
  for (size_t i = 0; i < length; ++i) {
    std::vector<Value> values;
    for (size_t j = 0; j < call.inputCount(); ++j) {
      const auto *sequence = std::get_if<Sequence>(&call.value(j));
      call.require(!sequence || sequence->size() == length, "sequences differ in length");
      values.push_back(sequence ? Value((*sequence)[i]) : call.value(j));
    }
    std::vector<Value> given = call.runGraph("body", values);
    for (size_t j = 0; j < results.size(); ++j) {
      const auto *tensor = std::get_if<Tensor>(&given[j]);
      call.require(tensor != nullptr, "the body gives no tensor");
      results[j].push_back(*tensor);
    }
  }
  for (size_t j = 0; j < results.size(); ++j)
    call.set(j, results[j]);
}

static void optional(Call &call) {
  if (call.has(0))
    call.set(0, call.value(0));
}

static void optionalHasElement(Call &call) {
  call.out(0, ElementType::I1, {}).data<uint8_t>()[0] = call.has(0);
}

static void optionalGetElement(Call &call) { call.set(0, call.value(0)); }

void pim::onnx::addSequences(Registry &registry) {
  registry.add("ConcatFromSequence", concatFromSequence, 11);
  registry.add("Optional", optional, 15);
  registry.add("OptionalGetElement", optionalGetElement, 15);
  registry.add("OptionalHasElement", optionalHasElement, 15);
  registry.add("SequenceAt", sequenceAt, 11);
  registry.add("SequenceConstruct", sequenceConstruct, 11);
  registry.add("SequenceEmpty", sequenceEmpty, 11);
  registry.add("SequenceErase", sequenceErase, 11);
  registry.add("SequenceInsert", sequenceInsert, 11);
  registry.add("SequenceLength", sequenceLength, 11);
  registry.add("SequenceMap", sequenceMap, 17);
  registry.add("SplitToSequence", splitToSequence, 11);
}
