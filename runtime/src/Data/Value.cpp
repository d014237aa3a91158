//===- Value.cpp - sequences and optionals in data files ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Data/Value.h"

#include "Formats.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"

#include <climits>
#include <onnx/onnx_pb.h>

#include <onnx/onnx-data.pb.h>

using namespace pim;
using namespace pim::data;

/// Whether `content` is a message of this type.
template <typename Message> static bool parses(Bytes content, Message &message) {
  return content.size() <= INT_MAX &&
         message.ParseFromArray(content.data(), static_cast<int>(content.size()));
}

static Array toArray(const onnx::TensorProto &tensor, const std::string &path) {
  std::string bytes = tensor.SerializeAsString();
  std::optional<NamedArray> array = parseTensorProto(std::as_bytes(std::span(bytes)), path);
  if (!array)
    fail(path, ": holds a tensor without an element type");
  return std::move(array->array);
}

static std::vector<Array> toArrays(const onnx::SequenceProto &sequence, const std::string &path) {
  using Sequence = onnx::SequenceProto;
  if (sequence.elem_type() != Sequence::TENSOR && sequence.elem_type() != Sequence::UNDEFINED)
    fail(path, ": holds a sequence of other things than tensors, which is not supported");
  std::vector<Array> arrays;
  for (const onnx::TensorProto &tensor : sequence.tensor_values())
    arrays.push_back(toArray(tensor, path));
  return arrays;
}

Value pim::data::loadSequence(const std::string &path, bool isOptional) {
  return parseSequence(readBytes(path), path, isOptional);
}

Value pim::data::parseSequence(Bytes content, const std::string &path, bool isOptional) {
  std::vector<std::byte> expanded;
  if (isGzip(content))
    content = expanded = gunzip(content, path);
  if (isZip(content)) {
    std::vector<Array> arrays;
    for (NamedArray &named : parseNpz(content, path))
      arrays.push_back(std::move(named.array));
    return arrays;
  }
  onnx::OptionalProto optional;
  if (isOptional && parses(content, optional)) {
    if (optional.elem_type() == onnx::OptionalProto::SEQUENCE && optional.has_sequence_value())
      return toArrays(optional.sequence_value(), path);
    if (optional.elem_type() == onnx::OptionalProto::UNDEFINED)
      return {};
  }
  onnx::SequenceProto sequence;
  if (!parses(content, sequence))
    fail(path, ": format is not recognised, expected a sequence: .npz or an ONNX SequenceProto");
  return toArrays(sequence, path);
}

Value pim::data::loadOptional(const std::string &path) {
  return parseOptional(readBytes(path), path);
}

Value pim::data::parseOptional(Bytes content, const std::string &path) {
  std::vector<std::byte> expanded;
  if (isGzip(content))
    content = expanded = gunzip(content, path);
  onnx::OptionalProto optional;
  if (!isNpy(content) && !isZip(content) && parses(content, optional)) {
    // An optional's tensor is the field that in a tensor says of segments, which none has here.
    if (optional.elem_type() == onnx::OptionalProto::TENSOR && optional.has_tensor_value())
      return toArray(optional.tensor_value(), path);
    if (optional.elem_type() == onnx::OptionalProto::UNDEFINED)
      return {};
  }
  Dataset dataset = parse(content, path);
  if (dataset.arrays.size() != 1)
    fail(path, ": holds ", dataset.arrays.size(), " arrays, expected one or none");
  return std::move(dataset.arrays.front().array);
}

std::vector<NamedArray> pim::data::toNamedArrays(Value value, const std::string &name) {
  std::vector<NamedArray> arrays;
  if (auto *array = std::get_if<Array>(&value))
    arrays.push_back({name, std::move(*array)});
  if (auto *sequence = std::get_if<std::vector<Array>>(&value))
    for (Array &array : *sequence)
      arrays.push_back({name + "." + std::to_string(arrays.size()), std::move(array)});
  return arrays;
}
